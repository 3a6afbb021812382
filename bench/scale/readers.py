"""How much sooner a heap of scans is read when several processes read at once."""

import multiprocessing
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bench.slips.simulated import BENCH_DAY
from pads.simulate.scenes import simulate
from pads.simulate.truth import Channel
from refpad.services.intake.process_file import process_next
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import open_record, rules_of
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.pad import PadDesign
from store.intake.ledger.files import ledger
from store.intake.taking_in.take_in import take_in
from store.workers.workers import register_worker

SEED = 12
READY_MOST_S = 300.0  # until the last reader has loaded its models


@dataclass(frozen=True)
class ReaderTimes:
    """So many readers read so many single-slip scans in so many seconds, counted from when all were warm."""

    readers: int
    slips: int
    seconds: float

    @property
    def slips_a_minute(self) -> float:
        return 60 * self.slips / self.seconds


def measure_readers(folder: Path, designs: tuple[PadDesign, ...], slips: int, most: int) -> list[ReaderTimes]:
    """Read the same `slips` scans with 1, 2, ... `most` readers, each time into a new record in SQLite."""
    scans = folder / "scans"
    simulate(scans, designs=designs, count=slips, channels=[Channel.SCAN_300], seed=SEED, today=BENCH_DAY, per_page=1)
    files = sorted(scans.glob("*.pdf"))
    return [_measure(folder / f"data-{readers}", files, readers) for readers in range(1, most + 1)]


def _measure(folder: Path, files: list[Path], readers: int) -> ReaderTimes:
    settings = Settings(folder=folder, today=BENCH_DAY)
    with closing(open_record(settings)) as store:
        for path in files:
            take_in(store, path, settings.limits, leave=True)
        spawning = multiprocessing.get_context("spawn")
        ready = spawning.Barrier(readers + 1)
        processes = [spawning.Process(target=_read_all, args=(settings, ready)) for _ in range(readers)]
        for process in processes:
            process.start()
        ready.wait(READY_MOST_S)
        begun = time.perf_counter()
        for process in processes:
            process.join()
        took_s, left = time.perf_counter() - begun, ledger(store).waiting
    if left or any(process.exitcode for process in processes):
        raise MachineError(f"{left} of {len(files)} scans were left unread by {readers} readers; run: refpad doctor")
    return ReaderTimes(readers, len(files), took_s)


def _read_all(settings: Settings, ready: Barrier) -> None:
    """Read until nothing waits, as `refpad reader` does without Prefect."""
    with closing(open_record(settings)) as store, open_child_reader(settings) as reader:
        ready.wait(READY_MOST_S)
        rules = rules_of(settings)
        with register_worker(store) as worker:
            while process_next(store, reader, rules, worker, settings.limits) is not None:
                continue
