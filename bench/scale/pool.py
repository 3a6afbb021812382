"""How much sooner a heap of scans is read by several workers of a Prefect pool, with a real server on loopback."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bench.own_settings import own_settings
from bench.scale.databases import new_record
from bench.scale.readers import ReaderTimes
from bench.slips.simulated import BENCH_DAY
from bench.speed.up import free_port
from flows.prefect_server import client_environment, prepare_home, server_part
from refpad.ops.supervisor import Part, Supervisor, command
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError
from store.database import Store
from store.intake.ledger.progress import unclaimed
from store.intake.taking_in.take_in import take_in
from store.tables import file

POOL = "bench"
LOOK_S = 0.2  # a reader takes half a second a scan
MOST_S = 3600.0


def measure_pool(folder: Path, files: list[Path], most: int, server: str | None = None) -> list[ReaderTimes]:
    """Have 1, 2, ... `most` workers of a pool read the same scans, each time a new record and a new Prefect server.

    Timed is the stretch in which all of them read: their start, some 10 seconds, and their end are not in it.
    Raises UsageError when there were too few scans for that.
    """
    return [_measure(folder / f"pool-{workers}", files, workers, server) for workers in range(1, most + 1)]


def _measure(folder: Path, files: list[Path], workers: int, server: str | None) -> ReaderTimes:
    own = own_settings(folder, today=BENCH_DAY)
    with new_record(own, server) as settings, closing(open_record(settings)) as store:
        for path in files:
            take_in(store, path, settings.limits, leave=True)
        known = settings.model_copy(update={"prefect_port": free_port(), "prefect_url": None})
        with _pool(known, folder, workers) as supervisor:
            return _timed(store, supervisor, workers)


@contextmanager
def _pool(settings: Settings, folder: Path, workers: int) -> Iterator[Supervisor]:
    """A Prefect server, the schedule that asks the pool for readings, and the workers, in a folder without settings."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("REFPAD_")}
    env = bare | _environment(settings, workers)
    prepare_home(settings)
    supervisor = Supervisor(folder / "logs", lambda _: None)
    try:
        supervisor.start(server_part(settings, client_environment(settings, bare)))
        supervisor.start(Part("schedule", command("flows.serve"), client_environment(settings, env), folder))
        for number in range(1, workers + 1):  # each starts anew until the schedule has made the pool
            supervisor.start(Part(f"worker {number}", (*command("refpad"), "reader", "--pool"), env, folder))
        yield supervisor
    finally:
        supervisor.stop()


def _environment(settings: Settings, workers: int) -> dict[str, str]:
    url = settings.database_url
    return {
        "REFPAD_FOLDER": str(settings.folder),
        "REFPAD_STATE_FOLDER": str(settings.state),
        "REFPAD_TODAY": str(settings.today),
        "REFPAD_PREFECT_PORT": str(settings.prefect_port),
        "REFPAD_POOL": POOL,
        "REFPAD_POOL_READERS": str(workers),
        **({"REFPAD_DATABASE_URL": url.get_secret_value()} if url is not None else {}),
    }


def _timed(store: Store, supervisor: Supervisor, workers: int) -> ReaderTimes:
    """Look until nothing is left that nobody has begun."""
    stretch, until = Stretch(workers), time.monotonic() + MOST_S
    while unclaimed(store).waiting:
        supervisor.restart_stopped()
        stretch.note(time.perf_counter(), *_standing(store))
        if time.monotonic() > until:
            raise MachineError(f"The pool did not read all within {MOST_S:.0f} s; run: refpad doctor")
        time.sleep(LOOK_S)
    return stretch.times(time.perf_counter(), _standing(store)[1])


def _standing(store: Store) -> tuple[dict[str, int], int]:
    """Which file each worker has claimed, by its name, and how many are read."""
    claimed = sa.select(file.c.worker, file.c.id).where(file.c.worker.is_not(None), file.c.finished_at.is_(None))
    read = sa.select(sa.func.count()).select_from(file).where(file.c.finished_at.is_not(None))
    with store.read() as connection:
        held = {str(row.worker): int(row.id) for row in connection.execute(claimed)}
        return held, connection.execute(read).scalar_one()


@dataclass
class Stretch:
    """The time in which all of so many workers read: from when each has begun its second file."""

    workers: int
    begun: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    since: tuple[float, int] | None = None

    def note(self, at_s: float, held: Mapping[str, int], read: int) -> None:
        """What each worker holds at a moment, and how many files are read by then."""
        for worker, number in held.items():
            self.begun[worker].add(number)
        if self.since is None and sum(len(files) > 1 for files in self.begun.values()) >= self.workers:
            self.since = (at_s, read)

    def times(self, at_s: float, read: int) -> ReaderTimes:
        """What was read in it until that moment; raises UsageError when it never began."""
        if self.since is None or read <= self.since[1]:
            raise UsageError(f"All was read before {self.workers} workers of the pool were at it: more --slips.")
        return ReaderTimes(self.workers, read - self.since[1], at_s - self.since[0])
