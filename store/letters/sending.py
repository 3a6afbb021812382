"""Letters on their way, as the worker that has the turn moves them.

The order is the promise: made and kept, then `ready`; `sending` committed, then the mail, then `sent`. A crash in
between leaves `sending`, which becomes `uncertain`: a person decides, never an automatic second mail.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.export import MACHINE
from schemas.followup import FollowUpState, LetterKind
from schemas.letter import LetterState, Recipient
from store import audit, files, workers
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.outbox import drop_unsent
from store.followups.planning import Subject, end, note_event, replan
from store.letters import leases
from store.letters.leases import Turn, hold
from store.letters.restore_guard import RESTORED, count_sent, note_sent, restored_at
from store.studio_rules import Terms
from store.tables import follow_up, outbox

CUT_OFF = "The program ended while this letter was being sent: ask the office whether it arrived."


@dataclass(frozen=True)
class Made:
    """A letter as it was made. `held_why` is why it waits for a person's word; "" when it may go."""

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


def waiting_letter(store: Store, turn: Turn, state: LetterState) -> int | None:
    """The first letter of the follow-up that is in `state`."""
    query = sa.select(outbox.c.id).where(outbox.c.follow_up_id == turn.task_id, outbox.c.state == state.value)
    with store.read() as connection:
        return connection.execute(query.order_by(outbox.c.id)).scalar()


def keep_made(store: Store, turn: Turn, letter_id: int, made: Made) -> LetterState:
    """Keep the PDF, then the letter is ready, or held. Raises LostTurnError when the turn is another's by now."""
    with files.written_in(made.pdf, store.incoming) as copied:
        files.keep(copied, store.letter(copied.sha256))
    crashpoint("letter.kept")
    with store.write() as connection:
        hold(connection, turn)
        row = _task(connection, turn.task_id)
        restored = restored_at(connection)
        why = RESTORED if restored is not None and row["made_at"] < restored else made.held_why
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
        _show(connection, store, turn.task_id, FollowUpState.WAITING, why or _waits_for(made.channel))
        _tell(connection, store, "hold" if why else "make", letter_id)
        crashpoint("letter.before_commit")
    crashpoint("letter.committed")
    return state


def keep_unmade(store: Store, turn: Turn, letter_id: int, message: str) -> None:
    """The letter could not be made: a person must see why."""
    with store.write() as connection:
        hold(connection, turn)
        failed = {"state": LetterState.FAILED.value, "message": message}
        connection.execute(outbox.update().where(outbox.c.id == letter_id).values(failed))
        _show(connection, store, turn.task_id, FollowUpState.FAILED, message)
        _tell(connection, store, LetterState.FAILED, letter_id)
        crashpoint("letter.unmade")
    crashpoint("letter.unmade_committed")


def begin(store: Store, turn: Turn, letter_id: int) -> Outgoing:
    """Commit that the letter is being sent; only then may it be."""
    with store.write() as connection:
        hold(connection, turn)
        ready = (outbox.c.id == letter_id, outbox.c.state == LetterState.READY.value)
        going = (
            outbox.update()
            .where(*ready)
            .values(state=LetterState.SENDING.value, attempts=outbox.c.attempts + 1, next_try_at=None, message=None)
        )
        row = connection.execute(going.returning(outbox)).mappings().first()
        if row is None:
            raise leases.LostTurnError(turn.task_id)
        crashpoint("send.before_commit")
    crashpoint("send.begun")
    own = ("id", "kind", "recipient", "message_id", "made_at")
    pdf = store.letter(row["pdf_sha256"]).read_bytes()
    return Outgoing(**{name: row[name] for name in own}, attempt=row["attempts"], pdf=pdf)


def sent(store: Store, terms: Terms, letter: Outgoing) -> None:
    """The letter has arrived at the other side's server, which is the truth whoever has the turn by now."""
    states = (LetterState.SENDING, LetterState.UNCERTAIN)
    values = {"state": LetterState.SENT.value, "sent_at": store.clock.now(), "sent_by": MACHINE, "message": None}
    with store.write() as connection:
        row = _moved(connection, letter, states, values)
        if row is not None:
            finish_sent(connection, store, terms, row["follow_up_id"], MACHINE)
            _tell(connection, store, LetterState.SENT, letter.id, {"kind": letter.kind})
        crashpoint("sent.before_commit")
    crashpoint("sent.committed")
    note_sent(store)


def try_again(store: Store, letter: Outgoing, at: datetime, message: str) -> None:
    """The other side asked to repeat it later."""
    values = {"state": LetterState.READY.value, "next_try_at": at, "message": message}
    _fall_back(store, letter, values, FollowUpState.WAITING, message)


def refused(store: Store, letter: Outgoing, message: str) -> None:
    """The other side will not have it: a person must look."""
    values = {"state": LetterState.FAILED.value, "message": message}
    _fall_back(store, letter, values, FollowUpState.FAILED, message)


def uncertain(store: Store, letter: Outgoing, message: str) -> None:
    """It may have arrived or not: a person must ask, and nobody sends it again by himself."""
    values = {"state": LetterState.UNCERTAIN.value, "message": message}
    _fall_back(store, letter, values, FollowUpState.FAILED, message)


def find_cut_off(store: Store) -> int:
    """Make letters uncertain whose sender died or has been gone for longer than its lease; how many there were."""
    gone = workers.dead_workers(store)
    with store.write() as connection:
        left = sa.or_(
            follow_up.c.worker.is_(None), follow_up.c.worker.in_(gone), follow_up.c.lease_until < store.clock.now()
        )
        query = sa.select(outbox.c.id, outbox.c.follow_up_id).join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        rows = connection.execute(query.where(outbox.c.state == LetterState.SENDING.value, left)).all()
        for row in rows:
            values = {"state": LetterState.UNCERTAIN.value, "message": CUT_OFF}
            connection.execute(outbox.update().where(outbox.c.id == row.id).values(values))
            _show(connection, store, row.follow_up_id, FollowUpState.FAILED, CUT_OFF)
            _tell(connection, store, LetterState.UNCERTAIN, row.id)
        crashpoint("cut_off.before_commit")
    crashpoint("cut_off.committed")
    return len(rows)


def finish_sent(connection: Connection, store: Store, terms: Terms, task_id: int, who: str) -> None:
    """A letter has left: its follow-up is done and the next one made, in the caller's transaction."""
    count_sent(connection, 1)
    row = _task(connection, task_id)
    if row["ended_on"] is None:
        end(connection, store, row, FollowUpState.DONE, who, "Its letter was sent.")
        replan(connection, store, terms, Subject.of(row))


def _fall_back(store: Store, letter: Outgoing, values: dict[str, Any], state: FollowUpState, message: str) -> None:
    with store.write() as connection:
        row = _moved(connection, letter, (LetterState.SENDING,), values)
        if row is not None:
            _show(connection, store, row["follow_up_id"], state, message)
            _tell(connection, store, "try_later" if state is FollowUpState.WAITING else values["state"], letter.id)
            if _task(connection, row["follow_up_id"])["ended_on"] is not None:
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


def _tell(
    connection: Connection, store: Store, what: str, letter_id: int, detail: Mapping[str, object] | None = None
) -> None:
    """One line of the audit about a letter, for what the machine did with it."""
    audit.append(connection, store.clock.now(), MACHINE, str(what), f"letter {letter_id}", detail)


def _show(connection: Connection, store: Store, task_id: int, state: FollowUpState, note: str) -> None:
    """Let the task list tell how its letter fares."""
    row = _task(connection, task_id)
    if row["ended_on"] is None and (row["state"], row["note"]) != (state.value, note):
        values = {"state": state.value, "note": note}
        connection.execute(follow_up.update().where(follow_up.c.id == task_id).values(values))
        note_event(connection, store, task_id, MACHINE, state.value, note=note)


def _task(connection: Connection, task_id: int) -> RowMapping:
    return connection.execute(sa.select(follow_up).where(follow_up.c.id == task_id)).mappings().one()


def _waits_for(channel: str) -> str:
    return "Its letter waits to be printed." if channel == "print" else "Its letter is on its way."
