"""The webhooks that there are: entered by an admin, with a secret that is shown once."""

import base64
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.errors import NotOnRecordError, UsageError
from schemas.webhook import MessageState, Webhook, WebhookContent, WebhookEvent, check_address
from store import audit
from store.database import Store
from store.tables import change, webhook, webhook_message

SECRET_PREFIX, SECRET_BYTES = "whsec_", 32  # Standard Webhooks 1.1: 24 to 64 bytes in base64
OLD_SECRET_HOURS = 24  # for how long messages are signed with the secret of before as well
WEBHOOKS_MOST = 20
NO_LEASE = {"worker": None, "lease_until": None}
AFRESH = {"tries": 0, "failing_since": None, "next_try_at": None, "disabled_at": None, "problem": None}


def add_webhook(
    store: Store,
    url: str,
    events: Collection[WebhookEvent],
    who: str,
    content: WebhookContent = WebhookContent.NUMBERS,
    *,
    in_local_network: bool = False,
) -> str:
    """Enter an address that is told of what happens from now on; its secret, which is shown nowhere else.

    Raises UsageError for an address to which nothing may be sent, and without an event.
    """
    address, now, secret = check_address(url.strip()), store.clock.now(), _new_secret()
    if not events:
        raise UsageError(f"Say what the webhook is told of: {', '.join(WebhookEvent)}.")
    row = {
        "name": secrets.token_hex(16),
        "url": address,
        "events": sorted(event.value for event in set(events)),
        "content": content.value,
        "in_local_network": in_local_network,
        "secret": secret,
        "made_by": who,
        "made_at": now,
    }
    with store.write() as connection:
        if len(_rows(connection)) >= WEBHOOKS_MOST:
            raise UsageError(f"There are {WEBHOOKS_MOST} webhooks: remove one first.")
        cursor = connection.execute(sa.select(sa.func.max(change.c.id))).scalar() or 0
        inserted = webhook.insert().values(row | {"cursor": cursor}).returning(webhook.c.id)
        number = connection.execute(inserted).scalar_one()
        detail = {"events": row["events"], "content": content.value}
        audit.append(connection, now, who, "add", f"webhook {number}", detail)
    return secret


def webhooks(store: Store) -> list[Webhook]:
    """The webhooks that there are, oldest first."""
    with store.read() as connection:
        return _rows(connection)


def find_webhook(store: Store, number: int) -> Webhook:
    """One of them; raises NotOnRecordError."""
    with store.read() as connection:
        found = _rows(connection, webhook.c.id == number)
    if not found:
        raise _missing(number)
    return found[0]


def remove_webhook(store: Store, number: int, who: str) -> None:
    """End a webhook at once, and forget its secret; what waits for it is not sent. Raises NotOnRecordError."""
    gone = {"removed_at": store.clock.now(), "secret": "", "previous_secret": None}
    _change(store, number, who, "remove", gone)


def rotate_secret(store: Store, number: int, who: str) -> str:
    """Give a webhook another secret; the one of before signs as well for OLD_SECRET_HOURS."""
    secret = _new_secret()
    until = store.clock.now() + timedelta(hours=OLD_SECRET_HOURS)
    changed = {"previous_secret": webhook.c.secret, "previous_until": until, "secret": secret}
    _change(store, number, who, "rotate_secret", changed)
    return secret


def enable_webhook(store: Store, number: int, who: str) -> None:
    """Have what waits be sent, at once and from the first, whatever went wrong before. Raises NotOnRecordError."""
    _change(store, number, who, "enable", AFRESH)


def _change(store: Store, number: int, who: str, what: str, values: dict[str, Any]) -> None:
    with store.write() as connection:
        there = webhook.update().where(webhook.c.id == number, webhook.c.removed_at.is_(None))
        if not connection.execute(there.values(values)).rowcount:
            raise _missing(number)
        audit.append(connection, store.clock.now(), who, what, f"webhook {number}")


def _missing(number: int) -> NotOnRecordError:
    return NotOnRecordError(f"There is no webhook {number}", "`refpad webhooks list` shows those there are")


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _rows(connection: Connection, *conditions: sa.ColumnElement[bool]) -> list[Webhook]:
    own = [name for name in Webhook.model_fields if name not in ("waiting", "skipped")]
    counts = (
        _counted("waiting", MessageState.WAITING, MessageState.SENDING),
        _counted("skipped", MessageState.SKIPPED),
    )
    query = sa.select(*webhook.c[*own], *counts).where(webhook.c.removed_at.is_(None), *conditions)
    rows = connection.execute(query.order_by(webhook.c.id)).mappings()
    return [Webhook(**{**row, "problem": row["problem"] or ""}) for row in rows]


def _counted(label: str, *states: MessageState) -> sa.Label[int]:
    of_it = (webhook_message.c.webhook_id == webhook.c.id, webhook_message.c.state.in_(states))
    return sa.select(sa.func.count()).select_from(webhook_message).where(*of_it).scalar_subquery().label(label)
