"""Webhooks and their messages.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("content", sa.String(16), nullable=False),
        sa.Column("in_local_network", sa.Boolean, nullable=False),
        sa.Column("secret", sa.String(80), nullable=False),
        sa.Column("previous_secret", sa.String(80)),
        sa.Column("previous_until", _TIME),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("removed_at", _TIME),
        sa.Column("cursor", sa.Integer, nullable=False),
        sa.Column("failing_since", _TIME),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", _TIME),
        sa.Column("disabled_at", _TIME),
        sa.Column("problem", sa.Text),
        sa.Column("worker", sa.String(64)),
        sa.Column("lease_until", _TIME),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.CheckConstraint("content IN ('numbers', 'records')", name="ck_webhook_content"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webhook_message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("webhook_id", sa.Integer, sa.ForeignKey("webhook.id"), nullable=False),
        sa.Column("message_id", sa.String(40), nullable=False, unique=True),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("change_id", sa.Integer),
        sa.Column("mark", sa.String(8)),
        sa.Column("what", sa.String(16)),
        sa.Column("due", sa.Date),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("delivered_at", _TIME),
        sa.UniqueConstraint("webhook_id", "change_id"),
        sa.UniqueConstraint("webhook_id", "number", "due"),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'delivered', 'skipped')", name="ck_webhook_message_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_message_state", "webhook_message", ["webhook_id", "state", "id"])
