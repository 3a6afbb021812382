"""What leaves the store when its database does not do as it is told: a sentence, and no row."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.errors import NotOnRecordError
from store.clock import SetClock
from store.database import Store, open_store
from store.database_errors import StoreError
from store.tables import office, referral


def test_a_server_that_is_away_is_told_from_a_statement_that_it_refuses(tmp_path: Path, clock: SetClock) -> None:
    """Whoever stopped PostgreSQL looks for a server, and not for rights or a disk."""
    with pytest.raises(StoreError, match="gives no connection"):
        open_store("postgresql+psycopg://refpad@127.0.0.1:1/refpad", tmp_path, clock)


def test_an_error_of_the_database_names_no_value(store: Store) -> None:
    """Drivers quote the failing row, and rows hold patients."""
    row = {"id": "x", "name": "Ada Quill", "added_at": datetime(2026, 3, 3, tzinfo=UTC)}
    with store.write() as connection:
        connection.execute(office.insert().values(row))
    with pytest.raises(StoreError) as caught, store.write() as connection:
        connection.execute(office.insert().values(row))
    assert "Ada" not in str(caught.value)
    assert "IntegrityError" in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_number_that_no_database_holds_is_of_nothing_on_record(store: Store) -> None:
    """It is typed, or comes from another program: the driver ended a command with its own error."""
    found = sa.select(referral.c.id).where(referral.c.id == 10**30)
    with pytest.raises(NotOnRecordError, match="nothing under so large a number"), store.read() as connection:
        connection.execute(found)
    with pytest.raises(OverflowError), store.read():  # another's
        _ = datetime.max + timedelta(days=1)


@pytest.mark.parametrize(
    ("pragma", "sentence"),
    [("max_page_count = 1", "No room is left on the disk of the database"), ("query_only = 1", "may not be written")],
)
def test_what_an_operator_can_mend_is_named(pragma: str, sentence: str, tmp_path: Path, clock: SetClock) -> None:
    """A full disk and a wrong owner were both "check its disk, rights and server"."""
    row = {"id": "x", "name": "x" * 50_000, "added_at": datetime(2026, 3, 3, tzinfo=UTC)}

    def fill(store: Store) -> None:
        with store.write() as connection:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.execute(office.insert().values(row))

    with (
        closing(open_store(f"sqlite:///{tmp_path / 'record.sqlite'}", tmp_path, clock)) as store,
        pytest.raises(StoreError, match=sentence),
    ):
        fill(store)
