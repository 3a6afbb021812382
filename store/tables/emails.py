"""The mailbox: each message that was looked at, and how the last look went."""

import sqlalchemy as sa

from schemas.mailbox import EmailState
from store.tables.columns import UtcTime, key, metadata, one_of, state

# One message of one mailbox folder, by the numbers that its server gives once (RFC 3501, 2.3.1.1). `body_sha256` is of
# its Message-ID, words and files, without what servers write on the way; `terms` are the settings by which one was left
# there. `marked_at` is when the server was told that it is done.
email = sa.Table(
    "email",
    metadata,
    key(),
    sa.Column("mailbox", sa.String(700), nullable=False),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    state(EmailState),
    sa.Column("body_sha256", sa.String(64)),
    sa.Column("terms", sa.String(64), nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("marked_at", UtcTime),
    sa.UniqueConstraint("mailbox", "uidvalidity", "uid"),
    one_of("state", *EmailState),
    sa.Index("ix_email_body_sha256", "body_sha256"),
)

# The last look into each mailbox: when, when one went well, and what was wrong since.
mailbox_look = sa.Table(
    "mailbox_look",
    metadata,
    sa.Column("mailbox", sa.String(700), primary_key=True),
    sa.Column("looked_at", UtcTime, nullable=False),
    sa.Column("well_at", UtcTime),
    sa.Column("problem", sa.Text),
)
