"""The files that wait, and the columns in which few drops or follow-ups have a value, by indexes of those few alone.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Add the first, and make the others anew."""
    waits = sa.text("state = 'waiting'")
    op.create_index("ix_file_waiting", "file", ["id"], sqlite_where=waits, postgresql_where=waits)
    for column in ("version_of", "kept_until", "duplicate_of"):
        op.drop_index(f"ix_occurrence_{column}", "occurrence")
        _index("occurrence", column)
    for column in ("slip_id", "office_id"):
        _index("follow_up", column)


def _index(table: str, column: str) -> None:
    is_set = sa.text(f"{column} IS NOT NULL")
    op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=is_set, postgresql_where=is_set)
