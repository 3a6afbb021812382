"""The first record: files and where they were seen, slips, referrals, follow-ups, offices, audit.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table; names of constraints come from the metadata's naming convention."""
    _files()
    _slips()
    _offices()
    _referrals()
    _audit()


def _files() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("message", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(64)),
        sa.Column("lease_until", _TIME),
        sa.Column("finished_at", _TIME),
        sa.CheckConstraint("state IN ('waiting', 'review', 'done', 'set_aside')", name="state"),
    )
    op.create_index("ix_file_state", "file", ["state"])
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("file_id", sa.Integer, sa.ForeignKey("file.id")),
        sa.Column("fingerprint", sa.String(160), nullable=False, unique=True),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("name_shown", sa.Text, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("message", sa.Text),
        sa.Column("duplicate_of", sa.Integer, sa.ForeignKey("occurrence.id")),
        sa.CheckConstraint("state IN ('taken', 'duplicate', 'set_aside', 'ignored')", name="state"),
        sa.CheckConstraint("(file_id IS NULL) = (state IN ('set_aside', 'ignored'))", name="file_when_taken"),
    )
    op.create_index("ix_occurrence_file_id", "occurrence", ["file_id"])


def _slips() -> None:
    op.create_table(
        "page",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("file_id", sa.Integer, sa.ForeignKey("file.id"), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("message", sa.Text),
        sa.Column("why_rejected", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("file_id", "page"),
        sa.CheckConstraint("state IN ('with_slips', 'blank', 'review', 'set_aside', 'dismissed')", name="state"),
    )
    op.create_table(
        "slip",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("file_id", sa.Integer, sa.ForeignKey("file.id"), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("slip", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("design", sa.String(8)),
        sa.Column("edition", sa.Integer),
        sa.Column("serial", sa.Integer),
        sa.Column("reading", sa.JSON, nullable=False),
        sa.Column("draft", sa.JSON(none_as_null=True)),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("picture_sha256", sa.String(64)),
        sa.Column("why_rejected", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("file_id", "page", "slip"),
        sa.CheckConstraint("state IN ('accepted', 'review', 'rejected')", name="state"),
    )
    op.create_index("ix_slip_state", "slip", ["state"])
    op.create_index("ix_slip_serial", "slip", ["design", "edition", "serial"])


def _offices() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("added_at", _TIME, nullable=False),
    )
    op.create_table(
        "serial_range",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office_id", sa.String(40), sa.ForeignKey("office.id")),
        sa.Column("design", sa.String(8), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("printed_at", _TIME, nullable=False),
        sa.UniqueConstraint("design", "edition", "first"),
        sa.CheckConstraint("first >= 1 AND last >= first", name="in_order"),
    )


def _referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id"), nullable=False, unique=True),
        sa.Column("office_id", sa.String(40), sa.ForeignKey("office.id")),
        sa.Column("accepted_on", sa.Date, nullable=False),
        sa.Column("accepted_at", _TIME, nullable=False),
        sa.Column("accepted_by", sa.Text, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("referral_id", sa.Integer, sa.ForeignKey("referral.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("settled_by", sa.Text),
        sa.Column("settled_at", _TIME),
        sa.Column("note", sa.Text),
        sa.UniqueConstraint("referral_id", "kind", "cycle"),
        sa.CheckConstraint("state IN ('open', 'done', 'skipped')", name="state"),
    )
    op.create_index("ix_follow_up_due", "follow_up", ["state", "due"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("follow_up_id", sa.Integer, sa.ForeignKey("follow_up.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.UniqueConstraint("follow_up_id", "kind", "cycle"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
    )
