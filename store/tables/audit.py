"""Who did what."""

import sqlalchemy as sa

from store.tables.columns import UtcTime, metadata

# Append-only (triggers refuse change) and chained: each row's hash covers the one before, and is
# made with the key that `key_id` tells; without one before the record had a key.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("key_id", sa.String(16)),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Index("ix_audit_subject", "subject"),
    sa.Index("ix_audit_who", "who"),
    sa.Index("ix_audit_at", "at"),
)
