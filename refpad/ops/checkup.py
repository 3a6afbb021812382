"""What a check of the machine found."""

from schemas.base import Value
from schemas.errors import RefpadError

INSTALL = "make setup"
ASK_S = 10.0


class Checkup(Value):
    """What one check found, and the remedy, or "". A part with a remedy that is `ok` works, but ought to be changed."""

    part: str
    ok: bool
    found: str
    remedy: str = ""


class BrokenError(RefpadError):
    """The part does not work: what was found, and what to type."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.remedy = remedy


class WarningError(BrokenError):
    """The part works all the same, and ought to be changed."""
