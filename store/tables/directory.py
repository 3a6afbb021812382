"""Offices, providers, the pads printed for them, and letters printed together."""

import sqlalchemy as sa

from store.tables.columns import UtcTime, key, link, metadata

office = sa.Table(
    "office",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False, default=""),
    sa.Column("phone", sa.String(40), nullable=False, default=""),
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
    key(),
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

# Who is referred; each referral comes with a patient of its own, until a person says that two are one. What is known of
# a patient stands in the referrals.
patient = sa.Table(
    "patient",
    metadata,
    key(),
    sa.Column("merged_into", sa.ForeignKey("patient.id")),
    sa.Column("added_at", UtcTime, nullable=False),
    sa.Index("ix_patient_merged_into", "merged_into"),
    sqlite_autoincrement=True,
)

# Who is known to be two persons: nobody is asked again whether they are one. The numbers are those of that day: who was
# merged since counts as somebody else by now.
patient_apart = sa.Table(
    "patient_apart",
    metadata,
    key(),
    link("one_id", "patient.id"),
    link("other_id", "patient.id"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.UniqueConstraint("one_id", "other_id"),
    sa.Index("ix_patient_apart_other_id", "other_id"),
)

serial_range = sa.Table(
    "serial_range",
    metadata,
    key(),
    sa.Column("office_id", sa.ForeignKey("office.id")),
    sa.Column("design", sa.String(8), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("printed_at", UtcTime, nullable=False),
    sa.UniqueConstraint("design", "edition", "first"),
    sa.CheckConstraint("first >= 1 AND last >= first", name="in_order"),
)

# Letters printed together, to be put into envelopes or a fax machine by a person.
print_batch = sa.Table(
    "print_batch",
    metadata,
    key(),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("posted_at", UtcTime),
    sa.Column("posted_by", sa.Text),
)
