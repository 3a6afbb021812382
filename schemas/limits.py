"""How much of the machine one file may use; each limit is named in the message of whoever hits it."""

from pydantic import Field

from schemas.base import Value

# The most that may be said: what is above is a slip of the keys, and clocks and the kernel count only so far.
DAY_S, TERABYTE = 86_400, 1_000_000_000_000


class Limits(Value):
    """Defaults: an A3 page at 400 dpi has 31 Mpx, a 60-inch fax 20 Mpx; a day's scans are 200 pages at most."""

    file_bytes: int = Field(default=100_000_000, gt=0, le=TERABYTE)
    pages: int = Field(default=200, gt=0, le=100_000)
    page_pixels: int = Field(default=60_000_000, gt=0, le=10_000_000_000)
    page_seconds: float = Field(default=60.0, gt=0, le=DAY_S)
    file_seconds: float = Field(default=900.0, gt=0, le=DAY_S)
    child_bytes: int = Field(default=1_610_612_736, gt=0, le=TERABYTE)
    ocr_seconds: float = Field(default=40.0, gt=0, le=DAY_S)
