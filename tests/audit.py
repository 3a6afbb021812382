"""Every line of the audit, for tests; the product reads only those about something."""

from collections.abc import Mapping

import sqlalchemy as sa

from store.database import Store
from store.tables import audit


def audit_lines(store: Store) -> list[Mapping[str, object]]:
    """Oldest first."""
    with store.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(audit).order_by(audit.c.id)).mappings()]
