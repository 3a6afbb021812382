"""Restore guard: a record that was restored from a backup must not send again what was sent since.

A marker file beside the record holds a name of its own, its own inode, and how many letters were sent. A restored copy
has another inode; a restored database knows of fewer letters than the file. Either way the letters that wait are held
until a person has looked.
"""

import fcntl
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.atomic_write import sync, sync_folder
from schemas.export import MACHINE
from schemas.letter import LetterState
from store import audit, files
from store.crashpoints import crashpoint
from store.database import Store
from store.tables import outbox, place

RESTORED = "The record was put back from a backup: it may have been sent before. Release it, or drop it."
FILE = "place"
_DIGITS = 20  # of an inode and of a count, so that a new count is written over the old one in place
_COUNT_AT = 32 + 1 + _DIGITS + 1


@dataclass(frozen=True)
class _Marker:
    name: str
    letters_sent: int


def check_restored(store: Store) -> bool:
    """Whether the record was restored or moved since the last letter; if it was, its letters are now held."""
    with store.write() as connection:
        row = connection.execute(sa.select(place)).mappings().first()
        marker_file = _read(store.folder / FILE)
        if row is not None and marker_file is not None:
            known = marker_file.name == row["marker"] and marker_file.letters_sent <= row["letters_sent"]
            if known:
                return False
        sent = row["letters_sent"] if row else 0
        marker = _make(store, sent)
        if row is None:
            connection.execute(place.insert().values(id=1, marker=marker, letters_sent=sent))
        else:
            connection.execute(place.update().values(marker=marker, restored_at=store.clock.now()))
            _hold_all(connection)
            audit.append(connection, store.clock.now(), MACHINE, "restored", "outbox")
        crashpoint("restore_guard.before_commit")
    crashpoint("restore_guard.committed")
    return row is not None


def restored_at(connection: Connection) -> datetime | None:
    """When the record was last found to be restored; letters of earlier follow-ups may have been sent already."""
    return connection.execute(sa.select(place.c.restored_at)).scalar()


def count_sent(connection: Connection, letters: int) -> None:
    """Count letters that were sent, in the transaction that records it; `write_sent_count` follows its commit."""
    connection.execute(place.update().values(letters_sent=place.c.letters_sent + letters))


def write_sent_count(store: Store) -> None:
    """Write the count of letters sent into the marker file, after the commit: it may be too low, never too high."""
    with store.read() as connection:
        row = connection.execute(sa.select(place)).mappings().first()
    if row is None:
        return
    try:
        handle = os.open(store.folder / FILE, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # removed: the next check holds what waits
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        written = os.pread(handle, _DIGITS, _COUNT_AT)
        if int(written) < row["letters_sent"]:
            os.pwrite(handle, b"%0*d" % (_DIGITS, row["letters_sent"]), _COUNT_AT)
            os.fsync(handle)
    finally:
        os.close(handle)
    crashpoint("restore_guard.counted")


def _read(path: Path) -> _Marker | None:
    """What the file says; None when it is not there, or is a copy of what it was."""
    try:
        with files.open_regular(path) as file:
            name, inode, letters = file.read().split()
            if int(inode) != os.fstat(file.fileno()).st_ino:
                return None
            return _Marker(name.decode(), int(letters))
    except (OSError, ValueError):
        return None


def _make(store: Store, letters_sent: int) -> str:
    """A new file with a new name; the name."""
    name = uuid.uuid4().hex
    with files.new_file(store.incoming) as (temporary, file):
        inode = os.fstat(file.fileno()).st_ino
        file.write(f"{name} {inode:0{_DIGITS}d} {letters_sent:0{_DIGITS}d}\n".encode())
        sync(file)
        temporary.rename(store.folder / FILE)
    sync_folder(store.folder)
    return name


def _hold_all(connection: Connection) -> None:
    """What was ready waits for a release; what was being sent is uncertain."""
    for state, into in ((LetterState.READY, LetterState.HELD), (LetterState.SENDING, LetterState.UNCERTAIN)):
        these = outbox.update().where(outbox.c.state == state.value)
        connection.execute(these.values(state=into.value, message=RESTORED))
