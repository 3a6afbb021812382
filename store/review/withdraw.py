"""Taking a referral back: its slip waits for a person again, as long as nothing came of the referral yet."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.changes import ChangedNoun, ChangeKind
from schemas.errors import UsageError
from schemas.reading import ReferralDraft
from schemas.states import SlipState
from store import audit, changes
from store.database import Store
from store.directory.patients import remove_without_referrals
from store.followups.missing_information import reopen_question
from store.followups.outbox import UNSENT
from store.intake.results import settle_file
from store.quality import examples
from store.referrals import quality_sample
from store.referrals.referrals import UNDO_S
from store.review.findings import not_written
from store.tables import (
    amendment,
    appointment,
    course_entry,
    follow_up,
    follow_up_event,
    legal_hold,
    outbox,
    referral,
    slip,
    unsaved_entry,
)
from store.waiting import change_slip


def withdraw(store: Store, slip_id: int, who: str) -> None:
    """Undo the acceptance of a slip. Raises UsageError once a follow-up was done or a letter left."""
    with store.write() as connection:
        row = (
            connection.execute(
                sa.select(slip, referral.c.id.label("referral_id"))
                .join(slip, slip.c.id == referral.c.slip_id)
                .where(referral.c.slip_id == slip_id)
            )
            .mappings()
            .first()
        )
        if row is None:
            raise UsageError(f"Slip {slip_id} has no referral.")
        _must_be_untouched(connection, row["referral_id"])
        if quality_sample.is_open(connection, slip_id):
            _close_look(connection, store, slip_id, row, who)
        _delete(connection, row["referral_id"])
        examples.forget(connection, slip_id)
        values = {"state": SlipState.REVIEW, "version": row["version"] + 1, "findings": _findings(connection, row)}
        change_slip(connection, slip_id, values)
        reopen_question(connection, store, slip_id, who)
        settle_file(connection, row["file_id"])
        detail = {"referral": row["referral_id"]}
        audit.append(connection, store.clock.now(), who, "withdraw", f"slip {slip_id}", detail)


def _findings(connection: Connection, row: RowMapping) -> list[dict[str, object]]:
    """What was in doubt beside what is written is so again: whoever accepts the slip next lets it stand anew."""
    draft = ReferralDraft.model_validate(row["draft"])
    again = [finding.model_dump(mode="json") for finding in not_written(connection, row, draft)]
    return [*again, *(finding for finding in row["findings"] if finding not in again)]


class JustAccepted(Value):
    """What somebody accepted last, and how long it stands there to be undone."""

    slip_id: int
    left_s: float


def just_accepted(store: Store, who: str) -> JustAccepted | None:
    """The slip that somebody accepted in the last UNDO_S seconds, if nothing came of it yet."""
    now = store.clock.now()
    last = sa.select(*referral.c["id", "slip_id", "accepted_at"]).where(referral.c.accepted_by == who)
    with store.read() as connection:
        row = connection.execute(last.order_by(referral.c.id.desc()).limit(1)).first()
    left_s = UNDO_S - (now - row.accepted_at).total_seconds() if row else 0.0
    if row is None or left_s <= 0 or not can_be_withdrawn(store, row.id):
        return None
    return JustAccepted(slip_id=row.slip_id, left_s=left_s)


def can_be_withdrawn(store: Store, referral_id: int) -> bool:
    """Whether nothing came of the referral yet."""
    with store.read() as connection:
        try:
            _must_be_untouched(connection, referral_id)
        except UsageError:
            return False
    return True


def _must_be_untouched(connection: Connection, referral_id: int) -> None:
    of_it = sa.select(follow_up.c.id).where(follow_up.c.referral_id == referral_id)
    unsent = [state.value for state in UNSENT]
    consequences = (
        of_it.where(follow_up.c.ended_on.is_not(None)),
        sa.select(outbox.c.id).where(outbox.c.follow_up_id.in_(of_it), outbox.c.state.not_in(unsent)),
        sa.select(course_entry.c.id).where(course_entry.c.referral_id == referral_id),
        sa.select(unsaved_entry.c.id).where(unsaved_entry.c.referral_id == referral_id),
        sa.select(appointment.c.id).where(appointment.c.referral_id == referral_id),
        sa.select(amendment.c.id).where(amendment.c.referral_id == referral_id),
        sa.select(legal_hold.c.id).where(legal_hold.c.referral_id == referral_id),
    )
    if any(connection.execute(query.limit(1)).first() for query in consequences):
        raise UsageError(
            "Something came of this referral already (a follow-up done, a letter, an entry, an appointment, a "
            "correction, a hold): it stays."
        )


def _close_look(connection: Connection, store: Store, slip_id: int, row: RowMapping, who: str) -> None:
    """What the second look found: the fields in doubt by now, or the slip as a whole."""
    fields = {finding["field"] for finding in row["findings"] if finding["field"]} - set(row["asked"] or ())
    seen = len(row["draft"]["marks"]) + len(row["draft"]["text"]) + 1 if row["draft"] else 1
    quality_sample.close(connection, store, slip_id, tuple(sorted(fields)) or ("slip",), seen, who)


def _delete(connection: Connection, referral_id: int) -> None:
    of_it = sa.select(follow_up.c.id).where(follow_up.c.referral_id == referral_id)
    tasks = connection.execute(of_it.order_by(follow_up.c.id)).scalars().all()
    changes.note(connection, ChangedNoun.FOLLOW_UP, tasks, ChangeKind.WITHDRAWN)
    changes.note(connection, ChangedNoun.REFERRAL, [referral_id], ChangeKind.WITHDRAWN)
    connection.execute(outbox.delete().where(outbox.c.follow_up_id.in_(of_it)))
    connection.execute(follow_up_event.delete().where(follow_up_event.c.follow_up_id.in_(of_it)))
    connection.execute(follow_up.delete().where(follow_up.c.referral_id == referral_id))
    patients = connection.execute(sa.select(referral.c.patient_id).where(referral.c.id == referral_id)).scalars().all()
    connection.execute(referral.delete().where(referral.c.id == referral_id))
    remove_without_referrals(connection, [number for number in patients if number is not None])
