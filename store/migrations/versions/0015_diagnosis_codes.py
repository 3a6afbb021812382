"""ICD-10-CM codes that a person has confirmed for the diagnosis on a slip.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "slip_code",
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), primary_key=True),
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
