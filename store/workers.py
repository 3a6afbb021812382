"""Who is alive: each worker process holds the lock of a file for as long as it lives."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from store import files
from store.database import Store
from store.tables import file, follow_up

WATCHER, OTHER = "watcher", "worker"  # who takes scans in all day, and whoever comes for one thing


@contextmanager
def working(store: Store, kind: str = OTHER) -> Iterator[str]:
    """The name of this process as a worker of that kind; clears away what dead processes left behind.

    Its lock file outlives it: a worker that leaves with a file in hand is as good as dead, and the claim free at once.
    """
    files.sweep(store.incoming)
    _forget_the_dead(store)
    name = f"{kind}-{uuid.uuid4().hex}"
    with files.held(store.workers / name):
        yield name


def _forget_the_dead(store: Store) -> None:
    """Remove the lock files of dead workers, except of those whose claims wait for another worker to see."""
    with store.read() as connection:
        held = (sa.select(table.c.worker).where(table.c.worker.is_not(None)) for table in (file, follow_up))
        holders = set(connection.execute(sa.union(*held)).scalars())
    for path in files.left_behind(store.workers):
        if path.name not in holders:
            files.remove(path)


def dead_workers(store: Store) -> list[str]:
    """Workers of this machine that died without a word; those of other machines are judged by their lease alone."""
    return [each.name for each in store.workers.iterdir() if files.is_abandoned(each)]


def is_at_work(store: Store, kind: str) -> bool:
    """Whether a worker of that kind is alive on this machine."""
    return any(not files.is_abandoned(path) for path in store.workers.glob(f"{kind}-*"))
