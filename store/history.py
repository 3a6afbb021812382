"""The history of one referral: the slip, what was read and corrected, its follow-ups and letters, and who did what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.edits import Correction
from schemas.errors import NotOnRecordError
from schemas.followup import FollowUpKind, FollowUpState
from schemas.letter import LetterState
from schemas.reading import SlipReading
from schemas.referral import Referral
from store import audit
from store.database import Store
from store.directory.offices import with_office
from store.letter_since import letters_since
from store.purge.holds import LegalHold, holds_of
from store.purge.purged import purged_sentence
from store.referrals.amend import Amendment, amendments_of
from store.review import history
from store.review.settled_doubts import SlipBeside, Waived, slips_beside, waived
from store.tables import file, follow_up, outbox, referral, slip


class HistoryFollowUp(Value):
    """One follow-up of the referral, and what became of it."""

    id: int
    kind: FollowUpKind
    cycle: int
    due: date
    state: FollowUpState
    settled_by: str | None
    settled_at: datetime | None
    note: str | None


class HistoryLetter(Value):
    """One letter of the referral in the outbox, and since when it is in its state."""

    id: int
    kind: str
    state: LetterState
    since: datetime
    batch_id: int | None


class ReferralHistory(Value):
    """All that is known of one referral. `acts` are the audit's lines about it; they and corrections are oldest first.

    `corrections` are those of the slip, before it was accepted; `amendments` those of the referral since. `waived` and
    `beside` are what people said of doubts: warnings let stand, and other slips that look like it.
    """

    id: int
    slip_id: int
    file_id: int
    page: int
    received_on: date
    accepted_on: date
    accepted_at: datetime
    accepted_by: str
    office_id: str | None
    provider_id: int | None
    office_name: str | None
    record: Referral
    reading: SlipReading
    follow_ups: tuple[HistoryFollowUp, ...]
    letters: tuple[HistoryLetter, ...]
    corrections: tuple[Correction, ...]
    amendments: tuple[Amendment, ...]
    waived: tuple[Waived, ...]
    beside: tuple[SlipBeside, ...]
    legal_holds: tuple[LegalHold, ...]
    acts: tuple[Mapping[str, object], ...]


def referral_history(store: Store, referral_id: int, who: str) -> ReferralHistory:
    """The history of a referral; that it was looked at is part of it. Raises UsageError when there is none."""
    names = ("id", "slip_id", "accepted_on", "accepted_at", "accepted_by", "record", "office_id", "provider_id")
    own = referral.c[names]
    columns = sa.select(*own, *slip.c["file_id", "page", "reading"], file.c.received_on)
    base = referral.join(slip, slip.c.id == referral.c.slip_id).join(file, file.c.id == slip.c.file_id)
    query = with_office(columns, base, referral.c.office_id).where(referral.c.id == referral_id)
    with store.read() as connection:
        row = connection.execute(query).mappings().first()
        purged = purged_sentence(connection, store.clock, "referral", referral_id) if row is None else None
    if row is None:
        raise NotOnRecordError(purged or f"There is no referral {referral_id}")
    audit.write(store, who, "view", f"referral {referral_id}")
    follow_ups, letters = _follow_ups(store, referral_id), _letters(store, referral_id)
    subjects = [f"referral {referral_id}", f"slip {row['slip_id']}", f"file {row['file_id']}"]
    subjects += [f"follow_up {follow_up.id}" for follow_up in follow_ups]
    acts = tuple(audit.lines_about(store, [*subjects, *_subjects_of(store, letters)]))
    return ReferralHistory(
        **{name: row[name] for name in ReferralHistory.model_fields if name in row},
        follow_ups=follow_ups,
        letters=letters,
        corrections=tuple(history.corrections_of(store, row["slip_id"])),
        amendments=amendments_of(store, referral_id),
        waived=waived(acts, SlipReading.model_validate(row["reading"])),
        beside=slips_beside(store, row["slip_id"]),
        legal_holds=tuple(holds_of(store, referral_id)),
        acts=acts,
    )


def _subjects_of(store: Store, letters: Sequence[HistoryLetter]) -> list[str]:
    """The letters and every batch that one of them was printed in, also those that it is in no more."""
    subjects = [f"letter {letter.id}" for letter in letters]
    details = [line["detail"] for line in audit.lines_about(store, subjects)]
    batches = {detail.get("batch") for detail in details if isinstance(detail, Mapping)}
    batches |= {letter.batch_id for letter in letters}
    return subjects + [f"batch {batch}" for batch in batches if batch is not None]


def _follow_ups(store: Store, referral_id: int) -> tuple[HistoryFollowUp, ...]:
    columns = [follow_up.c[name] for name in HistoryFollowUp.model_fields]
    query = sa.select(*columns).where(follow_up.c.referral_id == referral_id).order_by(follow_up.c.due, follow_up.c.id)
    with store.read() as connection:
        return tuple(HistoryFollowUp(**row) for row in connection.execute(query).mappings())


def _letters(store: Store, referral_id: int) -> tuple[HistoryLetter, ...]:
    query = (
        sa.select(*outbox.c["id", "kind", "state", "batch_id"])
        .join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        .where(follow_up.c.referral_id == referral_id)
        .order_by(outbox.c.id)
    )
    with store.read() as connection:
        rows = connection.execute(query).mappings().all()
        since = letters_since(connection, [row["id"] for row in rows])
    return tuple(HistoryLetter(**row, since=since[row["id"]]) for row in rows)
