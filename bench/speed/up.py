"""`refpad up` as a whole: seconds to start, from a dropped file to its record, and the memory of its processes."""

import os
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.own_settings import own_settings
from bench.slips.simulated import BENCH_DAY
from bench.speed.memory import peak_mb
from pads.simulate.scenes import simulate
from pads.simulate.truth import Channel
from refpad.ops.supervisor import command
from refpad.services.wiring import open_record
from refpad.setting_sources import PREFIX
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.front_desk import FrontDeskSettings
from schemas.pad import PadDesign
from store.database import Store
from store.intake.ledger.files import ledger

DROPS = 10
READY_WORD = b"Watching"  # said once everything answers
READY_MOST_S = 120.0
RECORD_MOST_S = 60.0
STOP_MOST_S = 30.0
LOOK_S = 0.02


@dataclass(frozen=True)
class SystemTimes:
    """Seconds until everything answers, seconds from each drop to its record, peak megabytes by process."""

    start_s: float
    drop_to_record_s: tuple[float, ...]
    peak_mb: dict[str, float]

    @property
    def median_s(self) -> float:
        return statistics.median(self.drop_to_record_s)


def measure_running(folder: Path, designs: tuple[PadDesign, ...]) -> SystemTimes:
    """Start everything on an empty folder and a free port, drop DROPS single-slip scans one by one, and stop it."""
    scans = folder / "scans"
    simulate(scans, designs=designs, count=DROPS, channels=[Channel.SCAN_300], seed=11, today=BENCH_DAY, per_page=1)
    front_desk = FrontDeskSettings(port=free_port())
    settings = own_settings(folder, prefect_port=free_port(), front_desk=front_desk, today=BENCH_DAY)
    begun = time.perf_counter()
    with _up(settings, folder / "up.log") as process, closing(open_record(settings)) as store:
        start_s = time.perf_counter() - begun
        took = [_drop(path, settings.inbox, store) for path in sorted(scans.glob("*.pdf"))]
        peak = _peaks_mb(process)
    return SystemTimes(start_s, tuple(took), peak)


@contextmanager
def _up(settings: Settings, log: Path) -> Iterator[psutil.Process]:
    """`refpad up` with these settings, from its first ready word to its end.

    None of the user's own settings reach it: a simulated scan in a real record would be a patient who does not exist.
    """
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
        "REFPAD_FOLDER": str(settings.folder),
        "REFPAD_STATE_FOLDER": str(settings.state),
        "REFPAD_PREFECT_PORT": str(settings.prefect_port),
        "REFPAD_FRONT_DESK__PORT": str(settings.front_desk.port),
        "REFPAD_TODAY": str(settings.today),
        "REFPAD_PRACTICE": "true",
    }
    with log.open("wb") as out:
        process = subprocess.Popen([*command("refpad"), "up"], env=surroundings, cwd=log.parent, stdout=out, stderr=out)
    try:
        _wait_for(lambda: READY_WORD in log.read_bytes(), READY_MOST_S, "refpad up was not ready")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(STOP_MOST_S)


def _drop(scan: Path, inbox: Path, store: Store) -> float:
    """Seconds from the moment the scan is whole in the inbox until its record is written."""
    before = _recorded(store)
    part = inbox / f"{scan.name}.part"
    shutil.copyfile(scan, part)
    part.rename(inbox / scan.name)
    begun = time.perf_counter()
    _wait_for(lambda: _recorded(store) > before, RECORD_MOST_S, "a dropped scan was not recorded")
    return time.perf_counter() - begun


def _recorded(store: Store) -> int:
    counts = ledger(store)
    return counts.done + counts.review + counts.set_aside


def _wait_for(is_so: Callable[[], bool], most_s: float, otherwise: str) -> None:
    until = time.monotonic() + most_s
    while not is_so():
        if time.monotonic() > until:
            raise MachineError(f"{otherwise} within {most_s:.0f} s; run `refpad doctor`.")
        time.sleep(LOOK_S)


def _peaks_mb(head: psutil.Process) -> dict[str, float]:
    """The largest resident set so far of each process of the tree, by the module that it runs."""
    peaks: dict[str, float] = {}
    for process in (head, *head.children(recursive=True)):
        name = _module(process.cmdline())
        peaks[name] = max(peaks.get(name, 0.0), peak_mb(process.pid))
    return peaks


def _module(argv: list[str]) -> str:
    return argv[argv.index("-m") + 1] if "-m" in argv[:-1] else Path(argv[0]).name if argv else "?"


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
