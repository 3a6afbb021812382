"""What lies on a page beside the slips that were found, as large as a slip and like one: a person is shown it."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.markers.detect import reduce_size
from ocr.page import Page
from ocr.registration.transform import SlipTransform, warp
from ocr.scale import PX_PER_MM
from ocr.slips.found_slip import FoundSlip, UnreadSlip
from ocr.slips.partial import REST_REDUCTION, PageInk
from schemas.geometry import MM_PER_INCH
from schemas.reading import Finding
from schemas.reasons import FindingCode

# Print and writing so near to each other belong together, as a share of the shorter side of the smallest slip found:
# 8 mm of a quarter sheet. A fax's header is 5 mm tall then, a slip 100 mm.
JOIN_SHARE = 0.075
LARGE_SHARE = 0.6  # of that side, both ways: half of a slip has as much
# The darker share of an eighth's pixels in a slip's outline is 0.06 to 0.3; the edge of a scanner's lid is all dark.
INK_SHARES = (0.02, 0.5)
# So white are three quarters of what lies around slips on a scanner or in a fax; a desk is not, nor a lid.
WHITE_LEAST, WHITE_PERCENT = 200, 25
NOT_FOUND = (
    "More is printed or written here, as large as a slip, and no slip was found in it; "
    "look at the page, and scan what is a slip by itself, level."
)


def unread_rest(page: Page, ink: PageInk, found: Sequence[FoundSlip]) -> list[UnreadSlip]:
    """What is like a slip on white paper outside the slips `found`, to be looked at; most photos show a desk there.

    Where one of them is unread a person looks at the page anyway, or it is an answer sheet with its letter around it.
    """
    outlines = [slip.corners_px for slip in found]
    if not found or any(isinstance(slip, UnreadSlip) for slip in found) or not _is_white(page.gray, outlines):
        return []
    finding = Finding(code=FindingCode.REGISTRATION_RESIDUAL, detail=NOT_FOUND)
    dpi = found[0].dpi
    return [
        UnreadSlip(corners_px=corners, picture=_picture(page.gray, corners, dpi), dpi=dpi, findings=(finding,))
        for corners in _like_slips(ink.rest(outlines), min(map(_short_side, outlines)) / REST_REDUCTION)
    ]


def _like_slips(rest: NDArray[np.uint8], side: float) -> Iterator[NDArray[np.float64]]:
    """The corners (4, 2) on the page of upright boxes around parts of `rest`, its mask at an eighth of the page."""
    join = 2 * round(JOIN_SHARE * side / 2) + 1
    joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    for contour in cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        _, (one, other), _ = cv2.minAreaRect(contour)
        if min(one, other) < LARGE_SHARE * side:
            continue
        left, top, wide, high = cv2.boundingRect(contour)
        share = cv2.countNonZero(rest[top : top + high, left : left + wide]) / (one * other)
        if INK_SHARES[0] <= share <= INK_SHARES[1]:
            box = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float64)
            yield (box + np.array([left, top])) * REST_REDUCTION


def _is_white(gray: NDArray[np.uint8], outlines: Sequence[NDArray[np.float64]]) -> bool:
    small = reduce_size(gray, REST_REDUCTION)
    around = np.full(small.shape, 255, np.uint8)
    for outline in outlines:
        cv2.fillConvexPoly(around, np.round(outline / REST_REDUCTION).astype(np.int32), 0)
    shown = small[around > 0]
    return shown.size > 0 and float(np.percentile(shown, WHITE_PERCENT)) >= WHITE_LEAST


def _picture(gray: NDArray[np.uint8], corners: NDArray[np.float64], dpi: float) -> NDArray[np.uint8]:
    """That part of the page as it lies, at the resolution of slips."""
    scale = dpi / MM_PER_INCH
    wide, high = (corners[2] - corners[0]) / scale * PX_PER_MM
    to_page = np.array([[scale, 0, corners[0, 0]], [0, scale, corners[0, 1]], [0, 0, 1]])
    return warp(gray, SlipTransform(to_page), (round(float(wide)), round(float(high))), dpi)


def _short_side(outline: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(outline - np.roll(outline, 1, axis=0), axis=1).min())
