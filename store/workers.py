"""Who is alive: each worker process holds the lock of a file for as long as it lives."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from store import files
from store.database import Store
from store.tables import file, follow_up

WATCHER, OTHER = "watcher", "worker"  # the process that takes scans in all day, and any other


@contextmanager
def register_worker(store: Store, kind: str = OTHER) -> Iterator[str]:
    """The name of this process as a worker of that kind; clears away what dead processes left behind.

    Its lock file stays: a worker that ends while it holds a file counts as dead, and its claim is free at once.
    """
    files.sweep(store.incoming)
    _forget_the_dead(store)
    name = f"{kind}-{uuid.uuid4().hex}"
    with files.hold_lock(store.workers / name):
        yield name


def _forget_the_dead(store: Store) -> None:
    """Remove the lock files of dead workers, except of those whose claims wait for another worker to see."""
    with store.read() as connection:
        held = (sa.select(table.c.worker).where(table.c.worker.is_not(None)) for table in (file, follow_up))
        holders = set(connection.execute(sa.union(*held)).scalars())
    for path in files.leftovers(store.workers):
        if path.name not in holders:
            files.remove(path)


def dead_workers(store: Store) -> list[str]:
    """Workers of this machine that died; for those of other machines only the end of the lease counts."""
    return [path.name for path in store.workers.iterdir() if files.is_abandoned(path)]


def is_at_work(store: Store, kind: str) -> bool:
    """Whether a worker of that kind is alive on this machine."""
    return any(not files.is_abandoned(path) for path in store.workers.glob(f"{kind}-*"))
