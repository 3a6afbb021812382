"""Count the strokes that a level line through a box meets: a tick has one or two of them, writing has more."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import cut
from ocr.marks.ink_sheet import InkSheet, corner_px, inside
from ocr.scale import PX_PER_MM
from schemas.geometry import BoxMm

# Letters beside the one in the box are looked for so far to both sides, a little above the box to a little below it.
BESIDE_MM, OVER_MM = 4.0, 0.6
# Marks of neighbors touch: what lies at another checked box is that box's.
NEIGHBOR_MM = 0.8
# The arms of crosses stand out of their boxes by 1 mm and more: between two crossed boxes a row meets three or four.
ARM_MM = 1.0
# Where print touches a stroke both are one; with less than so much added ink on a level it is print alone.
LEAST_PX = 2
STROKES = 3
# Pencil that a bilevel scan has dithered is dots, which are joined first: closing small gaps adds 8 % and more to 95 of
# 100 such marks (survey pages), and up to 7 % to 95 of 100 others (filled slips).
DITHERED, DITHER_MM, DOTS_MM = 1.08, 0.38, 0.5
DITHER_AROUND_MM = 1.5


def writing_mm(sheet: InkSheet, box: BoxMm, neighbors: Sequence[BoxMm]) -> float:
    """Over how much of the height of `box` a level line through it meets three strokes or more."""
    above, below = (0.0 if _reaches(box, neighbors, way) else OVER_MM for way in (-1, 1))
    wide = BoxMm(box.x - BESIDE_MM, box.y - above, box.w + 2 * BESIDE_MM, box.h + above + below)
    corner, dark, added = corner_px(wide), cut(sheet.dark, wide).copy(), cut(sheet.added, wide)
    for place in (*sheet.rooms, *(other.grown(NEIGHBOR_MM) for other in neighbors)):
        inside(dark, place, corner)[:] = 0
    joined = _close(dark, DOTS_MM) if _dithered(cut(sheet.added, box.grown(DITHER_AROUND_MM))) else dark
    strokes = _strokes_by_row(joined > 0, cv2.bitwise_and(added, dark) > 0)
    return int(np.count_nonzero(strokes >= STROKES)) / PX_PER_MM


def _reaches(box: BoxMm, neighbors: Sequence[BoxMm], way: int) -> bool:
    """Whether the arms of a mark in the box above (`way` -1) or below (1) reach into the gap between the two."""
    gaps = (
        (other.y - box.bottom) if way > 0 else (box.y - other.bottom) for other in neighbors if _in_column(box, other)
    )
    return any(0.0 <= gap <= 2 * ARM_MM for gap in gaps)


def _in_column(box: BoxMm, other: BoxMm) -> bool:
    return other.x < box.right and box.x < other.right


def _strokes_by_row(dark: NDArray[np.bool_], added: NDArray[np.bool_]) -> NDArray[np.intp]:
    """How many runs of dark pixels hold added ink, in each row of (H, W)."""
    starts = dark.copy()
    starts[:, 1:] &= ~dark[:, :-1]
    rows = np.nonzero(starts)[0]
    runs = np.cumsum(starts).reshape(dark.shape) - 1
    held = np.bincount(runs[dark & added], minlength=len(rows))
    return np.bincount(rows[held >= LEAST_PX], minlength=len(dark))


def _dithered(added: NDArray[np.uint8]) -> bool:
    ink = cv2.countNonZero(added)
    return cv2.countNonZero(_close(added, DITHER_MM)) >= DITHERED * ink if ink else False


def _close(ink: NDArray[np.uint8], gap_mm: float) -> NDArray[np.uint8]:
    size = round(gap_mm * PX_PER_MM)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)
