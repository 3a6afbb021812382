"""A measure on PostgreSQL has a database of its own, and leaves those that are there alone."""

from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bench.scale.databases import PREFIX, new_record
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError
from tests.databases import PostgreSQL, postgresql

__all__ = ["postgresql"]
AWAY = "postgresql://refpad:secret@127.0.0.1:9/refpad"


def _databases(postgresql: PostgreSQL) -> set[str]:
    with psycopg.connect(postgresql.url("postgres")) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_a_measures_database_is_made_and_gone_afterwards(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """Somebody names the database of their real record: no invented referral may get into it."""
    before = _databases(postgresql)
    with new_record(Settings(folder=tmp_path, practice=True), postgresql.url("postgres")) as settings:
        with closing(open_record(settings)) as store:
            assert str(store.engine.url.database).startswith(PREFIX)
        assert len(_databases(postgresql) - before) == 1
    assert _databases(postgresql) == before


def test_without_a_server_the_record_is_where_it_was(tmp_path: Path) -> None:
    """SQLite in the folder."""
    settings = Settings(folder=tmp_path, practice=True)
    with new_record(settings, None) as same:
        assert same is settings


def test_a_server_that_is_away_is_said_without_its_password(tmp_path: Path) -> None:
    """The driver's own words quote the address."""
    settings = Settings(folder=tmp_path, practice=True)
    with pytest.raises(MachineError, match="did not create database") as refused, new_record(settings, AWAY):
        pass
    assert "secret" not in str(refused.value)
