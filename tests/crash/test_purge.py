"""Killed at each step of a purge and begun again, it ends; and until it has, the record says so."""

import shutil
from pathlib import Path

from store.purge.purging import purges
from store.referrals.referrals import exported_referrals
from store.verify import verify
from tests.crash.crash_harness import Server, points_passed
from tests.crash.purge_life import PURGED_NAME, later, prepare_old

KILLED = [-9]
OWN = ("legal_hold.", "lift_hold.", "purge.")
HOLD = ("legal_hold.before_commit", "legal_hold.committed", "lift_hold.before_commit", "lift_hold.committed")
BEGUN = (
    "purge.begun",
    "purge.rows_removed",
    "purge.before_commit",
    "purge.taken",
    "purge.before_dropped",
    "purge.dropped",
    "purge.before_outreach",
    "purge.outreach_taken",
    "purge.file_removed",
    "purge.rest_before_commit",
    "purge.rest_removed",
    "purge.compacted",
    "purge.before_end",
)
AGAIN = ("purge.rows_removed", "purge.before_commit", "purge.file_removed", "purge.compacted")


def left_of(folder: Path) -> set[str]:
    """The files in which a word of the purged patient can still be read."""
    words = [word.encode() for word in PURGED_NAME.lower().split()]
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.name for path in paths if any(word in path.read_bytes().lower() for word in words)}


def problems(folder: Path) -> set[str]:
    """What `refpad verify` finds, without numbers."""
    store = later(folder)
    found = {problem.subject.rstrip("0123456789 ") for problem in verify(store)}
    store.close()
    return found


def assert_purged(folder: Path) -> None:
    assert problems(folder) == set()
    store = later(folder)
    assert [row.referral_id for row in exported_referrals(store)] == ["2"]
    done = purges(store)
    store.close()
    assert all(purge.finished_at for purge in done)
    assert sum(purge.counts.get("files", 0) for purge in done) == 1
    assert left_of(folder) == set()


def test_killed_at_each_step_in_turn_a_purge_goes_on_to_its_end(server: Server, room: Path) -> None:
    """Never half and silent; and after an older record was put back, killed and begun again as well."""
    folder = room / "killed"
    prepare_old(folder)
    shutil.copytree(folder, room / "undisturbed")
    assert left_of(folder) != set()
    assert server.live(room / "undisturbed", life="purges") == [0]
    assert_purged(room / "undisturbed")
    passed = {point.partition(":")[0] for point in points_passed(room / "undisturbed")}
    points = (*HOLD, "purge.before_begin", *BEGUN, "purge.ended")
    assert {point for point in passed if point.startswith(OWN)} == set(points)
    for point in points:
        assert server.live(folder, point, "purges") == KILLED, point
        assert problems(folder) == ({"purge"} if point in BEGUN else set()), point
    for point in AGAIN:
        assert server.live(folder, point, "purges") == KILLED, point
    assert server.live(folder, life="purges") == [0]
    assert_purged(folder)
