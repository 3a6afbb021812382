"""PostgreSQL writes the database anew, and its log goes on from there where the record's user may have it so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.clock import SetClock
from store.database import Store, open_engine, open_store
from store.purge.compact import compact
from tests.databases import PostgreSQL

ROLES = {  # one word each, so that they stand in a connection's options as they are
    "admin": "SUPERUSER",
    "keeper": "IN ROLE pg_checkpoint",
    "named_only": "NOINHERIT IN ROLE pg_checkpoint",
    "ordinary": "",
}


@pytest.fixture
def of_roles(empty_postgresql: str, postgresql: PostgreSQL, tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    """A record, and a user for each kind of rights; they are the server's, and go with the test."""
    url = postgresql.new_database(empty_postgresql)
    store = open_store(url, tmp_path / "store", clock)
    with store.write() as connection:
        for role, rights in ROLES.items():
            connection.exec_driver_sql(f"CREATE ROLE {role} {rights}")
    yield store
    with store.write() as connection:
        for role in ROLES:
            connection.exec_driver_sql(f"DROP ROLE {role}")
    store.close()
    postgresql.drop_database(url)


@pytest.mark.parametrize(
    ("role", "asks"), [("admin", True), ("keeper", True), ("named_only", False), ("ordinary", False)]
)
def test_a_checkpoint_is_asked_for_by_whoever_may(role: str, asks: bool, of_roles: Store) -> None:
    """What was purged stays in the log until then; a user without the right must not fail for asking."""
    url = of_roles.engine.url.update_query_dict({"options": f"-c role={role}"})
    engine = open_engine(url.render_as_string(hide_password=False), of_roles.folder)
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    compact(replace(of_roles, engine=engine))
    engine.dispose()
    assert ("CHECKPOINT" in asked) is asks
