"""How letters leave the studio."""

import re
from typing import Literal

from pydantic import EmailStr, Field, SecretStr, field_validator

from schemas.base import Value
from schemas.followup import LetterKind
from schemas.phones import parse_phone
from schemas.setting_types import SettingPath

MINUTE, HOUR = 60.0, 3600.0
# After each try that the other side asked to repeat (RFC 5321, 4.5.4.1: at least 30 minutes, for days), until a
# person is asked; the first is short, for the grey-listing that most servers do.
RETRY_AFTER_S = (5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR, 24 * HOUR)

# RFC 5321, 4.5.3.2 lets each answer take minutes; servers that look into a letter before they answer the last dot take
# half a minute. The most stays below the five minutes for which a letter is one sender's.
SMTP_S, SMTP_MOST_S = 120.0, 240.0


FAX = "{fax}"  # stands in the gateway's address for the number
_ADDRESS = re.compile(r"[\w.+/=-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


class Delivery(Value):
    """`unreleased` are the letters that are sent without a release; all others wait for one.

    Without `smtp_host` every letter is printed. There is no way to send in the clear: `starttls` begins TLS on the
    submission port (RFC 6409), `tls` from the first byte (RFC 8314); the server's certificate is checked.
    With `fax_address`, "{fax}@gateway.example", letters for those who prefer fax go to that gateway.
    """

    unreleased: tuple[LetterKind, ...] = (LetterKind.THANK_YOU,)
    smtp_host: str | None = Field(default=None, min_length=1, max_length=253)
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_ca_file: SettingPath | None = None
    smtp_seconds: float = Field(default=SMTP_S, gt=0, le=SMTP_MOST_S)
    sender: EmailStr | None = None
    fax_address: str | None = Field(default=None, max_length=200)

    @field_validator("fax_address")
    @classmethod
    def holds_the_number(cls, value: str | None) -> str | None:
        """The template; raises ValueError when no address would come of it."""
        if value is not None and (value.count(FAX) != 1 or not _ADDRESS.fullmatch(value.replace(FAX, "12125550101"))):
            raise ValueError("no template of an address")
        return value

    @property
    def sends_faxes(self) -> bool:
        """Whether faxes leave by themselves, as mails to a gateway."""
        return self.smtp_host is not None and self.fax_address is not None

    def gateway_of(self, fax: str, region: str) -> str | None:
        """The address by which a fax number is reached, its digits after the country's; None when there is none.

        `region` is the country of numbers without a +, as in US.
        """
        number = parse_phone(fax, region).e164
        if not self.sends_faxes or self.fax_address is None or number is None:
            return None
        return self.fax_address.replace(FAX, number.removeprefix("+"))
