"""What is entered in the course of a referral; letters with an address, a channel and a fate; where the record lies.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TIME = sa.DateTime(timezone=True)
_STATES = "'waiting', 'held', 'ready', 'printing', 'sending', 'uncertain', 'failed', 'sent', 'dropped'"


def upgrade() -> None:
    """The outbox is carried over into a new table: SQLite cannot add a constraint."""
    op.execute("CREATE TABLE old_outbox AS SELECT * FROM outbox")
    op.drop_table("outbox")
    _letters()
    _courses()
    _place()
    columns = "id, follow_up_id, kind, cycle, state, written_at"
    op.execute(f"INSERT INTO outbox ({columns}, attempts) SELECT {columns}, 0 FROM old_outbox")  # noqa: S608 - no input
    op.drop_table("old_outbox")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('outbox', 'id'), max(id)) FROM outbox")


def _letters() -> None:
    op.create_table(
        "print_batch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("posted_at", _TIME),
        sa.Column("posted_by", sa.Text),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("follow_up_id", sa.Integer, sa.ForeignKey("follow_up.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("made_at", _TIME),
        sa.Column("pdf_sha256", sa.String(64)),
        sa.Column("channel", sa.String(8)),
        sa.Column("recipient", sa.JSON(none_as_null=True)),
        sa.Column("message_id", sa.String(120)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", _TIME),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("print_batch.id")),
        sa.Column("message", sa.Text),
        sa.Column("released_by", sa.Text),
        sa.Column("sent_at", _TIME),
        sa.Column("sent_by", sa.Text),
        sa.UniqueConstraint("follow_up_id", "kind", "cycle"),
        sa.CheckConstraint(f"state IN ({_STATES})", name="state"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state"])


def _courses() -> None:
    op.create_table(
        "course_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("referral_id", sa.Integer, sa.ForeignKey("referral.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("follow_up_id", sa.Integer, sa.ForeignKey("follow_up.id"), unique=True),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.CheckConstraint("state IN ('draft', 'final')", name="state"),
    )
    op.create_index("ix_course_entry_referral_id", "course_entry", ["referral_id"])


def _place() -> None:
    op.create_table(
        "place",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("marker", sa.String(64), nullable=False),
        sa.Column("letters_sent", sa.Integer, nullable=False),
        sa.Column("restored_at", _TIME),
    )
