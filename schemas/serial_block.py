"""The serial numbers that are one studio's among several: by them a slip names its studio."""

from pydantic import Field

from schemas.base import Value
from schemas.code import SERIAL_MAX


class SerialBlock(Value):
    """From `first` to `last`, both its own."""

    first: int = Field(ge=1, le=SERIAL_MAX)
    last: int = Field(ge=1, le=SERIAL_MAX)

    def holds(self, serial: int) -> bool:
        """Whether that serial is of this studio."""
        return self.first <= serial <= self.last
