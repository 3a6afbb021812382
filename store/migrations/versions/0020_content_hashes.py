"""A hash of each reading and each referral's record, so that `refpad verify` finds what was changed behind them.

Frozen: a later change of the tables is a later revision.
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_BATCH = 500


def upgrade() -> None:
    """Add the columns, and write the hashes of what is on record."""
    for table, content in (("referral", "record"), ("slip", "reading")):
        op.add_column(table, sa.Column("content_sha256", sa.String(64)))
        _write_hashes(
            sa.table(table, sa.column("id"), sa.column(content, sa.JSON), sa.column("content_sha256")), content
        )


def _write_hashes(table: sa.TableClause, content: str) -> None:
    connection, last = op.get_bind(), 0
    while True:
        query = sa.select(table.c.id, table.c[content]).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
        rows = connection.execute(query).all()
        for row in rows:
            text = json.dumps(row[1], sort_keys=True, separators=(",", ":"))
            hashed = hashlib.sha256(text.encode()).hexdigest()
            connection.execute(table.update().where(table.c.id == row.id).values(content_sha256=hashed))
            last = row.id
        if len(rows) < _BATCH:
            return
