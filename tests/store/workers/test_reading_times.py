"""The sums of where the time went survive restarts, and several readers keep them side by side."""

from schemas.time_spent import Spent, TimeSpent
from store.database import Store
from store.workers.reading_times import keep_times, reading_times

FILE: TimeSpent = {"open": Spent(seconds=0.5, count=2), "record": Spent(seconds=0.25, count=1)}


def times(number: int) -> TimeSpent:
    return {stage: Spent(seconds=spent.seconds * number, count=spent.count * number) for stage, spent in FILE.items()}


def test_two_readers_at_once_and_one_after_them_add_to_one_sum(store: Store) -> None:
    """A sum that fell, or began anew, would show as a peak of work that never was."""
    assert reading_times(store) == {}
    with keep_times(store) as one, keep_times(store) as other:
        one(FILE)
        other(FILE)
        one({})  # a file that could not be read
        one(FILE)
    with keep_times(store) as next_one:
        assert reading_times(store) == times(3)
        next_one(FILE)
    assert reading_times(store) == times(4)
    assert len(list((store.folder / "times").glob("*.json"))) == 2


def test_a_damaged_sum_or_a_full_disk_stops_no_reading(store: Store) -> None:
    """Nothing is decided by it; what is left of it goes on."""
    with keep_times(store) as keep:
        keep(FILE)
    [kept] = (store.folder / "times").glob("*.json")
    kept.write_bytes(kept.read_bytes()[:-5])
    with keep_times(store) as keep:
        assert reading_times(store) == {}
        keep(FILE)
        assert reading_times(store) == FILE
        kept.unlink()
        kept.mkdir()
        keep(FILE)
