"""Writing the database anew, so that no byte of deleted rows is left in its files."""

import sqlite3
from contextlib import closing

import sqlalchemy as sa

from schemas.errors import MachineError
from store.database import Store
from store.tables import metadata


def compact(store: Store) -> None:
    """SQLite: its file without its free pages, and its log emptied. PostgreSQL: the tables in new files.

    Raises MachineError while another program keeps the log from being emptied, or when there is no room.
    """
    if store.engine.dialect.name == "sqlite":
        _compact_sqlite(store)
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in metadata.sorted_tables:
            if table.name not in ("audit", "installation"):
                connection.execute(sa.text(f"VACUUM (FULL) {table.name}"))
        if _may_checkpoint(connection):
            connection.execute(sa.text("CHECKPOINT"))


def _may_checkpoint(connection: sa.Connection) -> bool:
    """Only superusers, and members of pg_checkpoint, may ask for one; without it the server does so in minutes.

    The role is asked for by its row: before PostgreSQL 15 there is none, and its name would be an error.
    """
    query = """
        SELECT rolsuper OR EXISTS (
            SELECT 1 FROM pg_roles AS may WHERE may.rolname = 'pg_checkpoint' AND pg_has_role(may.oid, 'usage')
        ) FROM pg_roles WHERE rolname = current_user
    """
    return bool(connection.execute(sa.text(query)).scalar())


def _compact_sqlite(store: Store) -> None:
    """A vacuum's temporary copy of the database is kept in memory: on disk it would be outside the record's folder."""
    with closing(store.engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - the dialect's driver
        try:
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            why = getattr(error, "sqlite_errorname", "") or "no room"
            raise MachineError(
                f"The database could not be written anew ({why}): make room, and type refpad purge --yes again."
            ) from None
        finally:
            connection.execute("PRAGMA temp_store = DEFAULT")
    if busy:
        raise MachineError(
            "Another program keeps the database's log from being emptied, and it still holds what was purged: "
            "stop refpad up, and type refpad purge --yes again."
        )
