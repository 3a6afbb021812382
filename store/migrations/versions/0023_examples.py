"""What people found of single values, and which sure values they are asked about.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the table, and add the column."""
    op.add_column("slip", sa.Column("asked", sa.JSON(none_as_null=True)))
    op.create_table(
        "example",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("chance", sa.Float, nullable=False),
        sa.Column("is_right", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("slip_id", "field"),
        sa.CheckConstraint("source IN ('doubt', 'look', 'found')", name="source"),
    )
    op.create_index("ix_example_kind", "example", ["kind", "id"])
