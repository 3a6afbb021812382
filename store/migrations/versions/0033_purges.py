"""Legal holds, purges and what went in them; and on SQLite numbers that are never given twice.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

_TIME = sa.DateTime(timezone=True)
# Tables whose rows may be deleted while the audit, or a program that is running, still knows their numbers.
_NUMBERED = (
    "amendment",
    "correction",
    "course_entry",
    "duplicate_decision",
    "example",
    "file",
    "follow_up",
    "follow_up_event",
    "occurrence",
    "outbox",
    "page",
    "print_batch",
    "referral",
    "search_word",
    "slip",
    "unsaved_entry",
)


def upgrade() -> None:
    """Add the tables, and the indexes that find what belongs to a slip or a drop."""
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("referral_id", sa.Integer, sa.ForeignKey("referral.id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", _TIME, nullable=False),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lifted_at", _TIME),
        sa.Column("why_lifted", sa.Text),
    )
    op.create_index("ix_legal_hold_referral_id", "legal_hold", ["referral_id"])
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("began_at", _TIME, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("numbers", sa.JSON, nullable=False),
        sa.Column("finished_at", _TIME),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "purged_item",
        sa.Column("noun", sa.String(16), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("purge_id", sa.Integer, sa.ForeignKey("purge.id"), nullable=False),
        sa.Column("mac", sa.String(64)),
    )
    op.create_table(
        "purge_rest",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("noted_s", sa.Float, nullable=False),
    )
    op.create_index("ix_slip_key_slip_id", "slip_key", ["slip_id"])
    op.create_index("ix_occurrence_duplicate_of", "occurrence", ["duplicate_of"])
    if op.get_bind().dialect.name == "sqlite":
        _number_once()


def _number_once() -> None:
    """SQLite gives the number of a deleted last row to the next one, unless the key says AUTOINCREMENT.

    That word changes nothing in what is stored, and is put into the schema as lang_altertable.html, section 8, says.
    """
    op.execute("PRAGMA writable_schema = ON")
    for name in _NUMBERED:
        op.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'PRIMARY KEY (id)', 'PRIMARY KEY (id AUTOINCREMENT)')"  # noqa: S608 - no input
            f" WHERE type = 'table' AND name = '{name}'"
        )
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) SELECT '{name}', coalesce(max(id), 0) FROM {name}")  # noqa: S608
    version = op.get_bind().execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
