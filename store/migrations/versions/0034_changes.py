"""What changed on record, in its order; what was on record before counts as changed once.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

_BEFORE = "00000000"  # the mark of what was on record before there were marks


def upgrade() -> None:
    """Add the table, with a line for each referral and follow-up there is."""
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("noun", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("mark", sa.String(8), nullable=False),
        sqlite_autoincrement=True,
    )
    for noun in ("referral", "follow_up"):
        op.execute(
            "INSERT INTO change (noun, number, what, mark) "  # noqa: S608 - no input
            f"SELECT '{noun}', id, 'added', '{_BEFORE}' FROM {noun} ORDER BY id"
        )
