"""The record as one SQLite file, of one moment, while others write to it."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from schemas.atomic_write import PRIVATE_FILE
from store.database import Store
from store.database_errors import DamagedError, sqlite_kind
from store.kept_files.kept_file import Kind
from store.migrations import upgrade
from store.purge.numbers import keep_numbers
from store.tables import file, metadata, outbox, slip

ROWS_AT_ONCE = 1000
ERRNO = {"FULL": errno.ENOSPC, "IOERR": errno.EIO, "READONLY": errno.EACCES, "CANTOPEN": errno.EACCES}


def write_snapshot(store: Store, path: Path) -> None:
    """Write the record to a new SQLite file: SQLite's online backup, or on PostgreSQL a copy of every row."""
    path.touch(mode=PRIVATE_FILE)
    if store.engine.dialect.name == "sqlite":
        with room_for(path):
            _copy_sqlite(store, path)
    else:
        engine = engine_of(path)
        with room_for(path), engine.begin() as into:
            upgrade(into)
        with store.read() as rows, room_for(path), engine.begin() as into:
            copy_rows(rows, into)
            keep_numbers(into)
        engine.dispose()


@contextmanager
def room_for(path: Path) -> Iterator[None]:
    """Raises OSError when the snapshot's disk does not take it, as for other files: SQLite has words of its own."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        kind = sqlite_kind(getattr(error, "orig", error))
        if kind in ("CORRUPT", "NOTADB"):
            raise DamagedError from None
        if kind not in ERRNO:
            raise
        raise OSError(ERRNO[kind], os.strerror(ERRNO[kind]), str(path)) from None


def engine_of(path: Path) -> Engine:
    """For a snapshot that nobody else uses."""
    url = sa.URL.create("sqlite", database=str(path))  # written as a text, a path with a ? would name another file
    return sa.create_engine(url, hide_parameters=True, poolclass=sa.pool.NullPool)


def copy_rows(rows: Connection, into: Connection) -> None:
    """Copy all rows of all tables, those first that others refer to."""
    for table in metadata.sorted_tables:
        order = [table.c[column.name] for column in table.primary_key]
        found = rows.execution_options(yield_per=ROWS_AT_ONCE).execute(sa.select(table).order_by(*order))
        for some in found.mappings().partitions(ROWS_AT_ONCE):
            into.execute(table.insert(), [dict(row) for row in some])


def kept_files(connection: Connection) -> Iterator[tuple[Kind, str]]:
    """Kind and SHA-256 of every file that the record names, each once."""
    named: tuple[tuple[Kind, sa.Column[str]], ...] = (
        ("originals", file.c.sha256),
        ("pictures", slip.c.picture_sha256),
        ("letters", outbox.c.pdf_sha256),
    )
    for kind, column in named:
        query = sa.select(column).where(column.is_not(None)).distinct().order_by(column)
        for sha256 in connection.execute(query).scalars():
            yield kind, sha256


def _copy_sqlite(store: Store, path: Path) -> None:
    with (
        closing(store.engine.raw_connection()) as pooled,
        closing(sqlite3.connect(path)) as into,
    ):
        source = pooled.driver_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101 - the dialect's driver
        source.backup(into)
        into.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
