"""Messages of the mailbox, and how the last look into it went.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "email",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mailbox", sa.String(700), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("body_sha256", sa.String(64)),
        sa.Column("terms", sa.String(64), nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("marked_at", _TIME),
        sa.UniqueConstraint("mailbox", "uidvalidity", "uid"),
        sa.CheckConstraint("state IN ('taken', 'again', 'stranger', 'too_large')", name="ck_email_state"),
    )
    op.create_index("ix_email_body_sha256", "email", ["body_sha256"])
    op.create_table(
        "mailbox_look",
        sa.Column("mailbox", sa.String(700), primary_key=True),
        sa.Column("looked_at", _TIME, nullable=False),
        sa.Column("well_at", _TIME),
        sa.Column("problem", sa.Text),
    )
