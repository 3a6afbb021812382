"""Claims on files to be read: one worker each, fenced by a generation, with tries that count.

A claim ends in one of three ways: the file is finished (recorded or set aside), it is requeued (it waits again), or
the claim is lost, because its time was over and another worker has claimed the file since.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.errors import RefpadError, UsageError
from schemas.export import MACHINE
from schemas.reasons import SetAsideReason
from schemas.states import FileState
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.kept_files.kept_file import KeptFile
from store.tables import IS_WAITING, file, page, settled_file
from store.waiting import renew_pages
from store.workers import fencing

TRIES_MAX = 2  # a file whose child died this often is set aside
# A file at which the machine failed this often while others went through: once may be chance, and so may be twice.
RETURNS_MAX = 3
# Claims whose worker itself died: more than tries, because a power cut or an update is not the file's fault.
CLAIMS_MAX = 5


class LostClaimError(RefpadError):
    """Another worker has claimed the file since; what this one did with it must not be recorded."""

    def __init__(self, file_id: int) -> None:
        super().__init__(f"File {file_id} was taken over by another worker; this result is dropped.")


@dataclass(frozen=True)
class Claim:
    """One worker's right to read one file. `attempt` counts from 1 and is durable before the try.

    `read_as` is the one pad ("met-1") that a person says its slips are of.
    """

    file_id: int
    generation: int
    attempt: int
    sha256: str
    received_on: date
    original: KeptFile
    read_as: str | None = None


def next_claim(store: Store, worker: str, claim_s: float) -> Claim | None:
    """Claim a waiting file that no living worker holds, for `claim_s` seconds; None when there is none.

    The oldest of those that were tried least: one that fails again and again keeps no other waiting. What this worker
    holds itself is free too: it asks only when it is done, so that it lost the database before it could say so.
    """
    while True:
        free = sa.or_(fencing.is_free(store, file), file.c.worker == worker)
        if not _is_any_waiting(store, free):  # readers ask each second: a look takes no lock and writes nothing
            return None
        with store.claim() as connection:
            claim = _claim_oldest(connection, store, worker, claim_s, free)
            crashpoint("claim.before_commit")
        crashpoint("claim.committed")
        if claim is None or claim.attempt <= CLAIMS_MAX:
            return claim
        message = f"The program ended {CLAIMS_MAX} times while reading this file: look at the file in another viewer."
        set_aside(store, claim, SetAsideReason.ENGINE_CRASHED, message)


def _is_any_waiting(store: Store, free: sa.ColumnElement[bool]) -> bool:
    query = sa.select(file.c.id).where(IS_WAITING, free).limit(1)
    with store.read() as connection:
        return connection.execute(query).first() is not None


def _claim_oldest(
    connection: Connection, store: Store, worker: str, claim_s: float, free: sa.ColumnElement[bool]
) -> Claim | None:
    waiting = sa.select(file).where(IS_WAITING, free)
    least_tried = waiting.order_by(file.c.attempts + file.c.returns, file.c.id)
    own = sa.and_(file.c.worker == worker, file.c.lease_until >= store.clock.now())
    tried = sa.case((own, 0), else_=1)  # its own claim again is the same try
    values = {"lease_until": fencing.lease_end(store, claim_s), "attempts": file.c.attempts + tried}
    row = fencing.take(connection, least_tried, file, worker, values)
    if row is None:
        return None
    original = store.original(row.sha256)
    return Claim(row.id, row.generation, row.attempts, row.sha256, row.received_on, original, row.read_as)


def finish(
    connection: Connection,
    store: Store,
    claim: Claim,
    state: FileState,
    reason: SetAsideReason | None = None,
    message: str | None = None,
) -> None:
    """End the claim within the caller's transaction; raises LostClaimError when another worker has the file."""
    changed = connection.execute(
        file.update()
        .where(file.c.id == claim.file_id, file.c.generation == claim.generation, file.c.state == FileState.WAITING)
        .values(
            state=state,
            reason=reason.value if reason else None,
            message=message,
            worker=None,
            lease_until=None,
            finished_at=None if state == FileState.WAITING else store.clock.now(),
        )
    )
    if changed.rowcount != 1:
        raise LostClaimError(claim.file_id)


def set_aside(store: Store, claim: Claim, reason: SetAsideReason, message: str) -> None:
    """End the claim: the file cannot be used; its original stays."""
    with store.write() as connection:
        finish(connection, store, claim, FileState.SET_ASIDE, reason, message)
        audit.append(
            connection, store.clock.now(), MACHINE, "set_aside", f"file {claim.file_id}", {"reason": reason.value}
        )
        crashpoint("set_aside.before_commit")
    crashpoint("set_aside.committed")


def requeue_untried(store: Store, claim: Claim, why: str) -> bool:
    """Have the file wait again after the machine failed, as `why` says; the try does not count.

    True when it was set aside instead: after RETURNS_MAX times between which other files were recorded it is not the
    machine. While no file goes through, as with a full disk, none is set aside.
    """
    with store.write() as connection:
        recorded = connection.execute(_RECORDED).scalar_one()
        row = connection.execute(
            sa.select(file.c.returns, file.c.recorded_then).where(file.c.id == claim.file_id)
        ).one()
        returns = row.returns + (row.recorded_then is None or recorded > row.recorded_then)
        if returns < RETURNS_MAX:
            finish(connection, store, claim, FileState.WAITING)
            counts = {"attempts": claim.attempt - 1, "returns": returns, "recorded_then": recorded}
            connection.execute(file.update().where(file.c.id == claim.file_id).values(counts))
            crashpoint("requeue_untried.before_commit")
    crashpoint("requeue_untried.committed")
    if returns < RETURNS_MAX:
        return False
    message = (
        f"{why} This happened {returns} times while other files were recorded: run `refpad verify`, then try again."
    )
    set_aside(store, claim, SetAsideReason.INTERNAL_ERROR, message)
    return True


_RECORDED = sa.select(sa.func.count()).select_from(file).where(file.c.state.in_([FileState.DONE, FileState.REVIEW]))


def retry(store: Store, file_id: int, who: str, read_as: str | None = None) -> None:
    """Have a file that was set aside read again, after its cause (a limit, a missing program) is mended.

    With `read_as`, a pad's name and edition ("met-1"), its slips are taken to be of that pad.
    """
    with store.write() as connection:
        if not wait_again(connection, store, file_id):
            raise UsageError(
                f"File {file_id} is not set aside",
                "`refpad set-aside list` shows those that are",
                "the page Set aside lists those that are",
            )
        connection.execute(file.update().where(file.c.id == file_id).values(read_as=read_as))
        audit.append(connection, store.clock.now(), who, "retry", f"file {file_id}")
        crashpoint("retry.before_commit")
    crashpoint("retry.committed")


def wait_again(connection: Connection, store: Store, file_id: int) -> bool:
    """Have a file that was set aside wait as if it were new, within the caller's transaction; False when it was not.

    What was said of its pages, and what a person said it is, was about the earlier try.
    """
    again = file.update().where(file.c.id == file_id, file.c.state == FileState.SET_ASIDE)
    fresh = dict.fromkeys(("reason", "message", "finished_at", "recorded_then", "page_count"))
    anew = {"attempts": 0, "returns": 0, "waiting_since": store.clock.now()}
    if connection.execute(again.values(state=FileState.WAITING, **fresh, **anew)).rowcount != 1:
        return False
    connection.execute(page.delete().where(page.c.file_id == file_id))
    renew_pages(connection, file_id)
    connection.execute(settled_file.delete().where(settled_file.c.file_id == file_id))
    return True


def requeue_tried(store: Store, claim: Claim, reason: SetAsideReason, message: str) -> bool:
    """Have the file wait for another try after one that failed; True when it was set aside after TRIES_MAX instead."""
    if claim.attempt >= TRIES_MAX:
        set_aside(store, claim, reason, f"{message} It was tried {claim.attempt} times.")
        return True
    with store.write() as connection:
        finish(connection, store, claim, FileState.WAITING)
        crashpoint("requeue_tried.before_commit")
    crashpoint("requeue_tried.committed")
    return False
