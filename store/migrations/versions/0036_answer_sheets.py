"""Answer sheets that offices send back, each laid beside the slip that it is about.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "answer_sheet",
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), primary_key=True, autoincrement=False),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("of_slip_id", sa.Integer, sa.ForeignKey("slip.id")),
        sa.Column("is_used", sa.Boolean, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_answer_sheet_of_slip_id", "answer_sheet", ["of_slip_id"])
    op.create_index("ix_answer_sheet_decided_at", "answer_sheet", ["decided_at"])
