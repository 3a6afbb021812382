"""The tables, as SQLAlchemy Core; migrations/versions holds how they came to be."""

import sqlalchemy as sa

from store.tables.columns import UtcTime
from store.tables.columns import key as _key
from store.tables.columns import link as _link
from store.tables.columns import metadata as metadata
from store.tables.columns import one_of as _one_of
from store.tables.followups import course_entry as course_entry
from store.tables.followups import follow_up as follow_up
from store.tables.followups import follow_up_event as follow_up_event
from store.tables.followups import outbox as outbox
from store.tables.followups import place as place
from store.tables.followups import print_batch as print_batch

REVISION = "0016"  # the newest migration; a test holds the two together

WAITING, REVIEW, DONE, SET_ASIDE = "waiting", "review", "done", "set_aside"
TAKEN, DUPLICATE, IGNORED = "taken", "duplicate", "ignored"
ACCEPTED, REJECTED, DISMISSED = "accepted", "rejected", "dismissed"
WITH_SLIPS, BLANK = "with_slips", "blank"

# One file by content. `attempts` counts claims and is raised before the try; `generation` fences each claim.
# `read_as` is the one pad, "met-1", that a person says its slips are of. `returns` counts how often the machine failed
# at this file while others went through, which `recorded_then` tells: the files recorded when it came back last.
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
    sa.Column("read_as", sa.String(8)),
    sa.Column("returns", sa.Integer, nullable=False, default=0),
    sa.Column("recorded_then", sa.Integer),
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
    sa.Index("ix_occurrence_state", "state"),
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
    sa.Index("ix_page_state", "state"),
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
    sa.Column("fax", sa.Text, nullable=False, default=""),
    sa.Column("email", sa.Text),
    sa.Column("prefers", sa.String(8), nullable=False, default="post"),
    sa.Column("merged_into", sa.ForeignKey("office.id")),
)

# Who signs slips; the same person in two offices has two rows, until a person merges them. `name_key` is the name
# without titles, by which another slip of theirs is known.
provider = sa.Table(
    "provider",
    metadata,
    _key(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.String(160), nullable=False),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.Column("fax", sa.Text, nullable=False, default=""),
    sa.Column("email", sa.Text),
    sa.Column("prefers", sa.String(8)),
    sa.Column("merged_into", sa.ForeignKey("provider.id")),
    sa.Column("added_at", UtcTime, nullable=False),
    sa.Index("ix_provider_name_key", "name_key"),
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
    sa.Column("provider_id", sa.ForeignKey("provider.id")),
    sa.Index("ix_referral_office_id", "office_id"),
    sa.Index("ix_referral_provider_id", "provider_id"),
    sa.Index("ix_referral_accepted_by", "accepted_by"),
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
    sa.Index("ix_audit_subject", "subject"),
)
