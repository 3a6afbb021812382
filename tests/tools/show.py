"""Two studios, three readers that share nothing but database and bucket, and what reads at random killed: `make show`.

python -m tests.tools.show [SLIPS [SEED]]

One machine has `refpad up`, whose watchers take in and read; each reader has a data folder of its own, as on another
machine, and a copy of the state folder. The last of them is a worker of Prefect's pool, which reads when it is asked.
PostgreSQL, an S3-compatible store and Prefect are real, and so are the slips.
Afterwards each slip is on record once, at its own studio. Ends with 0 when nothing is wrong.
"""

import json
import logging
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import psutil
import sqlalchemy as sa
from rich.console import Console

from flows.prefect_server import auth_file
from pads.catalog import load_all, printable
from pads.simulate.scenes import PlannedFile, PlannedPage, PlannedSlip, make_file
from pads.simulate.truth import Channel
from refpad.ops.health import does_prefect_answer, prefect_url
from refpad.services.connecting.fhir import export_fhir
from refpad.services.intake.watcher import still_coming
from refpad.services.studios.changes import add_studio
from refpad.services.studios.readers_copy import NAME
from refpad.services.studios.registry import all_settings, read_registry
from refpad.services.wiring import file_place, open_record
from refpad.settings import Settings
from schemas.studio import Studio
from store.clock import SystemClock
from store.database import Store
from store.files import sha256_of
from store.intake.ledger.files import ledger
from store.kept_files.in_bucket import KeptBucket
from store.tables import file, referral, slip
from store.verify import verify
from tests.databases import cluster, free_port
from tests.processes import kill_all
from tests.s3_server import S3Server, serving
from tests.tools.check_faults import tree_of

UP, READERS = "up", ("reader", "reader", "reader --pool")
# So many scans are read between two kills, whatever the machine: whoever is killed has to load models again first.
BETWEEN, MOMENT_S = (3, 7), 4.0
MOST_S, READY_MOST_S, SETTLE_S, SWEEP_S = 3000.0, 600.0, 8.0, 4.0
A_PAGE = (1, 1, 2)  # slips on one page, in turn
SAY = Console(width=160, soft_wrap=True)


@dataclass
class Machine:
    """A data folder, a state folder, and the one command that runs there; what it says is in the file `said`."""

    folder: Path
    command: str
    shared: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def start(self) -> None:
        own = {"REFPAD_FOLDER": str(self.folder / "data"), "REFPAD_STATE_FOLDER": str(self.folder / "state")}
        command = [sys.executable, "-c", "from refpad.cli import main; main()", *self.command.split()]
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(command, env=os.environ | self.shared | own, stdout=said, stderr=said)

    def victims(self) -> list[psutil.Process]:
        """Of `refpad up` the watchers, else the process itself: those that have models loaded to read with."""
        assert self.process is not None
        tree = tree_of(self.process.pid)
        found = tree[:1] if self.command != UP else [one for one in tree if "flows.watch" in _words(one)]
        return [one for one in found if any("ocr.sandbox.child_main" in _words(child) for child in tree_of(one.pid))]

    def kill(self, victim: psutil.Process) -> None:
        """With all that descends from it; a reader is started anew by us, a watcher by `refpad up`."""
        tree = tree_of(victim.pid)
        kill_all(tree)
        psutil.wait_procs(tree, timeout=30)
        self.kills += 1
        if self.command != UP:
            self.start()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=READY_MOST_S)

    def read(self) -> int:
        """How many scans its process has told Prefect of."""
        logs = [self.folder / "said", *(self.folder / "data" / "logs").glob("*.log")]
        return sum(path.read_text(errors="replace").count("Task run 'scan-") for path in logs if path.exists())


@dataclass
class Drawn:
    """What was drawn for one studio: the scans, and the serials of their slips."""

    key: str
    files: list[Path] = field(default_factory=list)
    serials: set[int] = field(default_factory=set)


def draw(folder: Path, key: str, first: int, count: int, seed: int, today: date) -> Drawn:
    """`count` slips with serials from `first` on, as scans in `folder`."""
    drawn, designs, left, number = Drawn(key), printable(load_all()), count, 0
    folder.mkdir(parents=True)
    while left:
        size = min(A_PAGE[number % len(A_PAGE)], left)
        serials = range(first + count - left, first + count - left + size)
        slips = tuple(PlannedSlip(designs[serial % len(designs)], serial) for serial in serials)
        page = (PlannedPage(slips, turned=False),)
        planned = PlannedFile(f"{key}-{number:03d}", Channel.SCAN_300, page, (seed, first, number))
        make_file(folder, planned, today, Studio())
        drawn.serials.update(serials)
        left, number = left - size, number + 1
    drawn.files = sorted(path for path in folder.iterdir() if path.suffix != ".json")
    return drawn


def place_of(settings: Settings) -> KeptBucket:
    """Where a studio's files are."""
    place = file_place(settings)
    assert place is not None
    return place


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait(is_so: Callable[[], object], what: str, most_s: float = READY_MOST_S) -> None:
    """Until it is so; raises TimeoutError, with what is not."""
    until = time.monotonic() + most_s
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(1.0)


@contextmanager
def installation(room: Path, url: str, s3: S3Server) -> Iterator[list[Machine]]:
    """`refpad up` with two studios on one machine, and the readers on theirs; all of them, running."""
    shared = {
        "REFPAD_DATABASE_URL": url,
        "REFPAD_FILES": s3.new_address(),
        "REFPAD_FILES_ENDPOINT": s3.endpoint,
        "REFPAD_SWEEP_SECONDS": str(SWEEP_S),
        "REFPAD_QUIET_SECONDS": "0.2",
        "REFPAD_KEEP_SECONDS": "0",
        "REFPAD_FRONT_DESK__WITH_UP": "false",
        "REFPAD_PREFECT_PORT": str(free_port()),
        "REFPAD_POOL": "refpad",
    }
    (room / "home").mkdir()
    home = Machine(room / "home", UP, shared)
    os.environ |= shared | {
        "REFPAD_FOLDER": str(room / "home" / "data"),
        "REFPAD_STATE_FOLDER": str(room / "home" / "state"),
    }
    settings = Settings()
    with closing(open_record(settings)) as store:
        add_studio(store, settings, "north", "North Side", "show")
    machines = [home]
    try:
        home.start()
        for studio in all_settings(settings):
            wait(partial(place_of(studio).stamp_of_named, NAME), "the watchers share nothing")
        wait(lambda: does_prefect_answer(settings, 5.0), "Prefect does not answer")
        prefect = {"REFPAD_PREFECT_URL": prefect_url(settings), "REFPAD_PREFECT_AUTH": auth_file(settings).read_text()}
        for number, command in enumerate(READERS):
            reader = Machine(room / f"{command.replace(' --', '-')}-{number}", command, shared | prefect)
            shutil.copytree(settings.state, reader.folder / "state")
            reader.start()
            machines.append(reader)
        yield machines
    finally:
        for machine in machines[::-1]:
            machine.stop()


def kill_until_read(machines: Sequence[Machine], stores: Sequence[tuple[Store, Settings]], seed: int) -> None:
    """A process is killed whenever some more scans are read, which and when by the seed, until nothing waits."""
    chance, until, quiet_since_s = random.Random(seed), time.monotonic() + MOST_S, time.monotonic()  # noqa: S311
    next_at = chance.randint(*BETWEEN)
    while time.monotonic() - quiet_since_s < SETTLE_S:
        counts = [ledger(store) for store, _ in stores]
        if any(count.waiting for count in counts) or any(still_coming(*one) for one in stores):
            quiet_since_s = time.monotonic()
            if sum(count.seen - count.waiting for count in counts) >= next_at:
                time.sleep(chance.uniform(0, MOMENT_S))
                if victims := [(machine, victim) for machine in machines for victim in machine.victims()]:
                    machine, victim = chance.choice(victims)
                    machine.kill(victim)
                    next_at += chance.randint(*BETWEEN)
        if time.monotonic() > until:
            raise TimeoutError("not everything is read")
        time.sleep(0.5)


def wrongs(store: Store, settings: Settings, own: Drawn, s3: S3Server) -> list[str]:
    """What is not as it must be at one studio: lost, doubled, damaged, or another studio's."""
    with store.read() as connection:
        kept = connection.execute(sa.select(file.c.sha256)).scalars().all()
        serials = connection.execute(sa.select(slip.c.serial)).scalars().all()
        accepted = connection.execute(sa.select(sa.func.count()).select_from(referral)).scalar_one()
    dropped = sorted(sha256_of(path) for path in own.files)
    originals = sorted(key.rpartition("/")[2] for key in s3.keys(f"{place_of(settings).address}/originals"))
    rows = (settings.exports / "referrals.csv").read_text("utf-8-sig").splitlines()[1:]
    return [
        *(f"{own.key}: {problem.subject}: {problem.message}" for problem in verify(store)),
        *([f"{own.key}: {len(kept)} files for {len(dropped)} scans"] if sorted(kept) != dropped else []),
        *([f"{own.key}: {len(originals)} originals in the bucket"] if originals != dropped else []),
        *([f"{own.key}: slips lost: {sorted(own.serials - set(serials))}"] if own.serials - set(serials) else []),
        *([f"{own.key}: slips of others"] if set(serials) - own.serials - {None} else []),
        *([f"{own.key}: {len(serials)} slips for {len(own.serials)}"] if len(serials) != len(own.serials) else []),
        *([f"{own.key}: {len(rows)} exported of {accepted}"] if len(rows) != accepted else []),
    ]


def validated(store: Store, settings: Settings, folder: Path) -> int:
    """How many referrals there are, each a valid FHIR bundle."""
    from fhir.resources.R4B.bundle import Bundle

    return sum(
        Bundle.model_validate_json(path.read_bytes()) is not None for path in export_fhir(store, settings, folder)
    )


def runs(settings: Settings) -> dict[str, int]:
    """How many runs Prefect knows, by their state."""
    asked = "SELECT state_type, COUNT(*) FROM flow_run GROUP BY state_type"
    with closing(sqlite3.connect(f"file:{settings.prefect_home / 'prefect.db'}?mode=ro", uri=True)) as database:
        return dict(database.execute(asked).fetchall())


def show(slips: int, seed: int) -> int:
    """Run it, and print what came of it; how much is wrong."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the store's own talk
    with tempfile.TemporaryDirectory(prefix="refpad-show-") as made, ExitStack() as held:
        room = Path(made)
        database, s3 = held.enter_context(cluster()), held.enter_context(serving())
        with installation(room, database.new_database(), s3) as machines:
            settings, today = Settings(), SystemClock(Settings().time_zone).today()
            studios = [
                (
                    draw(room / "drawn" / studio.key, studio.key, studio.serials.first, slips // 2, seed, today),
                    held.enter_context(closing(open_record(own))),
                    own,
                )
                for studio, own in zip(read_registry(settings).served, all_settings(settings), strict=True)
            ]
            began_s = time.monotonic()
            for drawn, _, own in studios:
                drop(drawn, own.inbox)
            kill_until_read(machines, [(store, own) for _, store, own in studios], seed)
            figures: dict[str, object] = {"seconds": round(time.monotonic() - began_s - SETTLE_S)}
            figures["prefect_runs"] = runs(settings)
        for machine in machines:
            figures[machine.folder.name] = {"kills": machine.kills, "told_to_prefect": machine.read()}
        wrong = []
        for drawn, store, own in studios:
            wrong += wrongs(store, own, drawn, s3)
            figures[drawn.key] = {
                "slips": len(drawn.serials),
                "scans": len(drawn.files),
                "in_review": ledger(store).review,
                "valid_fhir_bundles": validated(store, own, room / f"fhir-{drawn.key}"),
            }
    SAY.print(json.dumps(figures | {"wrong": wrong}, indent=1), markup=False)
    return len(wrong)


def drop(drawn: Drawn, inbox: Path) -> None:
    """All scans of a studio into its inbox."""
    for path in drawn.files:
        part = inbox / f".{path.name}.part"
        shutil.copy(path, part)
        part.rename(inbox / path.name)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(show(*given, *(200, 16)[len(given) :]) > 0)
