"""Who is alive: each worker process holds the lock of a file for as long as it lives."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from store import files
from store.database import Store


@contextmanager
def working(store: Store) -> Iterator[str]:
    """The name of this process as a worker; clears away what dead processes left in incoming/."""
    files.sweep(store.incoming)
    name = uuid.uuid4().hex
    with files.held(store.workers / name):
        yield name


def dead_workers(store: Store) -> list[str]:
    """Workers of this machine that died without a word; those of other machines are judged by their lease alone."""
    return [each.name for each in store.workers.iterdir() if files.is_abandoned(each)]
