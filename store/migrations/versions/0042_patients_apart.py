"""Who is known to be two persons, although something says that they may be one.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Add the table; nobody has said so of anybody yet."""
    op.create_table(
        "patient_apart",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("one_id", sa.Integer, sa.ForeignKey("patient.id"), nullable=False),
        sa.Column("other_id", sa.Integer, sa.ForeignKey("patient.id"), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("one_id", "other_id", name="uq_patient_apart_one_id_other_id"),
    )
    op.create_index("ix_patient_apart_other_id", "patient_apart", ["other_id"])
