"""What people said about slips, word by word, so that it can be shown, undone and answered for.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table. What was corrected before has only its result on record, in the slip's draft."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_at", _TIME),
    )
    op.create_index("ix_correction_slip_id", "correction", ["slip_id"])
