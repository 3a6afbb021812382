"""Follow-ups chain, have owners, leases and a history, and may belong to a slip or an office as well.

Frozen: a later change of the tables is a later revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TIME = sa.DateTime(timezone=True)
_STANDING = sa.text("ended_on IS NULL")


def upgrade() -> None:
    """The old rows are carried over into new tables: SQLite cannot change a constraint."""
    _referrals()
    op.execute("CREATE TABLE old_outbox AS SELECT * FROM outbox")
    op.execute("CREATE TABLE old_follow_up AS SELECT * FROM follow_up")
    op.drop_table("outbox")
    op.drop_table("follow_up")
    _follow_ups()
    _outbox()
    _carry_over()
    op.drop_table("old_outbox")
    op.drop_table("old_follow_up")


def _referrals() -> None:
    for name in ("next_visit_on", "visit_told_on", "assessed_on", "discharged_on"):
        op.add_column("referral", sa.Column(name, sa.Date))
    op.create_index("ix_referral_office_id", "referral", ["office_id"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    visit = "json_extract(record, '$.next_visit_on')" if on_sqlite else "CAST(record ->> 'next_visit_on' AS date)"
    op.execute(f"UPDATE referral SET visit_told_on = accepted_on, next_visit_on = {visit}")  # noqa: S608 - no input


def _follow_ups() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("referral_id", sa.Integer, sa.ForeignKey("referral.id")),
        sa.Column("slip_id", sa.Integer, sa.ForeignKey("slip.id")),
        sa.Column("office_id", sa.String(40), sa.ForeignKey("office.id")),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("planned_due", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("settled_by", sa.Text),
        sa.Column("settled_at", _TIME),
        sa.Column("note", sa.Text),
        sa.Column("asked", sa.JSON(none_as_null=True)),
        sa.Column("worker", sa.String(64)),
        sa.Column("lease_until", _TIME),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.UniqueConstraint("referral_id", "kind", "cycle"),
        sa.UniqueConstraint("slip_id", "kind", "cycle"),
        sa.UniqueConstraint("office_id", "kind", "cycle"),
        sa.CheckConstraint("state IN ('open', 'waiting', 'failed', 'done', 'skipped')", name="state"),
        sa.CheckConstraint("(ended_on IS NOT NULL) = (state IN ('done', 'skipped'))", name="ended"),
        sa.CheckConstraint(
            "CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END + CASE WHEN slip_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN office_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_subject",
        ),
    )
    for name, columns in {"standing": ["due", "id"], "owner": ["owner", "due", "id"]}.items():
        op.create_index(
            f"ix_follow_up_{name}", "follow_up", columns, sqlite_where=_STANDING, postgresql_where=_STANDING
        )
    op.create_table(
        "follow_up_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("follow_up_id", sa.Integer, sa.ForeignKey("follow_up.id"), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_follow_up_event_follow_up_id", "follow_up_event", ["follow_up_id"])


def _outbox() -> None:
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


def _carry_over() -> None:
    """A settled follow-up ended on its settling's day in UTC: the studio's zone is not known here."""
    op.execute(
        "INSERT INTO follow_up (id, referral_id, kind, cycle, due, planned_due, state, owner, made_at, ended_on,"
        " settled_by, settled_at, note, generation)"
        " SELECT old.id, old.referral_id, old.kind, old.cycle, old.due, old.due, old.state, '', referral.accepted_at,"
        " CASE WHEN old.state = 'open' THEN NULL ELSE DATE(old.settled_at) END,"
        " old.settled_by, old.settled_at, old.note, 0"
        " FROM old_follow_up AS old JOIN referral ON referral.id = old.referral_id"
    )
    columns = "id, follow_up_id, kind, cycle, state, written_at"
    op.execute(f"INSERT INTO outbox ({columns}) SELECT {columns} FROM old_outbox")  # noqa: S608 - no input
    if op.get_bind().dialect.name == "postgresql":
        for table in ("follow_up", "outbox"):
            op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
