"""Letters by e-mail: TLS or nothing, and every ending of the talk with the server told apart.

What matters is the moment after which the server may have the letter: once the last dot is on its way, silence is
neither yes nor no.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Protocol

from pydantic import SecretStr

from refpad.services.letters.smtp_connection import TimedSMTP
from refpad.services.trusted_tls import trusted_tls
from schemas.errors import MachineError
from schemas.letter import Recipient
from schemas.letter_delivery import Delivery
from schemas.studio import Studio
from store.letters.sending import Outgoing

GO_AHEAD = 354  # RFC 5321, 4.3.2: the answer to DATA
READY = 220  # RFC 3207, 4: the answer to STARTTLS
LOGINS = {"CRAM-MD5", "PLAIN", "LOGIN"}  # what smtplib knows
_AUTH_FAILED = (530, 534, 535)
NO_TLS = "The mail server offers no TLS: letters are never sent in the clear."
NO_LOGIN = (
    "The mail server offers no login by password (AUTH), but the settings name a user: leave out "
    "REFPAD_DELIVERY__SMTP_USER, or ask whoever runs the server."
)


NO_GATEWAY = "The fax gateway that this letter was made for is not set any more: print it, or set the gateway again."


class TryLaterError(Exception):
    """The server asked to repeat it later, or could not be reached: it has nothing of the letter."""


class RefusedError(Exception):
    """The server will not take this letter, now or later."""


class CutOffError(Exception):
    """The talk ended after the letter was handed over and before the server said that it has it."""


class Mailer(Protocol):
    """Sends one mail, or raises TryLaterError, RefusedError or CutOffError; MachineError when none can be sent."""

    def send(self, mail: EmailMessage) -> None: ...


def mail_of(letter: Outgoing, delivery: Delivery, studio: Studio, phone_region: str = "US") -> EmailMessage:
    """The mail that carries a letter, also to a fax gateway, which makes the text a cover sheet.

    Subject, file name and text tell nothing of a patient; the page does. `phone_region` is the country of fax numbers
    without a +.

    The same letter gives the same Message-ID and date, however often it is tried.
    """
    mail = EmailMessage(policy=SMTP)  # refuses a line end in any header
    mail["From"] = formataddr((studio.name, delivery.sender or studio.email))
    mail["To"] = _address(letter.recipient, delivery, phone_region)
    mail["Subject"] = f"A letter from {studio.name} (no. {letter.id})"
    mail["Date"] = format_datetime(letter.made_at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office programs do not answer
    mail.set_content(
        f"Please find a one-page letter attached.\n\nIt is confidential. If you should not have received it, please "
        f"delete it and call {studio.phone}.\n\n{studio.specialist}\n{studio.name}\n"
    )
    mail.add_attachment(letter.pdf, maintype="application", subtype="pdf", filename=f"letter-{letter.id}.pdf")
    return mail


def _address(recipient: Recipient, delivery: Delivery, phone_region: str) -> str:
    """The bare address: a name in the header would be readable on the way."""
    if recipient.by_fax:
        gateway = delivery.gateway_of(recipient.fax, phone_region)
        if gateway is None:
            raise RefusedError(NO_GATEWAY)
        return gateway
    if recipient.email is None:
        raise RefusedError("The recipient has no e-mail address.")
    return recipient.email


@dataclass(frozen=True)
class SmtpMailer:
    """Hands mails to the studio's own mail server."""

    delivery: Delivery

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail; see Mailer."""
        with ExitStack() as held:
            with _failures_told_apart():
                server = held.enter_context(closing(self._connect()))
                self._secure(server)
                self._log_in(server)
            _hand_over(server, mail)

    def _connect(self) -> smtplib.SMTP:
        address = (str(self.delivery.smtp_host), self.delivery.smtp_port)
        tls = self._tls() if self.delivery.smtp_security == "tls" else None
        return TimedSMTP(address, self.delivery.smtp_seconds, tls)

    def _tls(self) -> ssl.SSLContext:
        return trusted_tls(self.delivery.smtp_ca_file, "REFPAD_DELIVERY__SMTP_CA_FILE")

    def _secure(self, server: smtplib.SMTP) -> None:
        if self.delivery.smtp_security == "tls":
            return
        server.ehlo_or_helo_if_needed()
        if not server.has_extn("starttls"):
            raise MachineError(NO_TLS)
        code, _ = server.starttls(context=self._tls())
        if code != READY:
            raise _by_code(code)

    def _log_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.delivery.smtp_user is None:
            return
        if not LOGINS & set(server.esmtp_features.get("auth", "").split()):
            raise MachineError(NO_LOGIN)
        password = self.delivery.smtp_password or SecretStr("")
        server.login(self.delivery.smtp_user, password.get_secret_value())


@contextmanager
def _failures_told_apart() -> Iterator[None]:
    """What goes wrong before a letter is spoken of: with the settings, with this server, or for the moment."""
    try:
        yield
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        raise _no_answer(error) from None
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "no TLS"
        raise MachineError(f"The mail server cannot be trusted ({reason}): check the delivery settings.") from None
    except smtplib.SMTPResponseException as error:
        if error.smtp_code in _AUTH_FAILED:
            raise MachineError("The mail server refuses user and password: check the delivery settings.") from None
        raise _by_code(error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _no_answer(error) from None


def _no_answer(error: Exception) -> TryLaterError:
    return TryLaterError(f"The mail server does not answer ({type(error).__name__}).")


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """Sender, recipient and letter; only an answer to the last dot is an answer."""
    try:
        _check_accepted(server.mail(_bare(str(mail["From"])))[0])
        _check_accepted(server.rcpt(str(mail["To"]))[0])
        code, _ = server.docmd("DATA")
        if code != GO_AHEAD:
            raise _by_code(code)
    except (OSError, smtplib.SMTPException) as error:
        raise TryLaterError(f"The mail server went away ({type(error).__name__}).") from None
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", mail.as_bytes()).removesuffix(b"\r\n") + b"\r\n.\r\n")
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise CutOffError(f"The connection ended while the letter was handed over ({type(error).__name__}).") from None
    if not _is_accepted(code) and not _is_refused(code):
        raise CutOffError("The mail server's answer to the letter is neither yes nor no.")
    _check_accepted(code)


def _bare(address: str) -> str:
    return address.rpartition("<")[2].rstrip(">")


def _check_accepted(code: int) -> None:
    if not _is_accepted(code):
        raise _by_code(code)


def _is_accepted(code: int) -> bool:
    """RFC 5321, 4.2.1: every 2yz is a yes, as 251 (it forwards) and 252 (it has not looked) to a recipient."""
    return 200 <= code < 300


def _is_refused(code: int) -> bool:
    return 400 <= code < 600


def _by_code(code: int) -> Exception:
    """RFC 5321, 4.2.1: 4yz may be repeated, 5yz not. The server's words may name the patient: only the code is kept.

    Anything else, as -1 for what is no code at all, is no answer: whoever talks so has nothing of the letter yet.
    """
    if 500 <= code < 600:
        return RefusedError(f"The mail server refused the letter (code {code}).")
    if 400 <= code < 500:
        return TryLaterError(f"The mail server asked to try later (code {code}).")
    return TryLaterError("The mail server's answers are none of SMTP: is it one?")
