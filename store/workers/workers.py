"""Who is alive: each worker process holds the lock of a file for as long as it lives.

The file's name is the worker's: its kind, its machine, and a number of its own. Whether a lock of another machine can
be seen depends on the file system; where that is a network's, a worker is called dead by its own machine only, and the
others wait for the end of its lease.
"""

import re
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from schemas.base import Value
from schemas.errors import MachineError
from schemas.text import counted
from store import files
from store.database import NETWORK_FILE_SYSTEMS, Store
from store.tables import file, follow_up, webhook

# The process that takes scans in all day and reads them, one that only reads them, and any other.
WATCHER, READER, OTHER = "watcher", "reader", "worker"
READING = (WATCHER, READER)
MACHINE_LETTERS = 20  # of its name: a worker's name has room for 64 letters


class Worker(Value):
    """A worker that is alive: what it does, and on which machine."""

    kind: str
    machine: str


@contextmanager
def register_worker(store: Store, kind: str = OTHER) -> Iterator[str]:
    """The name of this process as a worker of that kind; clears away what dead processes left behind.

    Its lock file stays: a worker that ends while it holds a file counts as dead, and its claim is free at once.
    """
    files.sweep(store.incoming)
    _forget_the_dead(store)
    name = f"{kind}-{this_machine()}-{uuid.uuid4().hex}"
    with files.hold_lock(store.workers / name):
        yield name


def _forget_the_dead(store: Store) -> None:
    """Remove the lock files of dead workers, except of those whose claims wait for another worker to see."""
    with store.read() as connection:
        held = (sa.select(table.c.worker).where(table.c.worker.is_not(None)) for table in (file, follow_up, webhook))
        holders = set(connection.execute(sa.union(*held)).scalars())
    is_shared = is_on_network(store.workers)
    for path in files.leftovers(store.workers):
        if path.name not in holders and is_judged_here(path.name, is_shared=is_shared):
            files.remove(path)


def dead_workers(store: Store) -> list[str]:
    """Workers that died, as far as this machine can know; for the others only the end of the lease counts."""
    is_shared = is_on_network(store.workers)
    return [
        path.name
        for path in store.workers.iterdir()
        if is_judged_here(path.name, is_shared=is_shared) and files.is_abandoned(path)
    ]


def is_judged_here(name: str, *, is_shared: bool) -> bool:
    """Whether a lock that nobody seems to hold says that the worker is dead: where machines share files, of our own."""
    return not is_shared or f"-{this_machine()}-" in name


def living_workers(folder: Path) -> list[Worker]:
    """Who holds a lock that this machine can see, of the record in `folder`."""
    locks = sorted((folder / "workers").glob("*"))
    alive = [path.name for path in locks if not files.is_abandoned(path)]
    return [Worker(kind=name.partition("-")[0], machine=name.partition("-")[2].rpartition("-")[0]) for name in alive]


def is_at_work(store: Store, kind: str) -> bool:
    """Whether a worker of that kind is alive."""
    return any(worker.kind == kind for worker in living_workers(store.folder))


def require_nobody_at_work(folder: Path) -> None:
    """Raise MachineError while a worker is at the record in `folder`: it would go on with what is taken from under it.

    `refpad up` has a lock of its own; a reader that joined, from here or from another machine, has none but this.
    """
    alive = living_workers(folder)
    if not alive:
        return
    still = counted(len(alive), "process is", "processes are")
    where = ", ".join(sorted({worker.machine for worker in alive}))
    raise MachineError(
        f"{still} still at work on the record in {folder.absolute()}, on {where}: "
        "stop `refpad reader` and what else reads or sends there with Ctrl-C, then try again."
    )


@cache
def this_machine() -> str:
    """The name of this machine, as far as it can stand in a worker's name."""
    return re.sub(r"[^A-Za-z0-9.-]", ".", socket.gethostname())[:MACHINE_LETTERS] or "unnamed"


@cache
def is_on_network(folder: Path) -> bool:
    """Whether other machines may use this folder too."""
    return files.file_system_of(folder) in NETWORK_FILE_SYSTEMS
