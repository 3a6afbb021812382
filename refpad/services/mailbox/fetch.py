"""Fetch scans from the mailbox: a message is done there only when it is on record here."""

import hashlib
import logging
from collections.abc import Callable
from functools import partial
from threading import Event

from refpad.services.attempt import attempt
from refpad.services.mailbox.connection import EmailHead, OpenMailbox, open_mailbox
from refpad.settings import Settings
from schemas.base import Value
from schemas.errors import RefpadError, UsageError
from schemas.mailbox import EmailState, Mailbox
from store import files
from store.crashpoints import crashpoint
from store.database import Store
from store.intake.taking_in import emails
from store.intake.taking_in.emails import EmailPlace

NO_MAILBOX = "No mailbox is set: enter its server on the page Settings, or in REFPAD_MAILBOX__HOST."
NO_SENDERS = (
    "Nothing is fetched, because no sender is allowed: name addresses or @domains on the page Settings, or in "
    "REFPAD_MAILBOX__SENDERS."
)

log = logging.getLogger("refpad.mailbox")


class Fetched(Value):
    """What one look into the mailbox brought; the figures of what was left are of this look alone."""

    taken: int = 0
    again: int = 0
    stranger: int = 0
    too_large: int = 0


def fetch_mail(store: Store, settings: Settings) -> Fetched:
    """Take in what allowed senders have sent since the last look; safe to call again after any crash.

    How it went is noted for the pages. Raises UsageError when no mailbox is set, MachineError when it cannot be used;
    all messages then stay where they are.
    """
    mailbox = settings.mailbox
    if mailbox.host is None:
        raise UsageError(NO_MAILBOX)
    with files.hold_lock(store.workers.parent / "mailbox.lock"):  # two would fetch each message twice for nothing
        fetched = list[EmailState]()
        try:
            _look(store, settings, fetched)
        except RefpadError as error:
            emails.note_look(store, mailbox.name, str(error))
            raise
        emails.note_look(store, mailbox.name)
    return Fetched(**{state.value: fetched.count(state) for state in EmailState})


def _look(store: Store, settings: Settings, fetched: list[EmailState]) -> None:
    if not settings.mailbox.senders:
        raise UsageError(NO_SENDERS)
    terms = _terms(settings)
    with open_mailbox(settings.mailbox) as box:
        known = emails.known_uids(store, settings.mailbox.name, box.uidvalidity, terms)
        uids = box.uids()
        for uid in (uid for uid, is_unmarked in known.items() if is_unmarked):
            place = EmailPlace(settings.mailbox.name, box.uidvalidity, uid)
            if uid in uids:
                _mark(store, box, place)
            else:  # moved before that could be noted, or taken away by a person
                emails.note_marked(store, place)
        for uid, head in box.heads([uid for uid in uids if uid not in known]).items():
            place = EmailPlace(settings.mailbox.name, box.uidvalidity, uid)
            state = _settle(store, settings, box, place, head, terms)
            fetched += [] if state is None else [state]


def _settle(
    store: Store, settings: Settings, box: OpenMailbox, place: EmailPlace, head: EmailHead, terms: str
) -> EmailState | None:
    """Take one message in or leave it; None when it is gone."""
    if not settings.mailbox.allows(head.sender):
        emails.leave_email(store, place, EmailState.STRANGER, terms)
        return EmailState.STRANGER
    if head.size_bytes > settings.limits.file_bytes:
        emails.leave_email(store, place, EmailState.TOO_LARGE, terms)
        return EmailState.TOO_LARGE
    content = box.content(place.uid)
    if not content:
        return None
    crashpoint("fetch_mail.fetched")
    state = emails.take_email(store, place, content, terms)
    _mark(store, box, place)
    return state


def _mark(store: Store, box: OpenMailbox, place: EmailPlace) -> None:
    box.mark_done(place.uid)
    crashpoint("fetch_mail.marked")
    emails.note_marked(store, place)


def _terms(settings: Settings) -> str:
    """By what messages are left: when it changes, those left are looked at again."""
    told = f"{settings.mailbox.senders}|{settings.limits.file_bytes}"
    return hashlib.sha256(told.encode()).hexdigest()


def fetch_until(store: Store, settings: Settings, wake: Callable[[], None], stop: Event) -> None:
    """Fetch every few minutes until `stop`, and `wake` the worker for what came; a problem is logged once."""
    told = ""
    while not stop.is_set():
        problem = attempt(partial(_fetch_and_wake, store, settings, wake)) or ""
        if problem and problem != told:
            log.warning("%s", problem)
        told = problem
        stop.wait(settings.mailbox.every_minutes * 60)


def _fetch_and_wake(store: Store, settings: Settings, wake: Callable[[], None]) -> None:
    if fetch_mail(store, settings).taken:
        wake()


def check_mailbox(mailbox: Mailbox) -> int:
    """Open the mailbox and count the messages of its folder; raises MachineError."""
    with open_mailbox(mailbox) as box:
        return len(box.uids())
