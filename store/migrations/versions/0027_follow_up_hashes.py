"""A hash of each follow-up's subject, days and state, so that `refpad verify` finds a day that was moved behind them.

Frozen: a later change of the tables is a later revision.
"""

import hashlib
import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_BATCH = 1000
_HASHED = ("referral_id", "slip_id", "office_id", "kind", "cycle", "due", "planned_due", "state", "ended_on")
_DAYS = ("due", "planned_due", "ended_on")


def upgrade() -> None:
    """Add the column, and write the hashes of what is on record."""
    op.add_column("follow_up", sa.Column("content_sha256", sa.String(64)))
    columns = [sa.column(name, sa.Date if name in _DAYS else None) for name in _HASHED]
    table = sa.table("follow_up", sa.column("id"), sa.column("content_sha256"), *columns)
    connection, last = op.get_bind(), 0
    write = table.update().where(table.c.id == sa.bindparam("number")).values(content_sha256=sa.bindparam("hashed"))
    while True:
        query = sa.select(table.c.id, *columns).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
        rows = connection.execute(query).all()
        if rows:
            connection.execute(write, [{"number": row[0], "hashed": _hash(row[1:])} for row in rows])
            last = rows[-1][0]
        if len(rows) < _BATCH:
            return


def _hash(values: Sequence[object]) -> str:
    content = [None if value is None else str(value) for value in values]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
