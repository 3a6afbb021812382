"""A real mail server on loopback, under TLS, that does what it is told: accept, refuse, ask to repeat, or vanish."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from schemas.letter_delivery import Delivery
from tests.databases import free_port

USER, PASSWORD = "studio", "open sesame"
Behavior = Literal[
    "accept",
    "later at RCPT",
    "later after DATA",
    "refuse at RCPT",
    "refuse after DATA",
    "vanish after DATA",
    "hang after DATA",
    "drip after DATA",
    "forward at RCPT",
    "not looked at RCPT",
    "garble at RCPT",
    "garble after DATA",
    "ask for more after DATA",
]
SAYS = {
    "later at RCPT": "451 4.7.1 greylisted",
    "refuse at RCPT": "550 5.1.1 nobody here",
    "forward at RCPT": "251 2.1.5 User not local; will forward",
    "not looked at RCPT": "252 2.1.5 Cannot VRFY user, but will take the letter",
    "garble at RCPT": "good morning",
    "later after DATA": "451 4.3.0 disk full",
    "refuse after DATA": "554 5.7.1 no",
    "garble after DATA": "good morning",
    "ask for more after DATA": "354 go on",
}


@dataclass
class Sink:
    """`mails` are those that it has taken. What it does with the next ones is in `behaviors`; then it accepts."""

    delivery: Delivery
    behaviors: list[Behavior] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)

    def _now(self, at: str) -> bool:
        return bool(self.behaviors) and self.behaviors[0].endswith(at)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = SAYS[self.behaviors.pop(0)] if self._now("at RCPT") else "250 OK"
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        behavior = self.behaviors.pop(0) if self._now("after DATA") else ""
        if behavior.startswith(("later", "refuse")):
            return SAYS[behavior]
        self._take(server, envelope)  # a server that vanishes may well have taken it
        assert isinstance(server.transport, asyncio.Transport)
        if behavior.startswith("vanish"):
            server.transport.abort()
        if behavior.startswith("hang"):
            await asyncio.sleep(self.delivery.smtp_seconds * 3)
        while behavior.startswith("drip") and not server.transport.is_closing():
            server.transport.write(b"2")
            await asyncio.sleep(self.delivery.smtp_seconds / 10)
        return SAYS.get(behavior, "250 OK")

    def _take(self, server: SMTP, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.envelopes.append(envelope)
        assert server.transport is not None
        self.was_encrypted.append(server.transport.get_extra_info("cipher") is not None)


@contextmanager
def sinking(folder: Path, security: Literal["starttls", "tls"] = "starttls", seconds: float = 5.0) -> Iterator[Sink]:
    """A sink that is listening, with a certificate of an authority that only its own delivery settings know."""
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    port = free_port()
    sink = Sink(
        Delivery(
            smtp_host="localhost",
            smtp_port=port,
            smtp_security=security,
            smtp_user=USER if security == "starttls" else None,
            smtp_password=SecretStr(PASSWORD),
            smtp_ca_file=ca_file,
            smtp_seconds=seconds,
        )
    )
    controller = Controller(sink, hostname="127.0.0.1", port=port, **_guarded(security, context))
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def _guarded(security: str, context: ssl.SSLContext) -> dict[str, Any]:
    """TLS from the first byte, or before anything else, and then with a password, which aiosmtpd asks for only so."""
    if security == "tls":
        return {"ssl_context": context}
    return {"tls_context": context, "require_starttls": True, "authenticator": _log_in, "auth_required": True}


def _log_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)
