"""Killed at every step of a backup or a restore, what is there is whole, and doing it again is enough."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.backup import check_backup
from store.letters.restore_guard import check_restored
from store.tables import file, installation, slip
from store.verify import verify
from tests.crash.backup_life import SECOND_URL, latest, second
from tests.crash.crash_harness import Server, points_passed
from tests.crash.crash_life import opened
from tests.databases import PostgreSQL, postgresql

__all__ = ["postgresql"]

KILLED = [-9]
OF_POSTGRESQL = (
    "restore.copied",
    "restore.in_place",
    "restore.before_commit",
    "restore.loaded",
    "restore.before_begin",
)


def lives(server: Server, prepared: Path, point: str, url: str | None = None) -> Path:
    """A life that is killed at `point` and begun again."""
    folder = prepared.parent / point
    shutil.copytree(prepared, folder)
    if url is not None:
        (folder / SECOND_URL).write_text(url)
    assert server.live(folder, point, "backups") == ([0] if point == "nowhere" else KILLED), point
    if point != "nowhere":
        assert server.live(folder, life="backups") == [0], point
    return folder


def assert_whole(folder: Path, point: str) -> None:
    """The backup, the record that it was taken from, and the one that came back from it, which holds its letters."""
    assert check_backup(latest(folder)) == [], point
    assert not list(folder.glob("disk/backups/.*")), point
    first, restored = opened(folder), second(folder)
    assert [verify(store) for store in (first, restored)] == [[], []], point
    assert not check_restored(restored), point
    with first.read() as one, restored.read() as other:
        for table in (file, slip):
            query = sa.select(table).order_by(table.c.id)
            assert one.execute(query).all() == other.execute(query).all(), point
        assert other.execute(sa.select(installation.c.acknowledged_by)).scalar() is not None, point
    first.close()
    restored.close()


def test_killed_at_any_step_of_a_backup_or_restore_it_is_simply_done_again(server: Server, prepared: Path) -> None:
    """Never half a backup under a name, never half a record in place."""
    undisturbed = lives(server, prepared, "nowhere")
    assert_whole(undisturbed, "nowhere")
    own = ("backup.", "restore.", "restore_guard.", "acknowledge_restore.")
    points = [point for point in points_passed(undisturbed) if point.startswith(own)]
    last = {point.partition(":")[0]: point for point in points}
    for point in dict.fromkeys(point for point in points if point.endswith(":1") or point in last.values()):
        folder = lives(server, prepared, point)
        assert_whole(folder, point)
        shutil.rmtree(folder)


@pytest.mark.parametrize("point", OF_POSTGRESQL)
def test_killed_while_postgresql_is_filled_the_next_restore_fills_it(
    point: str, server: Server, prepared: Path, postgresql: PostgreSQL
) -> None:
    """The rows come in one transaction."""
    url = postgresql.new_database()
    assert_whole(lives(server, prepared, point, url), point)
    postgresql.drop_database(url)
