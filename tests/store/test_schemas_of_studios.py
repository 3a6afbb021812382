"""Two records in one PostgreSQL database, the further one in a schema of its own."""

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from schemas.office import Office
from store.clock import SystemClock
from store.database import Store, open_store
from store.directory import offices
from store.tables import metadata
from store.verify import verify
from tests.databases import PostgreSQL

UTC = SystemClock("UTC")


def rows_of(store: Store) -> str:
    """All that the record's connections can see of its tables."""
    with store.read() as connection:
        return " ".join(str(row) for table in metadata.sorted_tables for row in connection.execute(sa.select(table)))


def test_records_in_schemas_of_one_database_do_not_see_each_other(
    postgresql: PostgreSQL, empty_postgresql: str, tmp_path: Path
) -> None:
    """The connection decides whose rows there are: no query can forget it, and each record is migrated by itself."""
    url = postgresql.new_database(empty_postgresql)
    within = f"{url}?options=-csearch_path%3Dstudio_north"
    with (
        closing(open_store(url, tmp_path / "first", UTC, tmp_path / "state")) as first,
        closing(open_store(within, tmp_path / "north", UTC, tmp_path / "state")) as north,
    ):
        offices.add(first, Office(id="riverside", name="Canary First"), "root")
        offices.add(north, Office(id="riverside", name="Canary North"), "root")
        for store, own, other in ((first, "First", "North"), (north, "North", "First")):
            assert f"Canary {own}" in rows_of(store)
            assert f"Canary {other}" not in rows_of(store)
        assert verify(first) == verify(north) == []
        with first.write(), north.write() as others:  # nobody waits for another studio's writer
            assert others.execute(sa.text("SELECT current_schema()")).scalar() == "studio_north"
    postgresql.drop_database(url)
