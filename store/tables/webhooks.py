"""Webhooks, and the messages that wait for each or were sent."""

import sqlalchemy as sa

from schemas.webhook import MessageState, WebhookContent
from store.tables.columns import UtcTime, key, link, metadata, one_of, state

# `secret` is kept as it is, since each message is signed with it; `previous_secret` signs as well until
# `previous_until`. `name` is drawn by chance: the numbers of messages are derived from it. `cursor` is the last change
# that messages were made of. `failing_since`, `tries` and `next_try_at` are of the message that is next.
webhook = sa.Table(
    "webhook",
    metadata,
    key(),
    sa.Column("name", sa.String(32), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("content", sa.String(16), nullable=False),
    sa.Column("in_local_network", sa.Boolean, nullable=False),
    sa.Column("secret", sa.String(80), nullable=False),
    sa.Column("previous_secret", sa.String(80)),
    sa.Column("previous_until", UtcTime),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("removed_at", UtcTime),
    sa.Column("cursor", sa.Integer, nullable=False),
    sa.Column("failing_since", UtcTime),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("next_try_at", UtcTime),
    sa.Column("disabled_at", UtcTime),
    sa.Column("problem", sa.Text),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", UtcTime),
    sa.Column("generation", sa.Integer, nullable=False, default=0),
    one_of("content", *WebhookContent),
)

# One message of one webhook: of a change on record, or of a day on which a follow-up is due. Numbers alone, of no
# patient, so that a purge leaves it: what is sent is read from the record when it is sent.
webhook_message = sa.Table(
    "webhook_message",
    metadata,
    key(),
    link("webhook_id", "webhook.id"),
    sa.Column("message_id", sa.String(40), nullable=False, unique=True),
    sa.Column("event", sa.String(32), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("change_id", sa.Integer),
    sa.Column("mark", sa.String(8)),
    sa.Column("what", sa.String(16)),
    sa.Column("due", sa.Date),
    sa.Column("at", UtcTime, nullable=False),
    state(MessageState, default=MessageState.WAITING),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("delivered_at", UtcTime),
    sa.UniqueConstraint("webhook_id", "change_id"),
    sa.UniqueConstraint("webhook_id", "number", "due"),
    one_of("state", *MessageState),
    sa.Index("ix_webhook_message_state", "webhook_id", "state", "id"),
)
