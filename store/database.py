"""Opening the record: one SQLite file or a PostgreSQL database, and the folder of originals beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from schemas.atomic_write import PRIVATE_FILE
from store import files
from store.anchor import installation, places
from store.anchor.anchor import Anchor
from store.clock import Clock
from store.crashpoints import crashpoint
from store.database_errors import StoreError, plain_errors
from store.kept_files.in_folder import KeptFolder
from store.kept_files.kept_file import SUFFIXES, FilePlace, KeptFile
from store.tables import REVISION

BUSY_TIMEOUT_MS = 30_000
AUDIT_ANCHOR = "refpad_audit_anchor"  # the execution option of connections that write
APPENDED = "refpad_audit_line"  # where a connection notes the line of the audit that it wrote last
# One key for all writers: SQLite has one writer at a time anyway, and on PostgreSQL the audit chain and the
# search for a serial already recorded need the same order. Claims do not take it; those that record what was read share
# it, and take turns, by a key of their own, only for what has one order (docs/decisions/0053-flat-work.md).
WRITE_LOCK_KEY = 0x7265_6670
TURN_LOCK_KEY = 0x7265_6671
HOW_TO_NAME = "write postgresql://USER:PASSWORD@HOST/DATABASE, or sqlite:////FOLDER/FILE"
# SQLite's WAL needs shared memory between its users, which network file systems do not give (sqlite.org/wal.html).
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"})


@dataclass(frozen=True)
class Store:
    """The record. `folder` holds incoming/ and workers/; originals/, pictures/ and letters/ too, unless `kept` does.

    `anchor` is what of the audit is kept elsewhere; only while the record is opened there is none.
    """

    engine: Engine
    folder: Path
    clock: Clock
    anchor: Anchor | None = None
    kept: FilePlace | None = None

    @property
    def incoming(self) -> Path:
        return self.folder / "incoming"

    @property
    def workers(self) -> Path:
        return self.folder / "workers"

    @property
    def files(self) -> FilePlace:
        """Where the files that the record names are kept."""
        return self.kept or KeptFolder(self.folder)

    def original(self, sha256: str) -> KeptFile:
        return self.files.file("originals", sha256)

    def picture(self, sha256: str) -> KeptFile:
        return self.files.file("pictures", sha256)

    def letter(self, sha256: str) -> KeptFile:
        return self.files.file("letters", sha256)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads; whatever is committed meanwhile, all its statements see the same moment."""
        with plain_errors(), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                # Read committed, its default, takes a new snapshot for each statement; SQLite's is the transaction's.
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, alone among writers; committed and synced when the block ends, undone if it raises."""
        with self.claim() as connection:
            _lock(connection, sa.func.pg_advisory_xact_lock, WRITE_LOCK_KEY)
            yield connection

    @contextmanager
    def write_beside(self) -> Iterator[Connection]:
        """One transaction beside others like it, while none of `write` is going on; SQLite has one at a time.

        Until `take_turn` it may write only rows of what it has claimed, and does not see what the others are writing.
        """
        with self.claim() as connection:
            _lock(connection, sa.func.pg_advisory_xact_lock_shared, WRITE_LOCK_KEY)
            yield connection

    def take_turn(self, connection: Connection) -> None:
        """From here to its end a transaction of `write_beside` is alone: all others are committed, or wait for it."""
        _lock(connection, sa.func.pg_advisory_xact_lock, TURN_LOCK_KEY)

    @contextmanager
    def claim(self) -> Iterator[Connection]:
        """One transaction that writes rows it has locked itself; what it adds to the audit is anchored after it."""
        engine = self.engine.execution_options(**{"refpad_writes": True, AUDIT_ANCHOR: self.anchor})
        with plain_errors(), engine.begin() as connection:
            connection.info.pop(APPENDED, None)
            yield connection
            appended = self._to_anchor(connection)
        if self.anchor is not None and appended is not None:
            crashpoint("audit.committed")
            self.anchor.advance(*appended)

    def _to_anchor(self, connection: Connection) -> tuple[int, str] | None:
        """The line that this transaction added to the audit; None too when the anchor knows of another record."""
        appended: tuple[int, str] | None = connection.info.pop(APPENDED, None)
        head = self.anchor.read() if self.anchor is not None and appended is not None else None
        return appended if head is not None and installation.holds(connection, head) else None

    def close(self) -> None:
        self.engine.dispose()


def _lock(connection: Connection, function: Callable[..., sa.Function[Any]], key: int) -> None:
    if connection.dialect.name == "postgresql":
        record = sa.func.hashtext(sa.func.current_schema())  # other studios' records have other schemas
        connection.execute(sa.select(function(key, record)))


def open_store(
    url: str,
    folder: Path,
    clock: Clock,
    state_folder: Path | None = None,
    *,
    may_begin_anew: bool = False,
    kept: FilePlace | None = None,
) -> Store:
    """Open, and create or bring up to date, the record at SQLAlchemy `url` with its files in `folder`, or in `kept`.

    The record's anchor is in `state_folder`, which must not be restored with the others; without one it is in `folder`.
    Raises StoreError, with the remedy, when the database cannot be used, and when it is gone although `state_folder`
    knows that a record lay in `folder`: but for `may_begin_anew`.
    """
    known_to = None if may_begin_anew else state_folder
    engine = open_engine(url, folder, known_to)
    for name in (*(() if kept else SUFFIXES), "incoming", "workers"):
        files.make_folder(folder / name)
    store = Store(engine, folder, clock, kept=kept)
    _bring_up_to_date(store, known_to)
    anchor = _anchor_of(store, files.make_folder(state_folder or folder / "state"))
    places.note_place(anchor.folder, folder, anchor.installation)
    return replace(store, anchor=anchor)


def open_engine(url: str, folder: Path, state_folder: Path | None = None) -> Engine:
    """Connections to the database at `url`, whose files are in `folder`; raises StoreError as `open_store` does."""
    target = _target(url)
    return _sqlite(target, folder, state_folder) if target.get_backend_name() == "sqlite" else _postgresql(target)


def _anchor_of(store: Store, state_folder: Path) -> Anchor:
    with store.read() as connection:
        anchor = installation.find_anchor(connection, state_folder)
    if anchor is not None:
        return anchor
    with store.write() as connection:
        anchor = installation.name_record(connection, state_folder)
        crashpoint("installation.before_commit")
    crashpoint("installation.committed")
    return anchor


def _target(url: str) -> URL:
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: its port is no number
        raise StoreError(f"REFPAD_DATABASE_URL names no database: {HOW_TO_NAME}.") from None
    if target.get_backend_name() not in {"sqlite", "postgresql"}:
        kind = target.get_backend_name()
        raise StoreError(f"refpad keeps its record in sqlite or postgresql, not in {kind}: {HOW_TO_NAME}.")
    return target.set(drivername="postgresql+psycopg") if target.get_backend_name() == "postgresql" else target


def _postgresql(url: URL) -> Engine:
    return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True)


def _sqlite(url: URL, folder: Path, state_folder: Path | None) -> Engine:
    path = Path(url.database or "")
    if not url.database or url.database == ":memory:":
        raise StoreError("The record needs a database file: write sqlite:///FILE.")
    if not path.exists():  # before it is made: SQLite would throw a log away that lies beside no database
        _must_not_be_lost(folder, state_folder)
    files.make_folder(path.parent)
    system = files.file_system_of(path.parent)
    if system in NETWORK_FILE_SYSTEMS:
        raise StoreError(f"SQLite cannot be trusted on {system}: keep the database on a local disk or use PostgreSQL.")
    path.touch(mode=PRIVATE_FILE)
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _must_not_be_lost(folder: Path, state_folder: Path | None) -> None:
    """An empty database where a record was would say that nothing ever came in; raises StoreError."""
    kept = sum(1 for original in (folder / "originals").rglob("*") if original.is_file())
    if kept:
        raise StoreError(
            f"The database is gone or empty although {kept} originals are kept in {folder.name}: restore it from the "
            f"latest backup; to begin anew, move the folder {folder.name} away first."
        )
    if state_folder is not None and places.is_noted(state_folder, folder):
        raise StoreError(
            f"There was a record in {folder.absolute()} and it is gone: put the latest backup in place with refpad "
            "restore FOLDER; if it was moved, set REFPAD_FOLDER to where it is now; to begin with an empty one, type "
            "refpad up --begin-anew."
        )


def _prepare_sqlite(connection: object, _entry: ConnectionPoolEntry) -> None:
    import sqlite3  # only where SQLite is used

    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - the event's type is the driver's
    connection.isolation_level = None  # refpad begins its transactions itself
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer half-way fails with "database is locked" at once: writers say so when they begin.
    writes = connection.get_execution_options().get("refpad_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def make_schema(engine: Engine) -> None:
    """Make the PostgreSQL schema that the connections look into, for a further studio's record, unless it is there."""
    if engine.dialect.name != "postgresql":
        return
    with plain_errors(), engine.begin() as connection:
        wanted = connection.execute(sa.text("SHOW search_path")).scalar_one()
        if connection.execute(sa.select(sa.func.current_schema())).scalar() is None:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_LOCK_KEY)))
            connection.execute(sa.schema.CreateSchema(wanted, if_not_exists=True))


def _bring_up_to_date(store: Store, state_folder: Path | None) -> None:
    """Apply the migrations still missing; the write lock lets one process do it."""
    revision = _revision(store)
    if revision == REVISION:
        return
    if revision is None:
        _must_not_be_lost(store.folder, state_folder)
        make_schema(store.engine)
    with store.write() as connection:
        from store.migrations import upgrade  # Alembic costs a quarter second, and is rarely needed

        upgrade(connection)
        crashpoint("migrate.before_commit")
    crashpoint("migrate.committed")


def _revision(store: Store) -> str | None:
    with store.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
