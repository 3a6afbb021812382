"""Appointments of patients, and what became of them.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the table; its numbers are never given twice, as a page may still name one that was purged."""
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("referral_id", sa.Integer, sa.ForeignKey("referral.id"), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("at", sa.Time),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("minutes", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("content_sha256", sa.String(64)),
        sa.UniqueConstraint("referral_id", "on"),
        sa.CheckConstraint("state IN ('booked', 'attended', 'missed', 'canceled')", name="ck_appointment_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appointment_on", "appointment", ["on"])
