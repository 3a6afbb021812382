"""What people call a slip or a page that waits for them: "s12" and "p7"."""

import re
from dataclasses import dataclass
from enum import StrEnum

# At most nine digits: as many as a row's number has on every database (a 32-bit integer).
_TEXT = re.compile(r"([sp])([0-9]{1,9})")


class ItemKind(StrEnum):
    """The letter that an item's id begins with."""

    SLIP = "s"
    PAGE = "p"


@dataclass(frozen=True, order=True)
class ItemId:
    """A slip or a page by its number in the record; its text is "s12" or "p7"."""

    kind: ItemKind
    number: int

    def __str__(self) -> str:
        return f"{self.kind}{self.number}"

    @property
    def is_slip(self) -> bool:
        return self.kind is ItemKind.SLIP

    @property
    def noun(self) -> str:
        """What it is: "slip" or "page"."""
        return self.kind.name.lower()

    @classmethod
    def slip(cls, number: int) -> "ItemId":
        return cls(ItemKind.SLIP, number)

    @classmethod
    def page(cls, number: int) -> "ItemId":
        return cls(ItemKind.PAGE, number)

    @classmethod
    def parse(cls, text: str) -> "ItemId | None":
        """The item that `text` names, or None when it names none."""
        match = _TEXT.fullmatch(text)
        return cls(ItemKind(match[1]), int(match[2])) if match else None
