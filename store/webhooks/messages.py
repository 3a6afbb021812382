"""The messages of a webhook: made of the record's changes and of the days on which follow-ups are due, each once.

A message's number is derived from the webhook and what it tells: the same is never told under two numbers, not even
by a record that was put back from a backup.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from schemas.changes import ChangedNoun, ChangeKind
from schemas.errors import NotOnRecordError, UsageError
from schemas.webhook import MessageState, WebhookEvent, WebhookMessage, event_of
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.tables import change, follow_up, webhook, webhook_message

CHANGES_A_TIME = 500
SHOWN_MOST = 10
_OPEN = (webhook.c.removed_at.is_(None), webhook.c.disabled_at.is_(None))


def plan_messages(store: Store) -> int:
    """Make the messages of what happened since the last time; how many. Nothing is written while nothing happened."""
    with store.read() as connection:
        if not any(_planned(connection, store, row) for row in _webhooks(connection)):
            return 0
    with store.write() as connection:
        made = 0
        for row in _webhooks(connection):
            cursor, messages = _planned(connection, store, row) or (row.cursor, [])
            if messages:
                connection.execute(webhook_message.insert(), messages)
            connection.execute(webhook.update().where(webhook.c.id == row.id).values(cursor=cursor))
            made += len(messages)
        crashpoint("plan_messages.before_commit")
    crashpoint("plan_messages.committed")
    return made


def messages_of(store: Store, number: int, most: int = SHOWN_MOST) -> list[WebhookMessage]:
    """The newest messages of a webhook, newest first."""
    query = sa.select(webhook_message).where(webhook_message.c.webhook_id == number)
    with store.read() as connection:
        rows = connection.execute(query.order_by(webhook_message.c.id.desc()).limit(most)).all()
    return [message_of(row) for row in rows]


def send_again(store: Store, number: int, message: int, who: str) -> None:
    """Have a message that was delivered or skipped be sent once more, under its number; raises NotOnRecordError."""
    _settle(store, number, message, who, ("send_again", MessageState.WAITING))


def skip_message(store: Store, number: int, message: int, who: str) -> None:
    """Have a message not be sent, so that those behind it are; raises NotOnRecordError."""
    _settle(store, number, message, who, ("skip", MessageState.SKIPPED))


def message_of(row: Row[Any]) -> WebhookMessage:
    """A row as a value."""
    own = ("id", "message_id", "event", "number", "what", "due", "at", "state", "attempts")
    cursor = None if row.change_id is None else f"{row.change_id}-{row.mark}"
    return WebhookMessage(**{name: getattr(row, name) for name in own}, cursor=cursor)


def _settle(store: Store, number: int, message: int, who: str, act: tuple[str, MessageState]) -> None:
    what, state = act
    was = webhook_message.c.state.in_(
        [MessageState.DELIVERED, MessageState.SKIPPED] if state is MessageState.WAITING else [MessageState.WAITING]
    )
    here = (webhook_message.c.webhook_id == number, webhook_message.c.id == message)
    with store.write() as connection:
        if connection.execute(sa.select(webhook_message.c.id).where(*here)).first() is None:
            where = f"`refpad webhooks messages {number}` shows the latest"
            raise NotOnRecordError(f"There is no message {message} of webhook {number}", where)
        if not connection.execute(webhook_message.update().where(*here, was).values(state=state)).rowcount:
            raise UsageError(f"Message {message} is on its way, or was settled: look again in a moment.")
        audit.append(connection, store.clock.now(), who, what, f"webhook {number}", {"message": message})


def _webhooks(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(sa.select(webhook).where(*_OPEN).order_by(webhook.c.id)))


def _planned(connection: Connection, store: Store, row: Row[Any]) -> tuple[int, list[dict[str, Any]]] | None:
    """How far the changes were looked through, and the new messages; None when there is nothing to write."""
    now = store.clock.now()
    changes = connection.execute(
        sa.select(change).where(change.c.id > row.cursor).order_by(change.c.id).limit(CHANGES_A_TIME)
    ).all()
    events = {WebhookEvent(event) for event in row.events}
    messages = [*_of_changes(row, changes, events, now)]
    if WebhookEvent.DUE in events:
        messages += _of_due(connection, row, store.clock.day_of(row.made_at), store.clock.today(), now)
    if not changes and not messages:
        return None
    return (changes[-1].id if changes else row.cursor), messages


def _of_changes(
    row: Row[Any], changes: Sequence[Row[Any]], events: set[WebhookEvent], now: datetime
) -> Iterator[dict[str, Any]]:
    for one in changes:
        event = event_of(ChangedNoun(one.noun), ChangeKind(one.what))
        if event in events:
            about = {"change_id": one.id, "mark": one.mark, "what": one.what, "due": None}
            yield _message(row, event, one.number, f"change {one.id}-{one.mark}", now) | about


def _of_due(connection: Connection, row: Row[Any], since: date, today: date, now: datetime) -> Iterator[dict[str, Any]]:
    """A follow-up that stands and is due by today, unless this webhook was told of that day; none of before it."""
    told = sa.exists().where(
        webhook_message.c.webhook_id == row.id,
        webhook_message.c.number == follow_up.c.id,
        webhook_message.c.due == follow_up.c.due,
    )
    due = sa.select(follow_up.c.id, follow_up.c.due).where(
        follow_up.c.ended_on.is_(None), follow_up.c.due.between(since, today), ~told
    )
    for number, day in connection.execute(due.order_by(follow_up.c.due, follow_up.c.id).limit(CHANGES_A_TIME)):
        about = {"change_id": None, "mark": None, "what": None, "due": day}
        yield _message(row, WebhookEvent.DUE, number, f"follow_up {number} due {day.isoformat()}", now) | about


def _message(row: Row[Any], event: WebhookEvent, number: int, about: str, now: datetime) -> dict[str, Any]:
    derived = uuid.uuid5(uuid.UUID(hex=row.name), about).hex
    return {"webhook_id": row.id, "message_id": f"msg_{derived}", "event": event.value, "number": number, "at": now}
