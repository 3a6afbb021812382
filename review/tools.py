"""What the pages work with beside the record; each is made once and may be used by any thread."""

from dataclasses import dataclass, field

from review.passwords import Passwords
from review.presence import Presence


@dataclass(frozen=True)
class Tools:
    """`passwords` hashes and checks, `presence` knows who has which slip open."""

    passwords: Passwords = field(default_factory=Passwords)
    presence: Presence = field(default_factory=Presence)
