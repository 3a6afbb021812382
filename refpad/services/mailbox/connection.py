"""A mailbox's folder, by IMAP under TLS or not at all; whatever fails is told in one sentence.

The server's own words are in none of them: they may quote a message.
"""

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from refpad.services.trusted_tls import trusted_tls
from schemas.errors import MachineError
from schemas.mailbox import Mailbox

if TYPE_CHECKING:
    from refpad.services.mailbox.timed_imap import TimedIMAPClient as Client

HEADS_AT_ONCE = 200  # messages whose sender is asked for in one command
HEAD = "BODY.PEEK[HEADER.FIELDS (FROM)]"  # PEEK: being looked at does not make a message read
UNSEALED = "The mailbox's server offers no TLS: nothing is fetched in the clear."
NO_LOGIN = "The mailbox's server refuses user and password: enter them again on the page Settings."


@dataclass(frozen=True)
class EmailHead:
    """Who sent a message, in small letters, "" when it names nobody or several; and its size."""

    sender: str
    size_bytes: int


class OpenMailbox:
    """One folder of a mailbox, selected. Every method raises MachineError, and ends within the settings' seconds."""

    def __init__(self, mailbox: Mailbox, client: "Client", uidvalidity: int) -> None:
        self._mailbox, self._client = mailbox, client
        self.uidvalidity = uidvalidity

    def uids(self) -> list[int]:
        """The folder's messages, oldest first."""
        with _limited(self._mailbox, self._client):
            return sorted(self._client.search("ALL"))

    def heads(self, uids: Sequence[int]) -> dict[int, EmailHead]:
        """Sender and size of each of these that is still there."""
        found: dict[int, EmailHead] = {}
        for first in range(0, len(uids), HEADS_AT_ONCE):
            with _limited(self._mailbox, self._client):
                answer = self._client.fetch(uids[first : first + HEADS_AT_ONCE], [HEAD, "RFC822.SIZE"])
            found |= {uid: _head(items) for uid, items in answer.items() if b"RFC822.SIZE" in items}
        return found

    def content(self, uid: int) -> bytes | None:
        """The message as it came; None when somebody has taken it away meanwhile."""
        with _limited(self._mailbox, self._client):
            content = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
        return content if isinstance(content, bytes) else None

    def mark_done(self, uid: int) -> None:
        """Move it into the folder for what is done, or mark it as read; again as often as wanted."""
        with _limited(self._mailbox, self._client):
            if self._mailbox.done_folder is None:
                self._client.add_flags([uid], [rb"\Seen"])
            else:
                self._move(uid, self._mailbox.done_folder)

    def _move(self, uid: int, folder: str) -> None:
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)
        if self._client.has_capability("MOVE"):
            self._client.move([uid], folder)
            return
        self._client.copy([uid], folder)
        self._client.add_flags([uid], [rb"\Deleted", rb"\Seen"])
        if self._client.has_capability("UIDPLUS"):  # without it, others' deleted messages would go as well
            self._client.uid_expunge([uid])


@contextmanager
def open_mailbox(mailbox: Mailbox) -> Iterator[OpenMailbox]:
    """Its folder, opened; raises MachineError."""
    with ExitStack() as held:
        with _told_apart(mailbox):
            client = _connected(mailbox, held)
        with _limited(mailbox, client):
            _log_in(mailbox, client)
            selected = _selected(mailbox, client)
        yield OpenMailbox(mailbox, client, int(selected[b"UIDVALIDITY"]))


def _connected(mailbox: Mailbox, held: ExitStack) -> "Client":
    from refpad.services.mailbox.timed_imap import TimedIMAPClient  # only who has a mailbox needs it

    is_tls = mailbox.security == "tls"
    tls = trusted_tls(mailbox.ca_file, "REFPAD_MAILBOX__CA_FILE")
    client = TimedIMAPClient(str(mailbox.host), mailbox.port, mailbox.seconds, tls if is_tls else None)
    held.callback(client.close)
    if not is_tls:
        with client.step():
            if not client.has_capability("STARTTLS"):
                raise MachineError(UNSEALED)
            client.starttls(tls)
    return client


def _log_in(mailbox: Mailbox, client: "Client") -> None:
    from imapclient.exceptions import LoginError

    try:
        client.login(mailbox.user or "", (mailbox.password or SecretStr("")).get_secret_value())
    except LoginError:
        raise MachineError(NO_LOGIN) from None


def _selected(mailbox: Mailbox, client: "Client") -> dict[bytes, int]:
    if not client.folder_exists(mailbox.folder):
        raise MachineError(f"The mailbox has no folder {mailbox.folder}: correct its name on the page Settings.")
    selected: dict[bytes, int] = client.select_folder(mailbox.folder)
    return selected


def _head(items: dict[bytes, Any]) -> EmailHead:
    head = next((value for name, value in items.items() if name.startswith(b"BODY[")), b"")
    named = message_from_bytes(head or b"").get_all("From") or []
    senders = getaddresses([str(name) for name in named])
    sender = senders[0][1].lower() if len(senders) == len(named) == 1 else ""
    return EmailHead(sender, int(items[b"RFC822.SIZE"]))


@contextmanager
def _limited(mailbox: Mailbox, client: "Client") -> Iterator[None]:
    with client.step(), _told_apart(mailbox):
        yield


@contextmanager
def _told_apart(mailbox: Mailbox) -> Iterator[None]:
    """What goes wrong: with the settings, with this server, or for the moment."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MachineError(
            f"The mailbox's server cannot be trusted ({error.verify_message}): check its name on the page Settings, or "
            "name its authority's file in REFPAD_MAILBOX__CA_FILE."
        ) from None
    except ssl.SSLError as error:
        if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            raise _no_answer(mailbox, error) from None
        raise MachineError(
            f"The mailbox's server has no TLS on port {mailbox.port}: correct port or encryption on the page Settings."
        ) from None
    except imaplib.IMAP4.abort as error:
        raise _no_answer(mailbox, error) from None
    except imaplib.IMAP4.error as error:
        raise MachineError(
            f"The mailbox's server refused a command ({type(error).__name__}): see whether another program can use the "
            "mailbox, and whether its folders may be written."
        ) from None
    except OSError as error:
        raise _no_answer(mailbox, error) from None


def _no_answer(mailbox: Mailbox, error: Exception) -> MachineError:
    return MachineError(
        f"The mailbox's server {mailbox.host} does not answer ({type(error).__name__}): it is asked again in "
        f"{mailbox.every_minutes:g} minutes."
    )
