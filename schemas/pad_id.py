"""What a pad is called in file names, addresses and sentences: design and edition, as in "met-1"."""

import re
from dataclasses import dataclass

# Five characters are what the code of a slip has room for (schemas.code).
DESIGN_PATTERN = r"^[a-z][a-z0-9]{1,4}$"
_TEXT = re.compile(r"([a-z][a-z0-9]{1,4})-([1-9][0-9]?)")


@dataclass(frozen=True, order=True)
class PadId:
    """One edition of one design; its text is "met-1", and pads sort by design, then edition."""

    design: str
    edition: int

    def __str__(self) -> str:
        return f"{self.design}-{self.edition}"

    @classmethod
    def parse(cls, text: str) -> "PadId | None":
        """The pad that `text` names, or None when it names none; each pad has one spelling."""
        match = _TEXT.fullmatch(text)
        return cls(match[1], int(match[2])) if match else None
