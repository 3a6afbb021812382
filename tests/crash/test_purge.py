"""Killed at any step of a purge and begun again, it ends; and until it has, the record says so."""

import shutil
from pathlib import Path

from store.purge.purging import purges
from store.referrals.referrals import exported_referrals
from store.verify import verify
from tests.crash.crash_harness import Server, points_passed
from tests.crash.purge_life import PURGED_NAME, later, prepare_old

KILLED = [-9]
BEGUN = ("purge.begun:1", "purge.taken:1", "purge.file_removed:1", "purge.rest_removed:1", "purge.compacted:1")
OWN = ("legal_hold.", "lift_hold.", "purge.")


def left_of(folder: Path) -> set[str]:
    """The files in which a word of the purged patient can still be read."""
    words = [word.encode() for word in PURGED_NAME.lower().split()]
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.name for path in paths if any(word in path.read_bytes().lower() for word in words)}


def assert_purged(folder: Path, point: str) -> None:
    store = later(folder)
    assert verify(store) == [], point
    assert [row.referral_id for row in exported_referrals(store)] == ["2"], point
    assert [bool(purge.finished_at) for purge in purges(store)].count(False) == 0, point
    assert sum(purge.counts.get("files", 0) for purge in purges(store)) == 1, point
    store.close()
    assert left_of(folder) == set(), point


def test_killed_at_any_step_a_purge_goes_on_to_its_end_when_it_is_begun_again(server: Server, room: Path) -> None:
    """Never half and silent: rows that are gone with files that are left are a problem that verify finds."""
    prepare_old(room / "prepared")
    assert left_of(room / "prepared") != set()
    shutil.copytree(room / "prepared", room / "undisturbed")
    assert server.live(room / "undisturbed", life="purges") == [0]
    assert_purged(room / "undisturbed", "nowhere")
    for point in (point for point in points_passed(room / "undisturbed") if point.startswith(OWN)):
        folder = room / point
        shutil.copytree(room / "prepared", folder)
        assert server.live(folder, point, "purges") == KILLED, point
        if point in BEGUN:
            store = later(folder)
            assert [problem.subject for problem in verify(store)] == ["purge 1"], point
            store.close()
        assert server.live(folder, life="purges") == [0], point
        assert_purged(folder, point)
        shutil.rmtree(folder)
