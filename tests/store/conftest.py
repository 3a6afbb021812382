"""Every test of the store runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.clock import SetClock
from store.database import Store, open_store
from tests.databases import PostgreSQL, postgresql

__all__ = ["postgresql"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store' / 'refpad.sqlite'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def clock() -> SetClock:
    """Tuesday 3 March 2026, 15:00 in New York."""
    return SetClock(datetime(2026, 3, 3, 20, 0, tzinfo=UTC), "America/New_York")


@pytest.fixture
def store(url: str, tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    opened = open_store(url, tmp_path / "store", clock)
    yield opened
    opened.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
