"""From one studio's front desk to another's, for whoever belongs to both: one ticket, once, within seconds."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from refpad.services.studios.registry import Registry
from schemas.errors import UsageError
from store.database import Store
from store.users import guests, users

TICKET_S = 30.0  # a browser follows a redirect at once


class NoSuchTicketError(UsageError):
    """A ticket that was used, has run out, never was, or is of another studio."""

    def __init__(self) -> None:
        super().__init__("This way in was used or has run out: go back, and choose the studio again.")


@dataclass(frozen=True)
class _Ticket:
    studio: str
    user: str
    until_s: float


@dataclass(frozen=True)
class Switchboard:
    """Where one person goes on; `registry` tells who belongs where, `url_of` where a studio's front desk is.

    Tickets are in memory: whoever serves one studio serves all. May be used by several threads.
    """

    registry: Callable[[], Registry] = Registry
    url_of: Callable[[str], str] = str
    now_s: Callable[[], float] = time.monotonic
    _tickets: dict[str, _Ticket] = field(default_factory=dict, repr=False)

    def elsewhere(self, key: str, store: Store, user: str) -> dict[str, str]:
        """The names, by key, of the other studios that this user of a studio enters."""
        registry = self.registry()
        if not registry.members:
            return {}
        found = registry.elsewhere(key, user, is_guest=guests.is_guest(store, user))
        return {place: registry.find(place).name for place in found}

    def leave(self, key: str, store: Store, user: str, place: str) -> str:
        """The address at which this user goes on at another studio; raises UsageError when they may not."""
        there = self.registry().elsewhere(key, user, is_guest=guests.is_guest(store, user)).get(place)
        if there is None:
            raise UsageError("You do not belong to that studio: whoever runs refpad lets you in.")
        word = secrets.token_urlsafe(32)
        now = self.now_s()
        for old, ticket in list(self._tickets.items()):
            if ticket.until_s < now:
                self._tickets.pop(old, None)
        self._tickets[word] = _Ticket(place, there, now + TICKET_S)
        return f"{self.url_of(place)}/arrive/{word}"

    def arrive(self, key: str, store: Store, word: str) -> str:
        """The user whom a ticket lets in at this studio, once; raises NoSuchTicketError.

        Who is listed as coming from elsewhere must be a guest still: the account may be somebody else's by now.
        """
        ticket = self._tickets.pop(word, None)
        if ticket is None or ticket.studio != key or ticket.until_s < self.now_s():
            raise NoSuchTicketError
        is_listed = self.registry().member(key, ticket.user) is not None
        may_enter = guests.is_guest(store, ticket.user) if is_listed else users.password_hash(store, ticket.user)
        if not may_enter:
            raise NoSuchTicketError
        return ticket.user
