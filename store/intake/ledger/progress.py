"""How far each file has come: what `refpad up` shows while it runs."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.reasons import FindingCode, SetAsideReason
from schemas.states import FileState, OccurrenceState
from store.database import Store
from store.intake.ledger import drops
from store.intake.ledger.brought import Brought, counts_of
from store.tables import IS_WAITING, file, occurrence, slip
from store.workers import fencing


class FileProgress(Brought):
    """One file by content: its state, what it brought, and why it, or a slip of it, went no further.

    `grew_from` is the file as which it was taken in before it changed in the inbox.
    """

    file_id: int
    sha256: str
    state: FileState
    finished_at: datetime | None
    reason: SetAsideReason | None
    message: str | None
    grew_from: int | None
    findings: tuple[FindingCode, ...]


class Drop(Value):
    """One drop into the inbox that gave no new file to read: a duplicate, or left where it is with a reason."""

    occurrence_id: int
    state: OccurrenceState
    reason: SetAsideReason | None
    message: str | None
    file_id: int | None
    file_state: FileState | None


def progress_of(store: Store, contents: Iterable[str]) -> dict[str, FileProgress]:
    """The files with these SHA-256 hashes that were ever taken in, by hash."""
    rows = _progress(store, file.c.sha256.in_(list(contents)))
    return {row.sha256: row for row in rows}


def finished_since(store: Store, moment: datetime) -> list[FileProgress]:
    """The files whose reading ended after `moment`, in that order."""
    return _progress(store, file.c.finished_at > moment)


def drops_since(store: Store, occurrence_id: int) -> list[Drop]:
    """The drops after that one which gave no new file to read, in order."""
    columns = (occurrence.c.state, occurrence.c.reason, occurrence.c.message, occurrence.c.file_id)
    query = (
        sa.select(occurrence.c.id.label("occurrence_id"), *columns, file.c.state.label("file_state"))
        .select_from(drops.with_files())
        .where(occurrence.c.id > occurrence_id, occurrence.c.state != OccurrenceState.TAKEN)
        .order_by(occurrence.c.id)
    )
    with store.read() as connection:
        return [Drop(**row) for row in connection.execute(query).mappings()]


def last_drop(store: Store) -> int:
    """The number of the latest drop, 0 before the first."""
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.max(occurrence.c.id))).scalar() or 0


def _progress(store: Store, condition: sa.ColumnElement[bool]) -> list[FileProgress]:
    drop, before = occurrence.alias("drop"), occurrence.alias("before")
    grown = sa.select(sa.func.max(before.c.file_id)).join(drop, drop.c.version_of == before.c.id)
    grew_from = grown.where(drop.c.file_id == file.c.id).scalar_subquery().label("grew_from")
    columns = (file.c.sha256, file.c.state, file.c.finished_at, file.c.reason, file.c.message, grew_from)
    files = sa.select(file.c.id.label("file_id"), *columns).where(condition).order_by(file.c.finished_at, file.c.id)
    slips = sa.select(slip.c.file_id, slip.c.findings).join(file, file.c.id == slip.c.file_id)
    with store.read() as connection:
        rows = connection.execute(files).mappings().all()
        slip_rows = connection.execute(slips.where(condition).order_by(slip.c.id)).all()
        counts = counts_of(connection, [row["file_id"] for row in rows])
    codes: dict[int, dict[FindingCode, None]] = {}
    for row in slip_rows:
        codes.setdefault(row.file_id, {}).update(dict.fromkeys(FindingCode(found["code"]) for found in row.findings))
    return [
        FileProgress(**row, **counts.get(row["file_id"], {}), findings=tuple(codes.get(row["file_id"], ())))
        for row in rows
    ]


class Latest(Brought):
    """One of the files that came last: how it was called, where it stands, and what it brought.

    `file_id` and `state` are None when it was left in the inbox, as `message` says. `kept_until` is when a file that
    was taken leaves it, `grew_from` the file as which it was taken before it changed there.
    """

    file_id: int | None
    name: str
    seen_at: datetime
    drop: OccurrenceState
    state: FileState | None
    is_held: bool
    message: str | None
    kept_until: datetime | None
    grew_from: int | None


class Backlog(Value):
    """Files that wait to be read: how many, and since when the first of them; one to be read again, since then."""

    waiting: int
    since: datetime | None


def latest_files(store: Store, most: int) -> list[Latest]:
    """The files that came last, newest first, duplicates too; `is_held` while a worker has claimed it."""
    before = occurrence.alias("before")
    query = (
        sa.select(
            file.c.id.label("file_id"),
            occurrence.c.name_shown.label("name"),
            occurrence.c.seen_at,
            occurrence.c.state.label("drop"),
            file.c.state,
            sa.func.coalesce(occurrence.c.message, file.c.message).label("message"),
            file.c.worker.is_not(None).label("is_held"),
            sa.case((occurrence.c.kept_until > store.clock.now(), occurrence.c.kept_until)).label("kept_until"),
            before.c.file_id.label("grew_from"),
        )
        .select_from(drops.with_files().outerjoin(before, before.c.id == occurrence.c.version_of))
        .where(occurrence.c.state != OccurrenceState.IGNORED)
        .order_by(occurrence.c.id.desc())
        .limit(most)
    )
    with store.read() as connection:
        rows = connection.execute(query).mappings().all()
        counts = counts_of(connection, [row["file_id"] for row in rows if _is_taken(row)])
    return [Latest(**row, **(counts.get(row["file_id"], {}) if _is_taken(row) else {})) for row in rows]


def _is_taken(row: sa.RowMapping) -> bool:
    """A duplicate brought nothing."""
    return bool(row["drop"] == OccurrenceState.TAKEN)


def count_finished_since(store: Store, moment: datetime) -> int:
    """How many files' reading ended after `moment`."""
    query = sa.select(sa.func.count()).select_from(file).where(file.c.finished_at > moment)
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def backlog(store: Store) -> Backlog:
    """What waits to be read."""
    return _waiting(store, IS_WAITING)


def unclaimed(store: Store) -> Backlog:
    """What waits to be read and no living worker has claimed: there is something to do for one more reader."""
    return _waiting(store, IS_WAITING, fencing.is_free(store, file))


def _waiting(store: Store, *conditions: sa.ColumnElement[bool]) -> Backlog:
    columns = (sa.func.count().label("waiting"), sa.func.min(file.c.waiting_since).label("since"))
    with store.read() as connection:
        return Backlog(**connection.execute(sa.select(*columns).where(*conditions)).mappings().one())


def first_lease_end(store: Store) -> datetime | None:
    """When the claim ends that began first of those on files which are being read now; None while none is read."""
    held = sa.select(sa.func.min(file.c.lease_until)).where(
        IS_WAITING, file.c.worker.is_not(None), file.c.lease_until > store.clock.now()
    )
    with store.read() as connection:
        return connection.execute(held).scalar()
