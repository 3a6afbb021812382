"""Turns at follow-ups: several workers share the letters that wait, one worker a follow-up, fenced by a generation."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.errors import RefpadError
from schemas.letter import LetterState
from store import workers
from store.crashpoints import crashpoint
from store.database import Store
from store.tables import follow_up, outbox


class Work(StrEnum):
    """What is to be done with a letter."""

    MAKE = "make"
    SEND = "send"


class LostTurnError(RefpadError):
    """The follow-up is another worker's by now, or was settled; what this one did with it is dropped."""

    def __init__(self, task_id: int) -> None:
        super().__init__(f"Follow-up {task_id} was taken over or settled meanwhile; this result is dropped.")


@dataclass(frozen=True)
class Turn:
    """One worker's right to work on one follow-up."""

    task_id: int
    generation: int


def next_turn(store: Store, worker: str, lease_s: float, work: Work = Work.MAKE) -> Turn | None:
    """Take the follow-up with a letter to make, or to send, that is due first, for `lease_s` seconds; None: no more."""
    gone = workers.dead_workers(store)
    with store.claim() as connection:
        turn = _take(connection, store, worker, lease_s, _waits(store, work), gone)
        crashpoint("turn.before_commit")
    crashpoint("turn.committed")
    return turn


def _waits(store: Store, work: Work) -> sa.Select[tuple[int]]:
    """The follow-ups whose letters wait for such work now."""
    waits = sa.select(outbox.c.follow_up_id)
    if work is Work.MAKE:
        return waits.where(outbox.c.state == LetterState.WAITING.value)
    is_time = sa.or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= store.clock.now())
    return waits.where(outbox.c.state == LetterState.READY.value, outbox.c.channel == "email", is_time)


def _take(
    connection: Connection, store: Store, worker: str, lease_s: float, waits: sa.Select[tuple[int]], gone: list[str]
) -> Turn | None:
    now = store.clock.now()
    free = sa.or_(follow_up.c.worker.is_(None), follow_up.c.lease_until < now, follow_up.c.worker.in_(gone))
    found = connection.execute(
        sa.select(follow_up.c.id, follow_up.c.generation)
        .where(follow_up.c.ended_on.is_(None), follow_up.c.id.in_(waits), free)
        .order_by(follow_up.c.due, follow_up.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if found is None:
        return None
    taken = {
        "generation": found.generation + 1,
        "worker": worker,
        "lease_until": now + timedelta(seconds=lease_s),
    }
    connection.execute(follow_up.update().where(follow_up.c.id == found.id).values(taken))
    return Turn(found.id, found.generation + 1)


def hold(connection: Connection, turn: Turn) -> None:
    """Make sure, within the caller's transaction, that the turn is still ours; raises LostTurnError when it is not."""
    ours = (follow_up.c.id == turn.task_id, follow_up.c.generation == turn.generation, follow_up.c.ended_on.is_(None))
    same = follow_up.update().where(*ours).values(generation=turn.generation)
    if connection.execute(same).rowcount != 1:
        raise LostTurnError(turn.task_id)


def leave(store: Store, turn: Turn) -> None:
    """Give the follow-up back; one that was lost or has ended is left alone."""
    ours = (follow_up.c.id == turn.task_id, follow_up.c.generation == turn.generation)
    with store.claim() as connection:
        connection.execute(follow_up.update().where(*ours).values(worker=None, lease_until=None))
        crashpoint("turn.left")
