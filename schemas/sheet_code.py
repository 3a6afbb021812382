"""What the printed code of an answer sheet says: which form, which question, of which studio."""

import hashlib
import re

from pydantic import Field

from schemas.base import Value

FORM = 1  # how sheets are laid out today; another layout is another form, and the old one stays readable
STUDIO_CHARACTERS = 5
NO_STUDIO = "0" * STUDIO_CHARACTERS
QUESTION_MAX = 9_999_999
# A slip's code begins with two signs or more before five of digits: neither can be taken for the other.
_CODE = re.compile(r"Q([1-9])/([0-9]{7})/([0-9A-F]{5})")


class SheetCode(Value):
    """`question` is the number of the follow-up that asks, `studio` tells records of refpad apart."""

    form: int = Field(default=FORM, ge=1, le=9)
    question: int = Field(ge=1, le=QUESTION_MAX)
    studio: str = Field(pattern=r"^[0-9A-F]{5}$")

    def text(self) -> str:
        """The 16 characters in the QR code, in its alphanumeric set: `Q1/0000123/0A1B2`."""
        return f"Q{self.form}/{self.question:07d}/{self.studio}"

    @classmethod
    def parse(cls, text: str) -> "SheetCode | None":
        """The code that `text` holds, or None when `text` is another code."""
        match = _CODE.fullmatch(text)
        if match is None or int(match[2]) == 0:
            return None
        return cls(form=int(match[1]), question=int(match[2]), studio=match[3])


def studio_sign(installation: str | None) -> str:
    """The sign of a record by its name; NO_STUDIO before it has one."""
    if installation is None:
        return NO_STUDIO
    return hashlib.sha256(installation.encode()).hexdigest()[:STUDIO_CHARACTERS].upper()
