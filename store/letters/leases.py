"""Leases on follow-ups: several workers share the letters that wait, one worker a follow-up."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.errors import RefpadError
from schemas.export import MACHINE
from schemas.letter import LetterState
from store.crashpoints import crashpoint
from store.database import Store
from store.referrals.referrals import UNDO_S
from store.tables import follow_up, outbox, referral
from store.workers import fencing


class Work(StrEnum):
    """What is to be done with a letter."""

    MAKE = "make"
    SEND = "send"


class LostLeaseError(RefpadError):
    """The follow-up is another worker's by now, or was settled; what this one did with it is dropped."""

    def __init__(self, follow_up_id: int) -> None:
        super().__init__(f"Follow-up {follow_up_id} was taken over or settled meanwhile; this result is dropped.")


@dataclass(frozen=True)
class Lease:
    """One worker's right to work on one follow-up."""

    follow_up_id: int
    generation: int


def next_lease(store: Store, worker: str, lease_s: float, work: Work = Work.MAKE) -> Lease | None:
    """Lease the follow-up with a letter to make, or to send, that is due first; None when there is none.

    The lease ends after `lease_s` seconds.
    """
    free = fencing.is_free(store, follow_up)
    waits = (follow_up.c.ended_on.is_(None), follow_up.c.id.in_(_with_letters(store, work)))
    first_due = sa.select(follow_up).where(*waits, free).order_by(follow_up.c.due, follow_up.c.id)
    values = {"lease_until": fencing.lease_end(store, lease_s)}
    with store.claim() as connection:
        row = fencing.take(connection, first_due, follow_up, worker, values)
        crashpoint("lease.before_commit")
    crashpoint("lease.committed")
    return None if row is None else Lease(row.id, row.generation)


def _with_letters(store: Store, work: Work) -> sa.Select[tuple[int]]:
    """The follow-ups whose letters wait for such work now."""
    waits = sa.select(outbox.c.follow_up_id)
    if work is Work.MAKE:
        return waits.where(outbox.c.state == LetterState.WAITING)
    is_time = sa.or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= store.clock.now())
    ready = (outbox.c.state == LetterState.READY, outbox.c.channel == "email", is_time)
    return waits.where(*ready, ~_may_be_undone(store))


def _may_be_undone(store: Store) -> sa.Exists:
    """A person accepted the referral of the letter a moment ago, and may still say that it was one key too many."""
    since = store.clock.now() - timedelta(seconds=UNDO_S)
    of_letter = sa.and_(follow_up.c.id == outbox.c.follow_up_id, follow_up.c.referral_id == referral.c.id)
    fresh = (referral.c.accepted_at > since, referral.c.accepted_by != MACHINE)
    return sa.exists().where(of_letter, *fresh).correlate(outbox)


def check_lease(connection: Connection, lease: Lease) -> None:
    """Make sure, within the caller's transaction, that the lease still holds; raises LostLeaseError when it does not.

    The row is written, so that nobody else can take it before the transaction ends.
    """
    same = follow_up.update().where(*_ours(lease), follow_up.c.ended_on.is_(None)).values(generation=lease.generation)
    if connection.execute(same).rowcount != 1:
        raise LostLeaseError(lease.follow_up_id)


def end_lease(store: Store, lease: Lease) -> None:
    """Free the follow-up for other workers; one that was lost or has ended is left alone."""
    with store.claim() as connection:
        connection.execute(follow_up.update().where(*_ours(lease)).values(worker=None, lease_until=None))
        crashpoint("lease.ended")


def _ours(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    return (follow_up.c.id == lease.follow_up_id, follow_up.c.generation == lease.generation)
