"""The mailbox from which scans are fetched."""

import re
from enum import StrEnum
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from schemas.base import Value
from schemas.setting_types import SettingPath

MINUTES, SECONDS = 5.0, 120.0
_SENDER = re.compile(r"[^\s@,;<>\"]*@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")


class EmailState(StrEnum):
    """What became of one message of the mailbox; what is not taken in stays there as it is."""

    TAKEN = "taken"
    AGAIN = "again"  # its words and files were taken in from another message with the same Message-ID
    STRANGER = "stranger"
    TOO_LARGE = "too_large"


class Mailbox(Value):
    """Without `host` nothing is fetched. `senders` are addresses, and domains such as @northside.example.

    There is no way to fetch in the clear: `tls` from the first byte (RFC 8314), `starttls` before the password; the
    server's certificate is checked. A message whose scans are on record goes into `done_folder`, or is marked as read.
    """

    host: str | None = Field(default=None, min_length=1, max_length=253)
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls"] = "tls"
    user: str | None = Field(default=None, max_length=200)
    password: SecretStr | None = None
    ca_file: SettingPath | None = None
    folder: str = Field(default="INBOX", min_length=1, max_length=200)
    done_folder: str | None = Field(default=None, min_length=1, max_length=200)
    senders: str | None = Field(default=None, max_length=4000)
    every_minutes: float = Field(default=MINUTES, ge=1, le=1440)
    seconds: float = Field(default=SECONDS, gt=0, le=3600)

    @field_validator("senders")
    @classmethod
    def senders_are_addresses(cls, value: str | None) -> str | None:
        """The senders; raises ValueError for what is no address and no domain."""
        if value is not None and not all(map(_SENDER.fullmatch, _split(value))):
            raise ValueError("no address")
        return value

    @property
    def name(self) -> str:
        """Which mailbox and folder it is, as the record calls it."""
        return f"{self.user or ''}@{self.host or ''}/{self.folder}"

    def allows(self, sender: str) -> bool:
        """Whether scans of this address, in small letters, are taken in."""
        return any(
            sender.endswith(allowed) if allowed.startswith("@") else sender == allowed
            for allowed in map(str.lower, _split(self.senders or ""))
        )


def _split(senders: str) -> list[str]:
    return [sender for sender in re.split(r"[\s,;]+", senders) if sender]
