"""Sending letters: the steps of the worker that has the lease.

The order makes that safe: made and kept, then `ready`; read again, `sending` committed, then the mail, then `sent`. A
crash in between leaves `sending`, which becomes `uncertain`: a person decides, never an automatic second mail.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.errors import MachineError, RefpadError
from schemas.export import MACHINE
from schemas.followup import FollowUpState, LetterKind
from schemas.letter import LetterState, Recipient
from store import audit, files
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.changing import change_follow_up
from store.followups.outbox import drop_unsent
from store.followups.planning import Subject, end_follow_up, note_event, replan
from store.kept_files.kept_file import ChangedFileError
from store.letters.leases import Lease, LostLeaseError, check_lease
from store.letters.restore_guard import RESTORED, restored_at
from store.studio_rules import StudioRules
from store.tables import follow_up, outbox
from store.workers import fencing

CUT_OFF = "The program ended while this letter was being sent: ask the office whether it arrived."
LOST_PAGE = "Its page is missing or damaged where letters are kept, and was not sent: have the letter created again."


class LostPageError(RefpadError):
    """The page of a letter is not there any more, or has other bytes than it was made with."""

    def __init__(self) -> None:
        super().__init__(LOST_PAGE)


class UnreadPageError(RefpadError):
    """The page of a letter cannot be read now; the disk or the store of files is to be mended, not the letter."""


@dataclass(frozen=True)
class Made:
    """A letter as it was made. `held_why` is why it waits for a release; "" when it may be sent."""

    pdf: bytes
    recipient: Recipient
    channel: Literal["email", "print"]
    domain: str
    held_why: str = ""


class Outgoing(Value):
    """A letter about to be sent. `attempt` counts from 1 and is durable before the try."""

    id: int
    kind: LetterKind
    attempt: int
    recipient: Recipient
    message_id: str
    made_at: datetime
    pdf: bytes


def waiting_letter(store: Store, lease: Lease, state: LetterState) -> int | None:
    """The first letter of the follow-up that is in `state`."""
    query = sa.select(outbox.c.id).where(outbox.c.follow_up_id == lease.follow_up_id, outbox.c.state == state.value)
    with store.read() as connection:
        return connection.execute(query.order_by(outbox.c.id)).scalar()


def keep_made(store: Store, lease: Lease, letter_id: int, made: Made) -> LetterState:
    """Keep the PDF, then the letter is ready, or held. Raises LostLeaseError when the lease is lost."""
    with files.write_in(made.pdf, store.incoming) as copied:
        store.letter(copied.sha256).keep(copied)
    crashpoint("letter.kept")
    with store.write() as connection:
        check_lease(connection, lease)
        row = _follow_up_row(connection, lease.follow_up_id)
        restored = restored_at(connection)
        why = RESTORED if restored is not None and row["made_at"] <= restored else made.held_why
        state = LetterState.HELD if why else LetterState.READY
        values = {
            "state": state.value,
            "made_at": store.clock.now(),
            "pdf_sha256": copied.sha256,
            "channel": made.channel,
            "recipient": made.recipient.model_dump(mode="json"),
            "message_id": f"<{uuid.uuid4().hex}@{made.domain}>",
            "message": why or None,
        }
        connection.execute(outbox.update().where(outbox.c.id == letter_id).values(values))
        _set_state(connection, store, lease.follow_up_id, FollowUpState.WAITING, why or _waits_for(made.channel))
        _audit(connection, store, "hold" if why else "make", letter_id)
        crashpoint("letter.before_commit")
    crashpoint("letter.committed")
    return state


def mark_unmade(store: Store, lease: Lease, letter_id: int, message: str) -> None:
    """The letter could not be made: a person must see why."""
    _give_to_person(store, lease, letter_id, LetterState.WAITING, message)


def mark_lost(store: Store, lease: Lease, letter_id: int, message: str) -> None:
    """The letter was made, and its page is lost: a person must see why."""
    _give_to_person(store, lease, letter_id, LetterState.READY, message)


def _give_to_person(store: Store, lease: Lease, letter_id: int, was: LetterState, message: str) -> None:
    with store.write() as connection:
        check_lease(connection, lease)
        failed = {"state": LetterState.FAILED.value, "message": message}
        _change_unsent(connection, lease, letter_id, was, failed)
        _set_state(connection, store, lease.follow_up_id, FollowUpState.FAILED, message)
        _audit(connection, store, LetterState.FAILED, letter_id)
        crashpoint("letter.unmade")
    crashpoint("letter.unmade_committed")


def put_off(store: Store, lease: Lease, letter_id: int, at: datetime, message: str) -> None:
    """The letter's page cannot be read now: it was not tried, and waits until `at`."""
    with store.write() as connection:
        check_lease(connection, lease)
        _change_unsent(connection, lease, letter_id, LetterState.READY, {"next_try_at": at, "message": message})
        _set_state(connection, store, lease.follow_up_id, FollowUpState.WAITING, message)
        _audit(connection, store, "try_later", letter_id)
        crashpoint("put_off.before_commit")
    crashpoint("put_off.committed")


def begin_sending(store: Store, lease: Lease, letter_id: int) -> Outgoing:
    """Commit that the letter is being sent; only then may it be.

    Its page is read before: a letter that says it is being sent has nothing more to wait for. Raises LostPageError,
    UnreadPageError or LostLeaseError, and then nothing is committed.
    """
    ready = (outbox.c.id == letter_id, outbox.c.state == LetterState.READY.value)
    with store.read() as connection:
        sha256 = connection.execute(sa.select(outbox.c.pdf_sha256).where(*ready)).scalar()
    if sha256 is None:
        raise LostLeaseError(lease.follow_up_id)
    pdf = _page(store, sha256)
    with store.write() as connection:
        check_lease(connection, lease)
        going = (
            outbox.update()
            .where(*ready, outbox.c.pdf_sha256 == sha256)
            .values(state=LetterState.SENDING.value, attempts=outbox.c.attempts + 1, next_try_at=None, message=None)
        )
        row = connection.execute(going.returning(outbox)).mappings().first()
        if row is None:
            raise LostLeaseError(lease.follow_up_id)
        # A line before the mail: it moves the anchor, so that a record put back later is known not to hold this try.
        _audit(connection, store, "send", letter_id, {"attempt": row["attempts"]})
        crashpoint("send.before_commit")
    crashpoint("send.begun")
    own = ("id", "kind", "recipient", "message_id", "made_at")
    return Outgoing(**{name: row[name] for name in own}, attempt=row["attempts"], pdf=pdf)


def mark_sent(store: Store, rules: StudioRules, letter: Outgoing) -> None:
    """The letter has arrived at the other side's server; that is recorded whoever has the lease by now."""
    states = (LetterState.SENDING, LetterState.UNCERTAIN)
    values = {"state": LetterState.SENT.value, "sent_at": store.clock.now(), "sent_by": MACHINE, "message": None}
    with store.write() as connection:
        row = _moved(connection, letter, states, values)
        if row is not None:
            finish_sent(connection, store, rules, row["follow_up_id"], MACHINE)
            _audit(connection, store, LetterState.SENT, letter.id, {"kind": letter.kind})
        crashpoint("sent.before_commit")
    crashpoint("sent.committed")


def send_later(store: Store, letter: Outgoing, at: datetime, message: str) -> None:
    """The other side asked to repeat it later."""
    values = {"state": LetterState.READY.value, "next_try_at": at, "message": message}
    _fall_back(store, letter, values, FollowUpState.WAITING, message)


def mark_refused(store: Store, letter: Outgoing, message: str) -> None:
    """The other side refused it: a person must look."""
    values = {"state": LetterState.FAILED.value, "message": message}
    _fall_back(store, letter, values, FollowUpState.FAILED, message)


def mark_uncertain(store: Store, letter: Outgoing, message: str) -> None:
    """It may or may not have arrived: a person must ask, and it is never sent again automatically."""
    values = {"state": LetterState.UNCERTAIN.value, "message": message}
    _fall_back(store, letter, values, FollowUpState.FAILED, message)


def mark_cut_off(store: Store) -> int:
    """Make letters uncertain whose sender died or has been gone for longer than its lease; how many there were."""
    free = fencing.is_free(store, follow_up)
    with store.write() as connection:
        query = sa.select(outbox.c.id, outbox.c.follow_up_id).join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        rows = connection.execute(query.where(outbox.c.state == LetterState.SENDING, free).order_by(outbox.c.id)).all()
        for row in rows:
            values = {"state": LetterState.UNCERTAIN.value, "message": CUT_OFF}
            connection.execute(outbox.update().where(outbox.c.id == row.id).values(values))
            _set_state(connection, store, row.follow_up_id, FollowUpState.FAILED, CUT_OFF)
            _audit(connection, store, LetterState.UNCERTAIN, row.id)
        crashpoint("cut_off.before_commit")
    crashpoint("cut_off.committed")
    return len(rows)


def finish_sent(connection: Connection, store: Store, rules: StudioRules, follow_up_id: int, who: str) -> None:
    """A letter was sent: end its follow-up and plan the next one, in the caller's transaction."""
    row = _follow_up_row(connection, follow_up_id)
    if row["ended_on"] is None:
        end_follow_up(connection, store, row, FollowUpState.DONE, who, "Its letter was sent.")
        replan(connection, store, rules, Subject.of(row))


def _page(store: Store, sha256: str) -> bytes:
    try:
        return store.letter(sha256).read_bytes()
    except (FileNotFoundError, ChangedFileError):
        raise LostPageError from None
    except MachineError as error:
        raise UnreadPageError(str(error)) from None
    except OSError as error:
        why = error.strerror or "input/output error"
        raise UnreadPageError(f"The letter's page cannot be read ({why}): mend the disk; it is tried again.") from None


def _change_unsent(
    connection: Connection, lease: Lease, letter_id: int, was: LetterState, values: dict[str, Any]
) -> None:
    """Raises LostLeaseError when somebody has decided about the letter meanwhile."""
    same = outbox.update().where(outbox.c.id == letter_id, outbox.c.state == was.value)
    if connection.execute(same.values(values)).rowcount != 1:
        raise LostLeaseError(lease.follow_up_id)


def _fall_back(store: Store, letter: Outgoing, values: dict[str, Any], state: FollowUpState, message: str) -> None:
    with store.write() as connection:
        row = _moved(connection, letter, (LetterState.SENDING,), values)
        if row is not None:
            _set_state(connection, store, row["follow_up_id"], state, message)
            _audit(connection, store, "try_later" if state is FollowUpState.WAITING else values["state"], letter.id)
            if _follow_up_row(connection, row["follow_up_id"])["ended_on"] is not None:
                drop_unsent(connection, row["follow_up_id"])  # somebody has settled it meanwhile
        crashpoint("unsent.before_commit")
    crashpoint("unsent.committed")


def _moved(
    connection: Connection, letter: Outgoing, states: tuple[LetterState, ...], values: dict[str, Any]
) -> RowMapping | None:
    """The letter in its new state; None when somebody has decided about this attempt meanwhile."""
    same = (outbox.c.id == letter.id, outbox.c.attempts == letter.attempt)
    still = outbox.c.state.in_([state.value for state in states])
    changed = outbox.update().where(*same, still).values(values).returning(outbox)
    return connection.execute(changed).mappings().first()


def _audit(
    connection: Connection, store: Store, what: str, letter_id: int, detail: Mapping[str, object] | None = None
) -> None:
    """One line of the audit about a letter, for what the machine did with it."""
    audit.append(connection, store.clock.now(), MACHINE, str(what), f"letter {letter_id}", detail)


def _set_state(connection: Connection, store: Store, follow_up_id: int, state: FollowUpState, note: str) -> None:
    """Show in the list of follow-ups how far its letter is."""
    row = _follow_up_row(connection, follow_up_id)
    if row["ended_on"] is None and (row["state"], row["note"]) != (state.value, note):
        values = {"state": state.value, "note": note}
        change_follow_up(connection, follow_up_id, values)
        note_event(connection, store, follow_up_id, MACHINE, state.value, note=note)


def _follow_up_row(connection: Connection, follow_up_id: int) -> RowMapping:
    return connection.execute(sa.select(follow_up).where(follow_up.c.id == follow_up_id)).mappings().one()


def _waits_for(channel: str) -> str:
    return "Its letter waits to be printed." if channel == "print" else "Its letter is on its way."
