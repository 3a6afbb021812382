"""How far each file has come: what `refpad up` tells while it runs."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from schemas.base import Value
from schemas.reasons import FindingCode, SetAsideReason
from store.database import Store
from store.tables import ACCEPTED, REJECTED, REVIEW, TAKEN, file, occurrence, slip


class FileProgress(Value):
    """One file by content: its state, its slips counted, and why it, or a slip of it, went no further."""

    file_id: int
    sha256: str
    state: str
    finished_at: datetime | None
    reason: SetAsideReason | None
    message: str | None
    accepted: int
    review: int
    rejected: int
    findings: tuple[FindingCode, ...]


class Drop(Value):
    """One drop into the inbox that gave no new file to read: a duplicate, or left where it is with a reason."""

    occurrence_id: int
    state: str
    reason: SetAsideReason | None
    message: str | None
    file_id: int | None


def progress_of(store: Store, contents: Iterable[str]) -> dict[str, FileProgress]:
    """The files with these SHA-256 hashes that were ever taken in, by hash."""
    found = _progress(store, file.c.sha256.in_(list(contents)))
    return {each.sha256: each for each in found}


def finished_since(store: Store, moment: datetime) -> list[FileProgress]:
    """The files whose reading ended after `moment`, in that order."""
    return _progress(store, file.c.finished_at > moment)


def drops_since(store: Store, occurrence_id: int) -> list[Drop]:
    """The drops after that one which gave no new file to read, in order."""
    columns = (occurrence.c.state, occurrence.c.reason, occurrence.c.message, occurrence.c.file_id)
    query = (
        sa.select(occurrence.c.id.label("occurrence_id"), *columns)
        .where(occurrence.c.id > occurrence_id, occurrence.c.state != TAKEN)
        .order_by(occurrence.c.id)
    )
    with store.read() as connection:
        return [Drop(**row) for row in connection.execute(query).mappings()]


def last_drop(store: Store) -> int:
    """The number of the latest drop, 0 before the first."""
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.max(occurrence.c.id))).scalar() or 0


def _progress(store: Store, which: sa.ColumnElement[bool]) -> list[FileProgress]:
    columns = (file.c.sha256, file.c.state, file.c.finished_at, file.c.reason, file.c.message)
    files = sa.select(file.c.id.label("file_id"), *columns).where(which).order_by(file.c.finished_at, file.c.id)
    slips = sa.select(slip.c.file_id, slip.c.state, slip.c.findings).join(file, file.c.id == slip.c.file_id)
    with store.read() as connection:
        rows = connection.execute(files).mappings().all()
        found = connection.execute(slips.where(which).order_by(slip.c.id)).mappings().all()
    return [FileProgress(**row, **_of_slips([s for s in found if s["file_id"] == row["file_id"]])) for row in rows]


def _of_slips(slips: list[sa.RowMapping]) -> dict[str, object]:
    states = Counter(each["state"] for each in slips)
    codes = dict.fromkeys(FindingCode(finding["code"]) for each in slips for finding in each["findings"])
    return {**{state: states[state] for state in (ACCEPTED, REVIEW, REJECTED)}, "findings": tuple(codes)}
