"""How letters leave the studio."""

from pathlib import Path
from typing import Literal

from pydantic import EmailStr, Field, SecretStr

from schemas.base import Value
from schemas.followup import LetterKind

MINUTE, HOUR = 60.0, 3600.0
# After each try that the other side asked to repeat (RFC 5321, 4.5.4.1: at least 30 minutes, for days), until a
# person is asked; the first is short, for the grey-listing that most servers do.
RETRY_AFTER_S = (5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR, 24 * HOUR)

# RFC 5321, 4.5.3.2 lets each answer take minutes; servers that look into a letter before they answer the last dot take
# half a minute. The most stays below the five minutes for which a letter is one sender's.
SMTP_S, SMTP_MOST_S = 120.0, 240.0


class Delivery(Value):
    """`unreleased` are the letters that are sent without a release; all others wait for one.

    Without `smtp_host` every letter is printed. There is no way to send in the clear: `starttls` begins TLS on the
    submission port (RFC 6409), `tls` from the first byte (RFC 8314); the server's certificate is checked.
    """

    unreleased: tuple[LetterKind, ...] = (LetterKind.THANK_YOU,)
    smtp_host: str | None = Field(default=None, min_length=1, max_length=253)
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_ca_file: Path | None = None
    smtp_seconds: float = Field(default=SMTP_S, gt=0, le=SMTP_MOST_S)
    sender: EmailStr | None = None
