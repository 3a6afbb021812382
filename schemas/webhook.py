"""Webhooks: what another program is told of by itself, at an address that an admin has entered."""

from datetime import date, datetime
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from schemas.base import Value
from schemas.changes import ChangedNoun, ChangeKind
from schemas.errors import UsageError

ADDRESS_MOST = 500  # characters
LOCALHOST = "localhost"
WRONG_ADDRESS = (
    "A webhook's address begins with https://, or with http:// on this computer itself (127.0.0.1), and holds no "
    "password and no #"
)


class WebhookEvent(StrEnum):
    """What a webhook may be told of, by the names that stand in its messages."""

    ACCEPTED = "referral.accepted"
    CHANGED = "referral.changed"
    DUE = "follow_up.due"


class WebhookContent(StrEnum):
    """What a message says: numbers alone, or with them the record as it is at that moment, its people too."""

    NUMBERS = "numbers"
    RECORDS = "records"


class MessageState(StrEnum):
    """How far a message is. `SENDING` at the start of a round: its sender ended meanwhile, and it goes once more."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    SKIPPED = "skipped"


class Webhook(Value):
    """A webhook as people see it; its secret is known to its program alone.

    `disabled_at` is set when nothing is sent any more until somebody enables it; `problem` is why, or what was wrong at
    the last try. `waiting` and `skipped` count its messages.
    """

    id: int
    url: str
    events: tuple[WebhookEvent, ...]
    content: WebhookContent
    in_local_network: bool
    made_by: str
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    problem: str
    waiting: int
    skipped: int

    @property
    def who(self) -> str:
        """What the audit calls the program; no user's name has a space."""
        return f"webhook {self.id}"

    @property
    def host(self) -> str:
        """Where it goes to, without the path: that may be a secret of its program."""
        return urlsplit(self.url).netloc


class WebhookMessage(Value):
    """One message: `message_id` is the same however often it is sent. `number` is of a referral or follow-up."""

    id: int
    message_id: str
    event: WebhookEvent
    number: int
    what: ChangeKind | None
    cursor: str | None
    due: date | None
    at: datetime
    state: MessageState
    attempts: int

    @property
    def noun(self) -> ChangedNoun:
        """Of what its number is."""
        return ChangedNoun.FOLLOW_UP if self.event is WebhookEvent.DUE else ChangedNoun.REFERRAL


def event_of(noun: ChangedNoun, what: ChangeKind) -> WebhookEvent | None:
    """What a change on record is to a webhook; None when it is nothing to it."""
    if noun is not ChangedNoun.REFERRAL:
        return None
    return WebhookEvent.ACCEPTED if what is ChangeKind.ADDED else WebhookEvent.CHANGED


def check_address(url: str) -> str:
    """The address; raises UsageError for one to which nothing may be sent."""
    parts = _split(url)
    is_safe = parts is not None and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts)))
    if parts is None or not is_safe or "@" in parts.netloc or parts.fragment or len(url) > ADDRESS_MOST:
        raise UsageError(f"{WRONG_ADDRESS}, in at most {ADDRESS_MOST} characters.")
    return url


def is_loopback(parts: SplitResult) -> bool:
    """Whether an address names this computer itself."""
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == LOCALHOST


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return parts if parts.hostname and has_port and is_plain else None
