"""Letters by e-mail: TLS or nothing, and every ending of the talk with the server told apart.

What matters is the moment after which the server may have the letter: once the last dot is on its way, silence is
neither yes nor no.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Protocol

from pydantic import SecretStr

from schemas.errors import MachineError
from schemas.letter import Recipient
from schemas.letter_delivery import Delivery
from schemas.studio import Studio
from store.letters.sending import Outgoing

GO_AHEAD = 354  # RFC 5321, 4.3.2: the answer to DATA
DONE = 250
_AUTH_FAILED = (530, 534, 535)


class TryLaterError(Exception):
    """The server asked to repeat it later, or could not be reached: it has nothing of the letter."""


class RefusedError(Exception):
    """The server will not take this letter, now or later."""


class CutOffError(Exception):
    """The talk ended after the letter was handed over and before the server said that it has it."""


class Mailer(Protocol):
    """Sends one mail, or raises TryLaterError, RefusedError or CutOffError; MachineError when none can be sent."""

    def send(self, mail: EmailMessage) -> None: ...


def mail_of(letter: Outgoing, delivery: Delivery, studio: Studio) -> EmailMessage:
    """The mail that carries a letter. Subject, file name and text tell nothing of a patient; the page does.

    The same letter gives the same Message-ID and date, however often it is tried.
    """
    mail = EmailMessage(policy=SMTP)  # refuses a line end in any header
    mail["From"] = formataddr((studio.name, delivery.sender or studio.email))
    mail["To"] = _address(letter.recipient)
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


def _address(recipient: Recipient) -> str:
    """The bare address: a name in the header would be readable on the way."""
    if recipient.email is None:
        raise RefusedError("The recipient has no e-mail address.")
    return recipient.email


@dataclass(frozen=True)
class SmtpMailer:
    """Hands mails to the studio's own mail server."""

    delivery: Delivery

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail; see Mailer."""
        server = self._connected()
        try:
            _hand_over(server, mail)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        """A connection under TLS, logged in."""
        context = ssl.create_default_context(cafile=self.delivery.smtp_ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            server = self._open(context)
            self._log_in(server)
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", "") or error.reason or "no TLS"
            raise MachineError(f"The mail server cannot be trusted ({reason}): check the delivery settings.") from None
        except smtplib.SMTPNotSupportedError:
            raise MachineError("The mail server offers no TLS: letters are never sent in the clear.") from None
        except smtplib.SMTPResponseException as error:
            if error.smtp_code in _AUTH_FAILED:
                raise MachineError("The mail server refuses user and password: check the delivery settings.") from None
            raise _by_code(error.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            raise TryLaterError(f"The mail server does not answer ({type(error).__name__}).") from None
        return server

    def _open(self, context: ssl.SSLContext) -> smtplib.SMTP:
        to = (str(self.delivery.smtp_host), self.delivery.smtp_port)
        if self.delivery.smtp_security == "tls":
            return smtplib.SMTP_SSL(*to, timeout=self.delivery.smtp_seconds, context=context)
        server = smtplib.SMTP(*to, timeout=self.delivery.smtp_seconds)
        server.starttls(context=context)
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.delivery.smtp_user is not None:
            password = self.delivery.smtp_password or SecretStr("")
            server.login(self.delivery.smtp_user, password.get_secret_value())


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """Sender, recipient and letter; only an answer to the last dot is an answer."""
    try:
        _asked(*server.mail(_bare(str(mail["From"]))), DONE)
        _asked(*server.rcpt(str(mail["To"])), DONE)
        _asked(*server.docmd("DATA"), GO_AHEAD)
    except (OSError, smtplib.SMTPException) as error:
        raise TryLaterError(f"The mail server went away ({type(error).__name__}).") from None
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", mail.as_bytes()).removesuffix(b"\r\n") + b"\r\n.\r\n")
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise CutOffError(f"The connection ended while the letter was handed over ({type(error).__name__}).") from None
    _asked(code, b"", DONE)


def _bare(address: str) -> str:
    return address.rpartition("<")[2].rstrip(">")


def _asked(code: int, _text: bytes, wanted: int) -> None:
    if code != wanted:
        raise _by_code(code)


def _by_code(code: int) -> Exception:
    """RFC 5321, 4.2.1: 4yz may be repeated, 5yz not. The server's words may name the patient: only the code is kept."""
    if 400 <= code < 500:
        return TryLaterError(f"The mail server asked to try later (code {code}).")
    return RefusedError(f"The mail server refused the letter (code {code}).")
