"""What the printed code of a slip says: which pad edition, which slip."""

import re

from pydantic import Field

from schemas.base import Value
from schemas.pad_id import DESIGN_PATTERN, PadId

# QR version 1 at error level Q holds 16 alphanumeric characters (ISO/IEC 18004, table 7):
# five for the design, two for the edition, seven for the serial and two separators.
SERIAL_MAX = 9_999_999
_CODE = re.compile(r"([A-Z][A-Z0-9]{1,4})/([1-9][0-9]?)/([0-9]{7})")


class SlipCode(Value):
    """Design, edition and serial of one printed slip. Serial 0 is an unnumbered proof."""

    design: str = Field(pattern=DESIGN_PATTERN)
    edition: int = Field(ge=1, le=99)
    serial: int = Field(ge=0, le=SERIAL_MAX)

    @property
    def pad_id(self) -> PadId:
        return PadId(self.design, self.edition)

    def __str__(self) -> str:
        """As people read it, and as pages and sentences name a printed slip: `met-1 no. 123`."""
        return f"{self.pad_id} no. {self.serial}"

    def text(self) -> str:
        """The characters in the QR code, in its alphanumeric set: `MET/1/0000123`."""
        return f"{self.design.upper()}/{self.edition}/{self.serial:07d}"

    @classmethod
    def parse(cls, text: str) -> "SlipCode | None":
        """The code that `text` holds, or None when `text` is somebody else's code."""
        match = _CODE.fullmatch(text)
        if match is None:
            return None
        return cls(design=match[1].lower(), edition=int(match[2]), serial=int(match[3]))
