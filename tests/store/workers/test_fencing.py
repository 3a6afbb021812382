"""One worker a row: the fence that claims on files and leases on follow-ups share."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from schemas.states import FileState
from store.clock import SetClock
from store.database import Store
from store.tables import file
from store.workers import fencing, workers

LEASE_S = 60.0


@pytest.fixture(autouse=True)
def row(store: Store) -> None:
    """One file that waits."""
    values = {"sha256": "f", "size_bytes": 1, "received_on": store.clock.today(), "state": FileState.WAITING}
    with store.write() as connection:
        connection.execute(file.insert().values(values))


def take(store: Store, worker: str) -> sa.Row[Any] | None:
    query = sa.select(file).where(fencing.is_free(store, file))
    with store.claim() as connection:
        return fencing.take(connection, query, file, worker, {"lease_until": fencing.lease_end(store, LEASE_S)})


def test_a_row_that_a_worker_holds_is_not_free(store: Store, clock: SetClock) -> None:
    """Until its lease is over; then it is, and its generation tells the second worker from the first."""
    first = take(store, "worker")
    assert take(store, "other") is None
    clock.move(timedelta(seconds=LEASE_S + 1))
    second = take(store, "other")
    assert first is not None
    assert second is not None
    assert (first.worker, second.worker, second.generation) == ("worker", "other", first.generation + 1)


def test_a_row_of_a_worker_that_died_is_free_at_once(store: Store) -> None:
    """The kernel knows who is alive: nobody waits for the end of a dead worker's lease."""
    with workers.register_worker(store) as alive:
        assert take(store, alive) is not None
        assert take(store, "other") is None
    assert take(store, "other") is not None
