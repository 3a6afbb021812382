"""Every test of the store runs on SQLite and on PostgreSQL."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors

from store.clock import SetClock
from store.database import Store, open_store
from store.tables import installation
from tests.databases import PostgreSQL, in_memory, postgresql

__all__ = ["postgresql"]


DATABASES = ("sqlite", "postgresql")
NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)  # a Tuesday, 15:00 in New York


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory: thousands of synced commits would wait for the disk."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as made:
        yield Path(made)


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'refpad.sqlite'}"


@pytest.fixture(params=DATABASES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that was never opened."""
    if request.param == "sqlite":
        yield sqlite_in(tmp_path / "store")
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    made = server.new_database()
    yield made
    server.drop_database(made)


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with its tables and nothing in them, copied: making the tables takes longer than most tests."""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("empty_sqlite"), tmp_path / "store")
        yield sqlite_in(tmp_path / "store")
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    made = server.new_database(request.getfixturevalue("empty_postgresql"))
    yield made
    server.drop_database(made)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite") / "store"
    nameless(open_store(sqlite_in(folder), folder, SetClock(NOW)))
    return folder


@pytest.fixture(scope="session")
def empty_postgresql(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = postgresql.new_database()
    nameless(open_store(url, tmp_path_factory.mktemp("postgresql"), SetClock(NOW)))
    return url.rpartition("/")[2]


def nameless(made: Store) -> None:
    """A copy that kept its name would count as a record that was moved."""
    with made.write() as connection:
        connection.execute(installation.delete())
    made.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW, "America/New_York")


@pytest.fixture
def store(url: str, tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    opened = open_store(url, tmp_path / "store", clock)
    sa.event.listen(opened.engine, "before_execute", _no_not_in_of_a_query)
    yield opened
    opened.close()


def _no_not_in_of_a_query(_connection: object, statement: object, *_parameters: object) -> None:
    """One NULL among a query's rows makes NOT IN unknown for every row, and silently finds nothing: use NOT EXISTS."""
    if isinstance(statement, sa.ClauseElement):
        parts = (part for part in visitors.iterate(statement) if isinstance(part, sa.BinaryExpression))
        of_query = [p for p in parts if p.operator is operators.not_in_op and isinstance(p.right, sa.SelectBase)]
        assert not of_query, f"NOT IN of a query: {of_query[0]}"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
