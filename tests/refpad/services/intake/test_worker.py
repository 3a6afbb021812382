"""Two hands at one desk: every file is worked once, whoever is slow."""

import threading
import time
from datetime import date
from pathlib import Path

import pytest

from refpad.services.intake.process_file import Outcome
from refpad.services.intake.worker import Desk
from schemas.errors import MachineError
from store.intake.claims import Claim

CLAIMED = [Claim(number, 1, 1, f"{number:064x}", date(2026, 3, 3), Path("original")) for number in (1, 2, 3)]


class Bench:
    """A desk with three claims waiting, and a note of all that is done at it."""

    def __init__(self, work_s: float = 0.0, *, broken: bool = False) -> None:
        self.waiting, self.exports = list(CLAIMED), 0
        self.done: list[int] = []
        self.released: list[int] = []
        self.now_s, self.work_s, self.broken = 100.0, work_s, broken
        self.desk = Desk(self._claim, self._work, self._deliver, self._release, clock=lambda: self.now_s)

    def _claim(self) -> Claim | None:
        return self.waiting.pop(0) if self.waiting else None

    def _work(self, claim: Claim) -> Outcome:
        time.sleep(self.work_s)
        if self.broken:
            raise MachineError("The disk is full.")
        self.done.append(claim.file_id)
        return Outcome(claim.file_id, "done", accepted=1)

    def _deliver(self) -> None:
        self.exports += 1

    def _release(self, claim: Claim) -> None:
        self.released.append(claim.file_id)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_steady_hand_works_all_that_waits_and_exports_once(bench: Bench) -> None:
    """Prefect away: the same files, the same order, one export."""
    bench.desk.drain()
    bench.desk.drain()
    assert (bench.done, bench.exports) == ([1, 2, 3], 1)


def test_a_file_that_one_hand_holds_and_never_begins_is_worked_by_the_other(bench: Bench) -> None:
    """A flow that took a file and then lost its server must not keep it until the lease ends."""
    held = bench.desk.take()
    assert held == 1
    bench.desk.drain()
    assert bench.desk.read(held) is None
    assert bench.done == [1, 2, 3]


def test_two_hands_work_no_file_twice() -> None:
    """Both may drain at once; the desk has one reader."""
    bench = Bench(work_s=0.02)
    hands = [threading.Thread(target=bench.desk.drain) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(bench.done) == [1, 2, 3]


def test_the_desk_stalls_only_when_something_is_due_and_nobody_moves(bench: Bench) -> None:
    """Prefect gets its time; after that the steady hand steps in, also for an export that is still owed."""
    bench.desk.drain()
    bench.now_s += 60
    assert not bench.desk.is_stalled(1.5)
    bench.desk.ring()
    assert not bench.desk.is_stalled(1.5)
    bench.now_s += 1.6
    assert bench.desk.is_stalled(1.5)
    assert bench.desk.take() is None
    assert not bench.desk.is_stalled(1.5)


def test_an_export_left_over_from_the_last_run_is_due_at_the_start(bench: Bench) -> None:
    """The last run may have died between the record and the export."""
    bench.now_s += 2
    assert bench.desk.is_stalled(1.5)
    bench.desk.deliver()
    assert bench.exports == 1


def test_closing_gives_back_what_was_held_and_takes_nothing_more(bench: Bench) -> None:
    """Otherwise a file would wait for its lease to end after every stop."""
    bench.desk.take()
    bench.desk.close()
    assert bench.released == [1]
    assert bench.desk.take() is None


def test_what_was_worked_is_reported_once(bench: Bench) -> None:
    """Prefect learns of everything, also of what was done while it was away, and of nothing twice."""
    bench.desk.drain()
    first = bench.desk.unreported()
    bench.desk.reported(first)
    assert [each.file_id for each in first] == [1, 2, 3]
    assert bench.desk.unreported() == []


def test_a_machine_that_fails_keeps_the_file_due() -> None:
    """A full disk must not make the desk believe that it is done."""
    bench = Bench(broken=True)
    bench.desk.ring()
    with pytest.raises(MachineError):
        bench.desk.drain()
    bench.now_s += 2
    assert bench.desk.is_stalled(1.5)
