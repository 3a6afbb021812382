"""Millimeters to pixels of a registered slip."""

from functools import lru_cache

from schemas.geometry import MM_PER_INCH, BoxMm

# A registered slip is always drawn at 200 dpi: a 7 mm writing line is 55 px high, above the 48 px that
# the handwriting reader takes in, and a quarter sheet warps in 2 ms.
REGISTERED_DPI = 200
PX_PER_MM = REGISTERED_DPI / MM_PER_INCH


@lru_cache(maxsize=8192)  # a slip is cut at some 300 places, nearly all of them where other slips of its pad are
def px_box(box: BoxMm) -> tuple[int, int, int, int]:
    """`box` on a registered slip: left, top, right, bottom in whole pixels."""
    return (
        round(box.x * PX_PER_MM),
        round(box.y * PX_PER_MM),
        round(box.right * PX_PER_MM),
        round(box.bottom * PX_PER_MM),
    )
