"""One worker and a monitor that may fail it: every file is worked once, whoever is slow."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from refpad.services.intake.handover import Handover, Processed, Step
from refpad.services.intake.process_file import FileOutcome
from refpad.services.intake.worker import IntakeWorker, export_until, open_worker
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError
from store.intake.claims import Claim
from store.intake.taking_in.take_in import take_in
from store.kept_files.in_folder import FileInFolder
from store.workers.reading_times import reading_times
from store.workers.workers import READER, WATCHER
from tests.fake_reader import FakeReader

ORIGINAL = FileInFolder("originals", "0" * 64, Path("original"))
CLAIMED = [Claim(number, 1, 1, f"{number:064x}", date(2026, 3, 3), ORIGINAL) for number in (1, 2, 3)]
LONG_S = 30.0
SOON_S = 0.01


class Bench:
    """A worker with three claims waiting, and a note of all that is done, and in which thread."""

    def __init__(self, begin_most_s: float = SOON_S, *, broken: bool = False) -> None:
        self.waiting, self.exports, self.broken = list(CLAIMED), 0, broken
        self.done: list[int] = []
        self.threads: list[str] = []
        self.worker = IntakeWorker(self._claim, self._process, self._export)
        self.handover = Handover(begin_most_s)
        self.stop = threading.Event()
        self.working = threading.Thread(target=self.worker.run, args=(self.handover, LONG_S, self.stop), name="worker")

    def work_until(self, unreported: int) -> None:
        """Let the worker's thread run until so many files were processed."""
        self.working.start()
        until = time.monotonic() + LONG_S
        while len(self.handover.unreported(99)) < unreported:
            assert time.monotonic() < until
            time.sleep(0.005)
        self.end()

    def end(self) -> None:
        self.stop.set()
        self.worker.wake()
        self.working.join()

    def _claim(self) -> Claim | None:
        return self.waiting.pop(0) if self.waiting else None

    def _process(self, claim: Claim) -> FileOutcome:
        if self.broken:
            raise MachineError("The disk is full.")
        self.done.append(claim.file_id)
        self.threads.append(threading.current_thread().name)
        return FileOutcome(claim.file_id, "done", accepted=1)

    def _export(self) -> None:
        self.exports += 1


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.stop.set()


def run_all(steps: Iterator[Step]) -> list[int | None]:
    """Run what comes, as a monitor does; the numbers."""
    numbers = []
    for step in steps:
        step.run()
        numbers.append(step.file_id)
    return numbers


def test_without_a_monitor_all_that_waits_is_processed_and_exported_once(bench: Bench) -> None:
    """Prefect away: the same files, the same order, one export."""
    bench.work_until(unreported=3)
    assert run_all(bench.worker.steps()) == []
    assert (bench.done, bench.exports, set(bench.threads)) == ([1, 2, 3], 1, {"worker"})


def test_a_monitor_that_is_ready_runs_every_step_in_its_own_thread() -> None:
    """Prefect well: each scan is one of its task runs, and so is the export."""
    bench = Bench(begin_most_s=LONG_S)
    bench.handover.open()
    bench.working.start()
    assert bench.handover.wait_for_work(LONG_S)
    assert run_all(bench.handover.steps()) == [1, 2, 3, None]
    bench.end()
    assert set(bench.threads) == {threading.current_thread().name}
    assert [entry.shown for entry in bench.handover.unreported(9)] == [True, True, True]


def test_a_step_that_the_monitor_does_not_begin_is_run_by_the_worker_and_no_other_is_offered(bench: Bench) -> None:
    """A hanging Prefect may cost the first scan a moment, and none behind it; later it is shown what it missed."""
    bench.handover.open()
    bench.work_until(unreported=3)
    assert not bench.handover.is_open
    assert run_all(bench.handover.steps()) == []
    assert [entry.shown for entry in bench.handover.unreported(9)] == [False, False, False]


def test_a_step_is_begun_by_one_thread_only() -> None:
    """Or a scan would be read twice: the worker takes back what the monitor reaches for at the same moment."""
    for _ in range(200):
        step = Step(1, lambda: None)
        begun: list[bool] = []
        both = [threading.Thread(target=lambda step=step, begun=begun: begun.append(step.begin())) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert sorted(begun) == [False, True]


def test_a_step_that_was_run_is_not_run_again() -> None:
    """A monitor that failed before it came to the step has it run all the same, without knowing which it was."""
    ran = []
    step = Step(None, lambda: ran.append(1))
    step.run()
    step.run()
    assert ran == [1]


def test_no_file_is_claimed_before_the_one_before_it_is_done(bench: Bench) -> None:
    """A file that is claimed and not processed waits until the claim is over when the worker's process ends."""
    for step in bench.worker.steps():
        assert len(bench.waiting) == len(CLAIMED) - 1 - len(bench.done) or step.file_id is None
        step.run()
    assert bench.done == [1, 2, 3]


def test_an_export_left_over_from_the_last_run_is_made_at_the_start(bench: Bench) -> None:
    """The last process may have ended between the record and the export."""
    bench.waiting.clear()
    assert run_all(bench.worker.steps()) == [None]
    assert bench.exports == 1


def test_a_worker_that_is_stopped_claims_nothing_more_and_exports_what_was_recorded(bench: Bench) -> None:
    """A file that is claimed while the process leaves would wait for the next start with a claim on it."""
    bench.stop.set()
    assert run_all(bench.worker.steps(bench.stop)) == [None]
    assert (bench.done, bench.exports, len(bench.waiting)) == ([], 1, 3)


def test_what_was_processed_is_reported_once(bench: Bench) -> None:
    """Prefect learns of everything, also of what was done while it was away, and of nothing twice."""
    bench.work_until(unreported=3)
    first = bench.handover.unreported(2)
    bench.handover.mark_reported(first)
    assert [entry.processed.file_id for entry in first] == [1, 2]
    assert [entry.processed.file_id for entry in bench.handover.unreported(9)] == [3]


def test_a_machine_that_fails_ends_the_files_but_not_the_export() -> None:
    """A full disk must not go through all that waits, one claim after the other; what was recorded is exported."""
    bench = Bench(broken=True)
    assert run_all(bench.worker.steps()) == [1, None]
    assert (len(bench.waiting), bench.exports) == (2, 1)


def test_both_threads_see_what_a_step_raised() -> None:
    """The worker waits before it tries again, and Prefect shows a failure."""

    def fail() -> Processed:
        raise MachineError("The disk is full.")

    step = Step(1, fail)
    step.run()
    with pytest.raises(MachineError):
        step.result()


def test_where_the_time_went_is_kept_with_each_file(tmp_path: Path) -> None:
    """The metrics add it up; of a reader that tells nothing, recording is what refpad itself sees."""
    settings, scan = Settings(folder=tmp_path), tmp_path / "scan.jpg"
    scan.write_bytes(b"\xff\xd8\xff")
    with closing(open_record(settings)) as store:
        take_in(store, scan, settings.limits)
        with open_worker(settings, store, FakeReader()) as worker:
            assert run_all(worker.steps()) == [1, None]
        assert {stage: spent.count for stage, spent in reading_times(store).items()} == {"record": 1}


def test_a_reader_that_shares_no_folder_leaves_the_export_to_the_watcher(tmp_path: Path) -> None:
    """Names of patients do not belong on the disk of every machine that reads; the CSV is complete all the same."""
    settings = Settings(folder=tmp_path, sweep_seconds=SOON_S)
    shared = settings.model_copy(update={"files": "s3://slips/studio"})
    with closing(open_record(settings)) as store:
        for given, kind, exports in ((shared, READER, 0), (shared, WATCHER, 1), (settings, READER, 1)):
            with open_worker(given, store, FakeReader(), kind) as worker:
                assert len(list(worker.steps())) == exports
        stop = threading.Event()
        exporting = threading.Thread(target=export_until, args=(shared, store, stop))
        exporting.start()
        until = time.monotonic() + LONG_S
        while not (settings.exports / "referrals.csv").exists() and time.monotonic() < until:
            time.sleep(SOON_S)
        stop.set()
        exporting.join()
        assert (settings.exports / "referrals.csv").exists()
