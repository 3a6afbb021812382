"""Sending messages: the steps of the worker that has a webhook's lease, one message after the other.

In the order of letters: planned and committed, `sending` committed, then the message, then `delivered`. A crash in
between leaves `sending`, and the message goes once more under the same number, by which its receiver knows it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangedNoun
from schemas.errors import RefpadError
from schemas.export import MACHINE, ExportedFollowUp, ExportedReferral
from schemas.webhook import MessageState, WebhookContent, WebhookMessage
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.exported import some_follow_ups
from store.referrals.exported import some_referrals
from store.tables import webhook, webhook_message
from store.webhooks.messages import message_of
from store.webhooks.webhooks import AFRESH, NO_LEASE
from store.workers import fencing

# From one try to the next, at the first, and three times as long each time up to the last: Standard Webhooks 1.1
# proposes waits that grow from seconds to hours over a few days.
RETRY_FIRST_S, RETRY_MOST_S, RETRY_FACTOR = 5.0, 6 * 3600.0, 3.0
JITTER = 0.2  # so that many who wait for one address do not come back at once
GIVE_UP_AFTER = timedelta(days=3)  # from the first try that failed, with none that went well since
_UNSENT = (MessageState.WAITING, MessageState.SENDING)


class LostWebhookError(RefpadError):
    """The webhook is another worker's by now, or was changed by a person; what this one did is dropped."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Webhook {number} was taken over or changed meanwhile; this result is dropped.")


@dataclass(frozen=True)
class WebhookLease:
    """One worker's right to send the messages of one webhook."""

    webhook_id: int
    generation: int


@dataclass(frozen=True)
class OutgoingMessage:
    """A message about to be sent. `record` is what is on record now; None when it is gone, or is not to be said."""

    message: WebhookMessage
    url: str
    in_local_network: bool
    secrets: tuple[str, ...] = field(repr=False)
    says_record: bool
    record: ExportedReferral | ExportedFollowUp | None = field(repr=False)


def next_webhook(store: Store, worker: str, lease_s: float) -> WebhookLease | None:
    """Lease a webhook with a message that may be sent now; None when there is none."""
    waits = sa.exists().where(webhook_message.c.webhook_id == webhook.c.id, webhook_message.c.state.in_(_UNSENT))
    is_time = sa.or_(webhook.c.next_try_at.is_(None), webhook.c.next_try_at <= store.clock.now())
    open_ones = (webhook.c.removed_at.is_(None), webhook.c.disabled_at.is_(None), is_time, waits)
    query = sa.select(webhook).where(*open_ones, fencing.is_free(store, webhook)).order_by(webhook.c.id)
    with store.read() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return None
    with store.claim() as connection:
        row = fencing.take(connection, query, webhook, worker, {"lease_until": fencing.lease_end(store, lease_s)})
        crashpoint("webhook_lease.before_commit")
    crashpoint("webhook_lease.committed")
    return None if row is None else WebhookLease(row.id, row.generation)


def begin_message(store: Store, lease: WebhookLease, lease_s: float) -> OutgoingMessage | None:
    """Commit that the first message that waits is being sent; None when none waits any more.

    That a patient's record goes out is in the audit before it does. Raises LostWebhookError.
    """
    with store.write() as connection:
        row = _renewed(connection, store, lease, lease_s)
        waits = (webhook_message.c.webhook_id == lease.webhook_id, webhook_message.c.state.in_(_UNSENT))
        first = sa.select(webhook_message.c.id).where(*waits).order_by(webhook_message.c.id).limit(1)
        going = webhook_message.update().where(webhook_message.c.id == first.scalar_subquery())
        values = {"state": MessageState.SENDING, "attempts": webhook_message.c.attempts + 1}
        found = connection.execute(going.values(values).returning(webhook_message)).first()
        if found is None:
            return None
        message, says_record = message_of(found), row.content == WebhookContent.RECORDS
        record = _record_of(connection, store, message) if says_record else None
        if record is not None:
            subject, detail = f"{message.noun.value} {message.number}", {"message": message.id}
            audit.append(connection, store.clock.now(), f"webhook {row.id}", "export", subject, detail)
        crashpoint("begin_message.before_commit")
    crashpoint("begin_message.committed")
    keys = _secrets(row, store.clock.now())
    return OutgoingMessage(message, row.url, row.in_local_network, keys, says_record, record)


def mark_delivered(store: Store, lease: WebhookLease, message: WebhookMessage) -> None:
    """The other side has taken the message; that is recorded whoever has the lease by now."""
    with store.write() as connection:
        values = {"state": MessageState.DELIVERED, "delivered_at": store.clock.now()}
        here = (webhook_message.c.id == message.id, webhook_message.c.state.in_(_UNSENT))
        connection.execute(webhook_message.update().where(*here).values(values))
        connection.execute(webhook.update().where(*_ours(lease), webhook.c.disabled_at.is_(None)).values(AFRESH))
        crashpoint("mark_delivered.before_commit")
    crashpoint("mark_delivered.committed")


def mark_undelivered(
    store: Store, lease: WebhookLease, message: WebhookMessage, problem: str, chance: float, *, is_gone: bool = False
) -> bool:
    """The other side did not take it: the webhook waits longer each time; whether it is disabled now.

    It is when the other side says that the address `is_gone`, or when no try went well for GIVE_UP_AFTER. `chance`, 0
    to 1, is for the jitter. Raises LostWebhookError.
    """
    with store.write() as connection:
        now = store.clock.now()
        row = _renewed(connection, store, lease, 0.0)
        since = row.failing_since or now
        is_disabled = is_gone or now - since >= GIVE_UP_AFTER
        wait = timedelta(seconds=retry_wait_s(row.tries, chance))
        values = {"tries": row.tries + 1, "failing_since": since, "next_try_at": now + wait, "problem": problem}
        ended = {"disabled_at": now} if is_disabled else {}
        connection.execute(webhook.update().where(*_ours(lease)).values(values | ended))
        here = (webhook_message.c.id == message.id, webhook_message.c.state == MessageState.SENDING)
        connection.execute(webhook_message.update().where(*here).values(state=MessageState.WAITING))
        if is_disabled:
            audit.append(connection, now, MACHINE, "disable", f"webhook {row.id}", {"tries": row.tries + 1})
        crashpoint("mark_undelivered.before_commit")
    crashpoint("mark_undelivered.committed")
    return is_disabled


def end_webhook_lease(store: Store, lease: WebhookLease) -> None:
    """Free the webhook for other workers."""
    with store.claim() as connection:
        connection.execute(webhook.update().where(*_ours(lease)).values(NO_LEASE))
        crashpoint("webhook_lease.ended")


def retry_wait_s(tries: int, chance: float) -> float:
    """Seconds until the next try after `tries` that had failed before this one."""
    wait_s = min(RETRY_MOST_S, RETRY_FIRST_S * RETRY_FACTOR ** min(tries, 20))
    return wait_s * (1 - JITTER + 2 * JITTER * chance)


def _renewed(connection: Connection, store: Store, lease: WebhookLease, lease_s: float) -> sa.Row[Any]:
    open_ones = (*_ours(lease), webhook.c.removed_at.is_(None), webhook.c.disabled_at.is_(None))
    renewed = webhook.update().where(*open_ones).values(lease_until=fencing.lease_end(store, lease_s))
    row = connection.execute(renewed.returning(webhook)).first()
    if row is None:
        raise LostWebhookError(lease.webhook_id)
    return row


def _record_of(
    connection: Connection, store: Store, message: WebhookMessage
) -> ExportedReferral | ExportedFollowUp | None:
    if message.noun is ChangedNoun.REFERRAL:
        return next(some_referrals(connection, [message.number]), None)
    return next(some_follow_ups(connection, store, [message.number]), None)


def _secrets(row: sa.Row[Any], now: datetime) -> tuple[str, ...]:
    """Those with which a message is signed, the new one first."""
    is_kept = row.previous_secret is not None and row.previous_until > now
    return (row.secret, row.previous_secret) if is_kept else (row.secret,)


def _ours(lease: WebhookLease) -> tuple[sa.ColumnElement[bool], ...]:
    return (webhook.c.id == lease.webhook_id, webhook.c.generation == lease.generation)
