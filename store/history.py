"""One referral's whole story: the slip, what was read and corrected, what was promised, and who did what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.edits import Correction
from schemas.errors import UsageError
from schemas.followup import FollowUpKind, FollowUpState
from schemas.letter import LetterState
from schemas.reading import SlipReading
from schemas.referral import Referral
from store import audit
from store.database import Store
from store.directory.offices import with_office
from store.review import history
from store.tables import file, follow_up, outbox, referral, slip


class Promise(Value):
    """One follow-up of the referral, and what became of it."""

    id: int
    kind: FollowUpKind
    cycle: int
    due: date
    state: FollowUpState
    settled_by: str | None
    settled_at: datetime | None
    note: str | None


class StoryLetter(Value):
    """One letter of the referral in the outbox."""

    id: int
    kind: str
    state: LetterState
    written_at: datetime
    batch_id: int | None


class Story(Value):
    """All of it. `corrections` is oldest first, `acts` the audit's lines about it, oldest first."""

    id: int
    slip_id: int
    file_id: int
    page: int
    received_on: date
    accepted_on: date
    accepted_at: datetime
    accepted_by: str
    office_name: str | None
    record: Referral
    reading: SlipReading
    promises: tuple[Promise, ...]
    letters: tuple[StoryLetter, ...]
    corrections: tuple[Correction, ...]
    acts: tuple[Mapping[str, object], ...]


def story(store: Store, referral_id: int, who: str) -> Story:
    """The story of a referral; that it was looked at is part of it. Raises UsageError when there is none."""
    columns = referral.c["id", "slip_id", "accepted_on", "accepted_at", "accepted_by", "record"]
    told = sa.select(*columns, *slip.c["file_id", "page", "reading"], file.c.received_on)
    base = referral.join(slip, slip.c.id == referral.c.slip_id).join(file, file.c.id == slip.c.file_id)
    query = with_office(told, base, referral.c.office_id).where(referral.c.id == referral_id)
    with store.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise UsageError(f"There is no referral {referral_id}.")
    audit.write(store, who, "view", f"referral {referral_id}")
    promises, letters = _promises(store, referral_id), _letters(store, referral_id)
    subjects = [f"referral {referral_id}", f"slip {row['slip_id']}", f"file {row['file_id']}"]
    subjects += [f"follow_up {promise.id}" for promise in promises]
    return Story(
        **{name: row[name] for name in Story.model_fields if name in row},
        promises=promises,
        letters=letters,
        corrections=tuple(history.history(store, row["slip_id"])),
        acts=tuple(audit.about(store, [*subjects, *_subjects_of(store, letters)])),
    )


def _subjects_of(store: Store, letters: Sequence[StoryLetter]) -> list[str]:
    """The letters and every batch that one of them was printed in, also those that it is in no more."""
    subjects = [f"letter {letter.id}" for letter in letters]
    details = [line["detail"] for line in audit.about(store, subjects)]
    batches = {detail.get("batch") for detail in details if isinstance(detail, Mapping)}
    batches |= {letter.batch_id for letter in letters}
    return subjects + [f"batch {batch}" for batch in batches if batch is not None]


def _promises(store: Store, referral_id: int) -> tuple[Promise, ...]:
    columns = [follow_up.c[name] for name in Promise.model_fields]
    query = sa.select(*columns).where(follow_up.c.referral_id == referral_id).order_by(follow_up.c.due, follow_up.c.id)
    with store.read() as connection:
        return tuple(Promise(**row) for row in connection.execute(query).mappings())


def _letters(store: Store, referral_id: int) -> tuple[StoryLetter, ...]:
    query = (
        sa.select(*outbox.c["id", "kind", "state", "written_at", "batch_id"])
        .join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        .where(follow_up.c.referral_id == referral_id)
        .order_by(outbox.c.id)
    )
    with store.read() as connection:
        return tuple(StoryLetter(**row) for row in connection.execute(query).mappings())
