"""One worker a row: how a file is claimed, and how a follow-up is leased.

A row's `generation` is raised each time it is taken, so that what a worker writes after it lost the row matches
nothing (a fencing token: Kleppmann 2016, "How to do distributed locking"). A worker loses a row when its lease is over,
or at once when it died on this machine.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store
from store.workers import workers


def is_free(store: Store, table: sa.Table) -> sa.ColumnElement[bool]:
    """The condition that no living worker holds the row."""
    return sa.or_(
        table.c.worker.is_(None),
        table.c.lease_until < store.clock.now(),
        table.c.worker.in_(workers.dead_workers(store)),
    )


def lease_end(store: Store, lease_s: float) -> datetime:
    """When a lease that begins now ends."""
    return store.clock.now() + timedelta(seconds=lease_s)


def take(
    connection: Connection, query: sa.Select[Any], table: sa.Table, worker: str, values: Mapping[str, object]
) -> sa.Row[Any] | None:
    """Take the first row of `query` (over `table`) for `worker` and set `values`; None when there is none.

    Rows that another transaction is taking are passed over. The row is returned as it is afterwards.
    """
    columns = query.with_only_columns(table.c.id, table.c.generation)
    first = connection.execute(columns.limit(1).with_for_update(skip_locked=True)).first()
    if first is None:
        return None
    taken = table.update().where(table.c.id == first.id, table.c.generation == first.generation)
    taken = taken.values(worker=worker, generation=first.generation + 1, **values)
    return connection.execute(taken.returning(table)).one()
