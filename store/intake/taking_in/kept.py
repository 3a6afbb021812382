"""What was taken in and stays in the inbox for some minutes: a writer may open it again for one page more.

A file is known again by its inode, its name, its size and its times; no byte of it is read to know it.
"""

import hashlib
import os
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.export import MACHINE
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.tables import file, occurrence

# An inode that is free is used again, perhaps for a file of the same name: after so long it is another scan.
SAME_FILE_MOST = timedelta(days=1)


class Earlier(Value):
    """The drop as which a file in the inbox was taken in before it changed."""

    occurrence_id: int
    file_id: int
    sha256: str


def place_of(name: bytes, status: os.stat_result) -> str:
    """Which file it is, whatever it holds."""
    return f"{status.st_ino}:{hashlib.sha256(name).hexdigest()[:32]}"


def fingerprint_of(name: bytes, status: os.stat_result) -> str:
    """The same only for the same drop: any write, and a copy of it, has another change time or inode."""
    return f"{place_of(name, status)}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def kept_fingerprints(store: Store) -> frozenset[str]:
    """Of the files that were taken in and still lie in the inbox, unchanged."""
    is_kept = occurrence.c.kept_until > store.clock.now() - SAME_FILE_MOST
    with store.read() as connection:
        return frozenset(connection.execute(sa.select(occurrence.c.fingerprint).where(is_kept)).scalars())


def find_earlier(connection: Connection, place: str, now: datetime) -> Earlier | None:
    """What was taken in from this place and has not been removed; None for a file that is new."""
    columns = (occurrence.c.id.label("occurrence_id"), occurrence.c.file_id, file.c.sha256)
    from_here = occurrence.c.fingerprint.startswith(f"{place}:", autoescape=True)
    query = sa.select(*columns).join(file, file.c.id == occurrence.c.file_id)
    query = query.where(from_here, occurrence.c.kept_until > now - SAME_FILE_MOST)
    found = [Earlier(**row) for row in connection.execute(query).mappings()]  # in no order, for which SQLite reads all
    return max(found, key=lambda earlier: earlier.occurrence_id, default=None)


def keep_as(connection: Connection, occurrence_id: int, fingerprint: str) -> None:
    """Only the times of a kept file changed, as when somebody gave it other rights: it is the same drop."""
    connection.execute(occurrence.update().where(occurrence.c.id == occurrence_id).values(fingerprint=fingerprint))


def note_version(connection: Connection, store: Store, file_id: int, earlier: Earlier) -> None:
    """The file at that place is a later version now; the earlier one lies there no more."""
    values = {"kept_until": None}
    connection.execute(occurrence.update().where(occurrence.c.id == earlier.occurrence_id).values(values))
    detail = {"of": earlier.file_id}
    audit.append(connection, store.clock.now(), MACHINE, "new_version", f"file {file_id}", detail)


def end_keeping(store: Store, occurrence_id: int) -> None:
    """The file is about to be removed: what comes to its place from now on is another."""
    kept = occurrence.update().where(occurrence.c.id == occurrence_id, occurrence.c.kept_until.is_not(None))
    with store.write() as connection:
        connection.execute(kept.values(kept_until=None))
        crashpoint("end_keeping.before_commit")
    crashpoint("end_keeping.committed")
