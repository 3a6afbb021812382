"""The tables, as SQLAlchemy Core; migrations/versions holds how they came to be."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

REVISION = "0002"  # the newest migration; a test holds the two together

WAITING, REVIEW, DONE, SET_ASIDE = "waiting", "review", "done", "set_aside"
TAKEN, DUPLICATE, IGNORED = "taken", "duplicate", "ignored"
ACCEPTED, REJECTED, DISMISSED = "accepted", "rejected", "dismissed"
WITH_SLIPS, BLANK = "with_slips", "blank"

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC on every database; SQLite itself knows no time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _one_of(column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _link(name: str, to: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.ForeignKey(to), nullable=nullable)


# One file by content. `attempts` counts claims and is raised before the try; `generation` fences each claim.
file = sa.Table(
    "file",
    metadata,
    _key(),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("message", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("generation", sa.Integer, nullable=False, default=0),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", UtcTime),
    sa.Column("finished_at", UtcTime),
    _one_of("state", WAITING, REVIEW, DONE, SET_ASIDE),
    sa.Index("ix_file_state", "state"),
)

# One file seen in the inbox. `name` is the name's raw bytes: data, never a path.
occurrence = sa.Table(
    "occurrence",
    metadata,
    _key(),
    _link("file_id", "file.id", nullable=True),
    sa.Column("fingerprint", sa.String(160), nullable=False, unique=True),
    sa.Column("name", sa.LargeBinary, nullable=False),
    sa.Column("name_shown", sa.Text, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("message", sa.Text),
    _link("duplicate_of", "occurrence.id", nullable=True),
    _one_of("state", TAKEN, DUPLICATE, SET_ASIDE, IGNORED),
    sa.CheckConstraint("(file_id IS NULL) = (state IN ('set_aside', 'ignored'))", name="file_when_taken"),
    sa.Index("ix_occurrence_file_id", "file_id"),
)

page = sa.Table(
    "page",
    metadata,
    _key(),
    _link("file_id", "file.id"),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("message", sa.Text),
    sa.Column("why_rejected", sa.Text),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.UniqueConstraint("file_id", "page"),
    _one_of("state", WITH_SLIPS, BLANK, REVIEW, SET_ASIDE, DISMISSED),
)

# `reading` is what the machine read and never changes; `draft` is that with a person's corrections.
slip = sa.Table(
    "slip",
    metadata,
    _key(),
    _link("file_id", "file.id"),
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
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.UniqueConstraint("file_id", "page", "slip"),
    _one_of("state", ACCEPTED, REVIEW, REJECTED),
    sa.Index("ix_slip_state", "state"),
    sa.Index("ix_slip_serial", "design", "edition", "serial"),
)

office = sa.Table(
    "office",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False, default=""),
    sa.Column("phone", sa.String(20), nullable=False, default=""),
    sa.Column("address", sa.Text, nullable=False, default=""),
    sa.Column("added_at", UtcTime, nullable=False),
)

serial_range = sa.Table(
    "serial_range",
    metadata,
    _key(),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.Column("design", sa.String(8), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("printed_at", UtcTime, nullable=False),
    sa.UniqueConstraint("design", "edition", "first"),
    sa.CheckConstraint("first >= 1 AND last >= first", name="in_order"),
)

referral = sa.Table(
    "referral",
    metadata,
    _key(),
    sa.Column("slip_id", sa.ForeignKey("slip.id"), nullable=False, unique=True),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.Column("accepted_on", sa.Date, nullable=False),
    sa.Column("accepted_at", UtcTime, nullable=False),
    sa.Column("accepted_by", sa.Text, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("next_visit_on", sa.Date),
    sa.Column("visit_told_on", sa.Date),
    sa.Column("assessed_on", sa.Date),
    sa.Column("discharged_on", sa.Date),
    sa.Index("ix_referral_office_id", "office_id"),
)

_STANDING = sa.text("ended_on IS NULL")

# `planned_due` is what the rule said, `due` what holds: a person may have postponed it. `generation` fences each
# lease. A follow-up belongs to a referral, a slip or an office.
follow_up = sa.Table(
    "follow_up",
    metadata,
    _key(),
    _link("referral_id", "referral.id", nullable=True),
    _link("slip_id", "slip.id", nullable=True),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("planned_due", sa.Date, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, default="open"),
    sa.Column("owner", sa.String(80), nullable=False, default=""),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.Column("settled_by", sa.Text),
    sa.Column("settled_at", UtcTime),
    sa.Column("note", sa.Text),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", UtcTime),
    sa.Column("generation", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("referral_id", "kind", "cycle"),
    sa.UniqueConstraint("slip_id", "kind", "cycle"),
    sa.UniqueConstraint("office_id", "kind", "cycle"),
    _one_of("state", "open", "waiting", "failed", "done", "skipped"),
    sa.CheckConstraint("(ended_on IS NOT NULL) = (state IN ('done', 'skipped'))", name="ended"),
    sa.CheckConstraint(
        "CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END + CASE WHEN slip_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN office_id IS NULL THEN 0 ELSE 1 END = 1",
        name="one_subject",
    ),
    # What stands, in the order of the list: of years of follow-ups only these are ever looked through.
    sa.Index("ix_follow_up_standing", "due", "id", sqlite_where=_STANDING, postgresql_where=_STANDING),
    sa.Index("ix_follow_up_owner", "owner", "due", "id", sqlite_where=_STANDING, postgresql_where=_STANDING),
)

# What happened to a follow-up after it was made, for people to read; the audit has the proof.
follow_up_event = sa.Table(
    "follow_up_event",
    metadata,
    _key(),
    _link("follow_up_id", "follow_up.id"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("due", sa.Date),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Index("ix_follow_up_event_follow_up_id", "follow_up_id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _key(),
    _link("follow_up_id", "follow_up.id"),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, default="waiting"),
    sa.Column("written_at", UtcTime, nullable=False),
    sa.UniqueConstraint("follow_up_id", "kind", "cycle"),
)

# Append-only (triggers refuse change) and chained: each row's hash covers the one before.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
)
