"""What must not be purged, what was, and what of it is still to be removed."""

import sqlalchemy as sa

from store.tables.columns import UtcTime, key, link, metadata

# A person's word that a referral stays, however old it is; in force until it is lifted.
legal_hold = sa.Table(
    "legal_hold",
    metadata,
    key(),
    link("referral_id", "referral.id"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("set_at", UtcTime, nullable=False),
    sa.Column("lifted_by", sa.Text),
    sa.Column("lifted_at", UtcTime),
    sa.Column("why_lifted", sa.Text),
    sa.Index("ix_legal_hold_referral_id", "referral_id"),
)

# One purge. `counts` is how much went; `numbers` the last number that each table had given by then, for databases that
# are filled anew. It is finished when no byte of what went is left.
purge = sa.Table(
    "purge",
    metadata,
    key(),
    sa.Column("began_at", UtcTime, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("numbers", sa.JSON, nullable=False),
    sa.Column("finished_at", UtcTime),
)

# What went, by its number, which is never given again: "file", "slip" or "referral", as the audit calls it. `mac` knows
# a file's content again in an older backup, and only with the audit's key.
purged_item = sa.Table(
    "purged_item",
    metadata,
    sa.Column("noun", sa.String(16), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    link("purge_id", "purge.id"),
    sa.Column("mac", sa.String(64)),
)

# Kept files whose rows are gone and that are still to be removed; empty but for a purge that goes on. `noted_s` is when
# by the machine's clock, in seconds since 1970, as files have their times.
purge_rest = sa.Table(
    "purge_rest",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("noted_s", sa.Float, nullable=False),
)
