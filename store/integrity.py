"""Is the database whole? What its own checks find, and what only hashes of the records can find."""

from collections.abc import Iterator
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from store.database import Store
from store.database_errors import DamagedError
from store.tables import appointment, follow_up, outreach, referral, slip
from store.tables.appointments import appointment_hash
from store.tables.columns import content_hash
from store.tables.followups import follow_up_hash
from store.tables.outreach import outreach_hash

FAULTS_MOST = 100  # more of them say no more
ROWS_A_FETCH = 500
HASHED = ((referral, referral.c.record), (slip, slip.c.reading))
HASHED_ROWS = ((follow_up, follow_up_hash), (appointment, appointment_hash), (outreach, outreach_hash))


def require_sound(store: Store) -> None:
    """Raise DamagedError when the database's pages are damaged; quick enough for each start of refpad."""
    if count_faults(store, "quick_check"):
        raise DamagedError


def count_faults(store: Store, check: Literal["integrity_check", "quick_check"] = "integrity_check") -> int:
    """How many faults SQLite finds in its pages, indexes and links between tables; at most FAULTS_MOST.

    PostgreSQL finds damage when it reads a page (data checksums) and refuses broken links by itself: there it is 0.
    """
    if store.engine.dialect.name != "sqlite":
        return 0
    with store.engine.connect() as connection:  # not `read`, whose end fails on a damaged file
        try:
            found = connection.exec_driver_sql(f"PRAGMA {check}({FAULTS_MOST})").scalars().all()
            links = 0 if check == "quick_check" else len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
        except DatabaseError:  # so damaged that the check itself stops
            return FAULTS_MOST
    return min((0 if found == ["ok"] else len(found)) + links, FAULTS_MOST)


def changed_records(connection: Connection) -> Iterator[tuple[str, int]]:
    """Table and number of every record whose content is not what was written."""
    for table, content in HASHED:
        query = sa.select(table.c.id, content.label("content"), table.c.content_sha256).order_by(table.c.id)
        for row in connection.execution_options(yield_per=ROWS_A_FETCH).execute(query):
            if content_hash(row.content) != row.content_sha256:
                yield table.name, row.id
    for table, hash_of in HASHED_ROWS:
        found = connection.execution_options(yield_per=ROWS_A_FETCH).execute(sa.select(table).order_by(table.c.id))
        for hashed_row in found.mappings():
            if hash_of(hashed_row) != hashed_row["content_sha256"]:
                yield table.name.replace("_", "-"), hashed_row["id"]
