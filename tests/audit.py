"""Every line of the audit, for tests; the product reads only those about something, and changes none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store
from store.tables import audit


def audit_lines(store: Store) -> list[Mapping[str, object]]:
    """Oldest first."""
    with store.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(audit).order_by(audit.c.id)).mappings()]


@contextmanager
def without_triggers(store: Store) -> Iterator[Connection]:
    """What somebody with the database's password could do, past the store."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            triggers = ("DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete")
        else:
            triggers = ("DROP TRIGGER IF EXISTS audit_append_only ON audit",)
        for trigger in triggers:
            connection.execute(sa.text(trigger))
        yield connection
