"""Whether a page is blank: the back of a slip, gray, punched, streaked, or with its other side shining through."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import darkness
from schemas.geometry import MM_PER_INCH

# Looked at in cells of 0.34 mm, in which a fax's specks drown, without the margins in which machines print and paper
# tears.
BLANK_CHECK_DPI = 75
MARGIN = 0.04
# What shines through from the other side is soft: even black at 35 % changes by less than this within 0.34 mm, where a
# pencil's line at 30 % changes by more (both in 255ths).
INK_DARKNESS, INK_EDGE = 64, 44
INK_SHARE = 2e-4
# Punched holes are 5.5 to 8 mm across (ISO 838, US three-hole), their black a round spot near an edge.
HOLE_MM = (4.0, 9.5)
HOLE_ROUND, HOLE_FULL = 1.35, 0.6
HOLE_EDGE_MM = 30.0
# A scanner's streak is a line as long as the page; dust, a fold and dog-ears lie at the edge.
STREAK_SHARE, STREAK_MM = 0.6, 2.0
CORNER_MM = 45.0


def is_blank(grey: NDArray[np.uint8], dpi: float | None) -> bool:
    """Whether next to nothing is on a page (H, W).

    Specks, show-through, punched holes, streaks, folded corners and print in the margins do not count.
    """
    fine = _reduce(grey, min(1.0, 2 * BLANK_CHECK_DPI / (dpi or 2 * BLANK_CHECK_DPI)))
    rim_y, rim_x = (max(1, round(MARGIN * length)) for length in fine.shape)
    middle = fine[rim_y:-rim_y, rim_x:-rim_x]
    if min(middle.shape) < 2:
        return True
    fine_dark = darkness(np.ascontiguousarray(middle))
    fine_edges = cv2.morphologyEx(fine_dark, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edges = cv2.dilate(fine_edges, np.ones((3, 3), np.uint8))[
        : len(middle) // 2 * 2 : 2, : middle.shape[1] // 2 * 2 : 2
    ]
    dark = _reduce(fine_dark[: 2 * edges.shape[0], : 2 * edges.shape[1]], 0.5) >= INK_DARKNESS
    ink = (dark & (edges >= INK_EDGE)).astype(np.uint8)
    return float(_without_wear(ink, dark.astype(np.uint8)).mean()) < INK_SHARE


def _reduce(grey: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def _without_wear(ink: NDArray[np.uint8], dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink that no hole, streak or worn corner explains; both (H, W) of 0 and 1."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    left = ink.copy()
    for number, (x, y, width, height, area) in enumerate(stats[1:], start=1):
        if max(width, height) < HOLE_MM[0] * BLANK_CHECK_DPI / MM_PER_INCH:
            continue
        box = (x, y, x + width, y + height)
        if _is_hole(box, area, ink.shape) or _is_streak(width, height, ink.shape) or _is_corner(box, ink.shape):
            part = (slice(y, y + height), slice(x, x + width))
            around = cv2.dilate((labels[part] == number).astype(np.uint8), np.ones((5, 5), np.uint8))
            left[part][around > 0] = 0
    return left


def _is_hole(box: tuple[int, int, int, int], area: int, shape: tuple[int, ...]) -> bool:
    x0, y0, x1, y1 = (edge * MM_PER_INCH / BLANK_CHECK_DPI for edge in box)
    wide, high = x1 - x0, y1 - y0
    is_round = max(wide, high) <= HOLE_ROUND * min(wide, high) and HOLE_MM[0] <= wide <= HOLE_MM[1]
    full = area >= HOLE_FULL * (box[2] - box[0]) * (box[3] - box[1])
    return is_round and full and _edge_mm(box, shape) <= HOLE_EDGE_MM


def _is_streak(width: int, height: int, shape: tuple[int, ...]) -> bool:
    thin = STREAK_MM * BLANK_CHECK_DPI / MM_PER_INCH
    return (height >= STREAK_SHARE * shape[0] and width <= thin) or (
        width >= STREAK_SHARE * shape[1] and height <= thin
    )


def _is_corner(box: tuple[int, int, int, int], shape: tuple[int, ...]) -> bool:
    """Whether it lies in a corner of the page and fills a triangle of it, or lies along an edge."""
    most = CORNER_MM * BLANK_CHECK_DPI / MM_PER_INCH
    across = box[0] <= 1 or box[2] >= shape[1] - 1
    down = box[1] <= 1 or box[3] >= shape[0] - 1
    return across and down and box[2] - box[0] <= most and box[3] - box[1] <= most


def _edge_mm(box: tuple[int, int, int, int], shape: tuple[int, ...]) -> float:
    """From the page's nearest edge to the far side of `box`; the margins were cut off before."""
    margins = [MARGIN / (1 - 2 * MARGIN) * length for length in shape]
    sides = (box[2] + margins[1], box[3] + margins[0], shape[1] + margins[1] - box[0], shape[0] + margins[0] - box[1])
    return min(sides) * MM_PER_INCH / BLANK_CHECK_DPI
