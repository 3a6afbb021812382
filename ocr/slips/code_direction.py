"""Whether a QR code lies mirrored on a page: barcode readers read it all the same, and do not say so."""

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.pad import CODE_MODULES

MODULE_PX = 9  # the middle third of each module is measured
# Where the 15 bits of the format stand, lowest first, as (row, column): down beside the top left finder, then along
# below it (ISO/IEC 18004:2015, figure 25). A mirrored code has rows and columns exchanged, so its bits come backwards.
FORMAT_PLACES = (
    *((row, 8) for row in (0, 1, 2, 3, 4, 5, 7, 8)),
    *((8, column) for column in (7, 5, 4, 3, 2, 1, 0)),
)
FORMAT_GENERATOR, FORMAT_MASK = 0x537, 0x5412  # of the BCH (15, 5) code (7.9.1, annex C)


def is_mirrored(gray: NDArray[np.uint8], corners_px: NDArray[np.float64]) -> bool:
    """Whether the format of the code whose `corners_px` (4, 2) lie on `gray` (H, W) makes sense only backwards.

    `corners_px` go clockwise from the corner that lies between two others with finders. No format read backwards comes
    nearer than 3 of its 15 bits to another, so one wrong bit does no harm.
    """
    bits = _format_bits(gray, corners_px)
    return _errors(bits[::-1]) < _errors(bits)


def _format_bits(gray: NDArray[np.uint8], corners_px: NDArray[np.float64]) -> list[bool]:
    side = CODE_MODULES * MODULE_PX
    square = np.array([(0, 0), (side, 0), (side, side), (0, side)], np.float32)
    to_square = cv2.getPerspectiveTransform(corners_px.astype(np.float32), square)
    thirds = (3 * CODE_MODULES, 3 * CODE_MODULES)
    seen = cv2.resize(cv2.warpPerspective(gray, to_square, (side, side)), thirds, interpolation=cv2.INTER_AREA)
    modules = np.ascontiguousarray(seen[1::3, 1::3])
    level, _ = cv2.threshold(modules, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return [bool(modules[place] <= level) for place in FORMAT_PLACES]


def _errors(bits: list[bool]) -> int:
    """In how many bits the nearest valid format differs."""
    word = sum(bit << place for place, bit in enumerate(bits))
    return min((word ^ valid).bit_count() for valid in _FORMATS)


def _format_word(data: int) -> int:
    """The 15 bits that carry 5 bits of data."""
    left = data << 10
    for place in range(14, 9, -1):
        if left >> place & 1:
            left ^= FORMAT_GENERATOR << (place - 10)
    return (data << 10 | left) ^ FORMAT_MASK


_FORMATS = tuple(_format_word(data) for data in range(32))
