"""Accepted slips and what the specialist enters in their course."""

import sqlalchemy as sa

from store.tables.columns import UtcTime, content_sha256, key, link, metadata, one_of

referral = sa.Table(
    "referral",
    metadata,
    key(),
    sa.Column("slip_id", sa.ForeignKey("slip.id"), nullable=False, unique=True),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.Column("accepted_on", sa.Date, nullable=False),
    sa.Column("accepted_at", UtcTime, nullable=False),
    sa.Column("accepted_by", sa.Text, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    content_sha256("record"),
    sa.Column("next_visit_on", sa.Date),
    sa.Column("visit_told_on", sa.Date),
    sa.Column("assessed_on", sa.Date),
    sa.Column("discharged_on", sa.Date),
    sa.Column("provider_id", sa.ForeignKey("provider.id")),
    sa.Column("patient_id", sa.ForeignKey("patient.id")),
    sa.Index("ix_referral_patient_id", "patient_id"),
    sa.Index("ix_referral_office_id", "office_id", "accepted_on"),
    sa.Index("ix_referral_provider_id", "provider_id"),
    sa.Index("ix_referral_accepted_by", "accepted_by"),
)

# What people corrected on an accepted referral. `letters` are those that were out by then, and say what was before.
amendment = sa.Table(
    "amendment",
    metadata,
    key(),
    link("referral_id", "referral.id"),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Column("letters", sa.JSON, nullable=False),
    sa.Index("ix_amendment_referral_id", "referral_id"),
)

# What is entered in the course of a referral. `follow_up_id` is the follow-up whose letter a final entry writes.
course_entry = sa.Table(
    "course_entry",
    metadata,
    key(),
    link("referral_id", "referral.id"),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("follow_up_id", sa.ForeignKey("follow_up.id"), unique=True),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    one_of("state", "draft", "final"),
    sa.Index("ix_course_entry_referral_id", "referral_id"),
)

# What a user has typed in an entry's form and not saved. `entry_id` is 0 for an entry that is not on record yet.
unsaved_entry = sa.Table(
    "unsaved_entry",
    metadata,
    key(),
    sa.Column("user_name", sa.Text, nullable=False),
    link("referral_id", "referral.id"),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("entry_id", sa.Integer, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("kept_at", UtcTime, nullable=False),
    sa.UniqueConstraint("user_name", "referral_id", "kind", "entry_id"),
)
