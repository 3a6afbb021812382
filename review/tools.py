"""What the pages work with beside the record; each is made once and may be used by any thread."""

from dataclasses import dataclass, field

from review.passwords import Passwords


@dataclass(frozen=True)
class Tools:
    """`passwords` hashes and checks."""

    passwords: Passwords = field(default_factory=Passwords)
