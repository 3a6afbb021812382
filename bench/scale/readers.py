"""How much sooner a heap of scans is read, and recorded, when several processes do it at once."""

import multiprocessing
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bench.own_settings import own_settings
from bench.scale.databases import new_record
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


def draw_scans(folder: Path, designs: tuple[PadDesign, ...], slips: int) -> list[Path]:
    """So many single-slip scans at 300 dpi, the same at each call."""
    simulate(folder, designs=designs, count=slips, channels=[Channel.SCAN_300], seed=SEED, today=BENCH_DAY, per_page=1)
    return sorted(folder.glob("*.pdf"))


def measure_readers(folder: Path, files: list[Path], most: int, server: str | None = None) -> list[ReaderTimes]:
    """Read the same scans with 1, 2, ... `most` readers, each time into a new record; SQLite without a `server`."""
    return [_measure(folder / f"readers-{readers}", files, readers, server) for readers in range(1, most + 1)]


def _measure(folder: Path, files: list[Path], readers: int, server: str | None) -> ReaderTimes:
    own = own_settings(folder, today=BENCH_DAY)
    with new_record(own, server) as settings:
        with closing(open_record(settings)) as store:
            for path in files:
                take_in(store, path, settings.limits, leave=True)
        return time_together(settings, readers, len(files), _read_all)


def time_together(
    settings: Settings, processes: int, files: int, work: Callable[..., None], *arguments: int
) -> ReaderTimes:
    """Have so many processes `work` on the files that wait, from when all are ready until the last has ended.

    `work` is called with the settings, the process's number from 0, the barrier at which it waits, and the arguments.
    Raises MachineError when something was left.
    """
    spawning = multiprocessing.get_context("spawn")
    ready = spawning.Barrier(processes + 1)
    own = [spawning.Process(target=work, args=(settings, one, ready, *arguments)) for one in range(processes)]
    for process in own:
        process.start()
    ready.wait(READY_MOST_S)
    begun = time.perf_counter()
    for process in own:
        process.join()
    took_s = time.perf_counter() - begun
    with closing(open_record(settings)) as store:
        left = ledger(store).waiting
    if left or any(process.exitcode for process in own):
        raise MachineError(f"{left} of {files} scans were left unread by {processes} readers; run: refpad doctor")
    return ReaderTimes(processes, files, took_s)


def _read_all(settings: Settings, _number: int, ready: Barrier) -> None:
    """Read until nothing waits, as `refpad reader` does without Prefect."""
    with closing(open_record(settings)) as store, open_child_reader(settings) as reader:
        ready.wait(READY_MOST_S)
        rules = rules_of(settings)
        with register_worker(store) as worker:
            while process_next(store, reader, rules, worker, settings.limits) is not None:
                continue
