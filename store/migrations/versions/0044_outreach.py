"""Visits to offices and talks with their staff.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Add the table; its numbers are never given twice, as the audit may still name one that was purged."""
    op.create_table(
        "outreach",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(40), sa.ForeignKey("office.id"), nullable=False),
        sa.Column("provider_id", sa.Integer, sa.ForeignKey("provider.id")),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("with_whom", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("pads_left", sa.Integer),
        sa.Column("follow_up_id", sa.Integer, sa.ForeignKey("follow_up.id"), unique=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("content_sha256", sa.String(64)),
        sa.CheckConstraint("state IN ('planned', 'done', 'canceled')", name="ck_outreach_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outreach_office_id", "outreach", ["office_id", "on"])
