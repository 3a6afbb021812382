"""Opening the record: migrations, durability settings, rights, and errors that name no patient."""

import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas.errors import MachineError
from store import migrations
from store.clock import SetClock, SystemClock
from store.database import Store, open_store
from store.database_errors import StoreError
from store.tables import REVISION, audit, metadata


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # of SQLite, which PostgreSQL compares as well
def test_the_tables_are_what_the_migrations_make(store: Store) -> None:
    """A column added to tables.py without a migration would exist on no studio's machine."""
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert migrations.newest() == REVISION


def test_opening_again_changes_nothing(store: Store, url: str, tmp_path: Path, clock: SetClock) -> None:
    """Every command opens the store; only the first may migrate."""
    again = open_store(url, tmp_path / "store", clock)
    with again.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM alembic_version")).scalar() == 1
    again.close()


def test_eight_processes_may_open_a_new_store_at_once(bare_url: str, tmp_path: Path, clock: SetClock) -> None:
    """Watcher, workers and commands all start together on a fresh machine; one of them migrates."""
    failures: list[Exception] = []

    def start() -> None:
        try:
            open_store(bare_url, tmp_path / "store", clock).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_database_of_a_newer_refpad_is_refused(store: Store, url: str, tmp_path: Path, clock: SetClock) -> None:
    """An old worker on a new database would write what the new one cannot read."""
    with store.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MachineError, match="update refpad"):
        open_store(url, tmp_path / "store", clock)


def test_a_commit_on_sqlite_survives_a_power_cut(tmp_path: Path, clock: SetClock) -> None:
    """WAL with synchronous=NORMAL may forget the last commits; the original would be gone from the inbox by then."""
    store = open_store(f"sqlite:///{tmp_path / 's' / 'refpad.sqlite'}", tmp_path / "s", clock)
    with store.read() as connection:
        told = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    store.close()
    assert told == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_nobody_else_may_look_into_the_store(store: Store) -> None:
    """Originals and records are patients' data: folders 0700, files 0600, whatever the umask."""
    for each in (store.folder, *store.folder.rglob("*")):
        others = stat.S_IMODE(each.stat().st_mode) & 0o077
        assert others == 0, each.name


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://somewhere/refpad", "sqlite or postgresql, not in mysql"),
        ("sqlite://", "needs a database file"),
        ("nonsense", "names no database"),
        ("postgresql://host:port/refpad", "names no database: write postgresql://USER"),
        ("postgres://host/refpad", "not in postgres: write postgresql://USER:PASSWORD@HOST/DATABASE"),
    ],
)
def test_a_database_that_cannot_hold_the_record_is_refused_with_the_remedy(
    url: str, says: str, tmp_path: Path, clock: SetClock
) -> None:
    """A wrong URL in the settings is found before the first scan, not after."""
    with pytest.raises(StoreError, match=says):
        open_store(url, tmp_path, clock)


@pytest.mark.parametrize("change", [lambda: audit.update().values(who="someone else"), lambda: audit.delete()])
def test_the_audit_can_only_grow(store: Store, change: Callable[[], sa.Executable]) -> None:
    """What was done stays said, even for a program with the right to write."""
    with store.write() as connection:
        line = {"id": 1, "at": store.clock.now(), "who": "kim", "what": "view", "subject": "slip 1", "detail": {}}
        connection.execute(audit.insert().values(**line, previous="0" * 64, hash="f" * 64))
    with pytest.raises(StoreError), store.write() as connection:
        connection.execute(change())


def test_today_is_the_studios_day_not_the_servers() -> None:
    """At 23:30 in New York it is tomorrow in UTC; a due date must not jump ahead."""
    late = SetClock(datetime(2026, 3, 4, 4, 30, tzinfo=UTC), "America/New_York")
    assert late.today().isoformat() == "2026-03-03"
    assert SystemClock("America/New_York").now().tzinfo is UTC
    assert SystemClock("UTC", late.today()).today() == late.today()
