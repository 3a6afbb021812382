"""What paper and machines do to a page without anybody writing on it: punched holes, streaks, folded corners."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts

WEAR_DARKNESS = 64
# Punched holes are 5.5 to 8 mm across (ISO 838, US three-hole), their black a round spot near an edge.
HOLE_MM = (4.0, 9.5)
HOLE_ROUND, HOLE_FULL = 1.35, 0.6
HOLE_EDGE_MM = 22.0
# A scanner's streak is a line as long as the page, in pieces where the dust let go; dog-ears lie at the edge.
STREAK_SHARE, STREAK_MM, STREAK_GAP_MM = 0.6, 2.0, 25.0
CORNER_MM = 45.0
AROUND_MM = 1.3  # what is taken away with wear: its own soft edge


def without_wear(dark: NDArray[np.float32], px_per_mm: float) -> NDArray[np.float32]:
    """A page's darkness (H, W; 0 to 255) with all that a hole, streak or worn corner explains made paper."""
    mask = (dark >= WEAR_DARKNESS).astype(np.uint8)
    gap = round(STREAK_GAP_MM * px_per_mm)
    worn = _worn(mask, px_per_mm)
    for kernel in ((gap, 1), (1, gap)):
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8))
        worn |= _streaks(np.asarray(closed, np.uint8), px_per_mm)
    if not worn.any():
        return dark
    size = 2 * round(AROUND_MM * px_per_mm) + 1
    clean = dark.copy()
    clean[cv2.dilate(worn, np.ones((size, size), np.uint8)) > 0] = 0
    return clean


def _worn(mask: NDArray[np.uint8], px_per_mm: float) -> NDArray[np.uint8]:
    """Holes and folded corners, 1 in a mask (H, W)."""
    worn = np.zeros_like(mask)
    labels, stats, _ = find_parts(mask)
    for number in np.flatnonzero(stats[:, 2:4].max(axis=1) >= HOLE_MM[0] * px_per_mm):
        x, y, width, height, area = (int(value) for value in stats[number])
        box = (x, y, x + width, y + height)
        if number and (_is_hole(box, area, mask.shape, px_per_mm) or _is_corner(box, mask.shape, px_per_mm)):
            worn[labels == number] = 1
    return worn


def _streaks(closed: NDArray[np.uint8], px_per_mm: float) -> NDArray[np.uint8]:
    """Lines as long as the page, 1 in a mask (H, W)."""
    found = np.zeros_like(closed)
    labels, stats, _ = find_parts(closed)
    high, wide = closed.shape
    for number, (_, _, width, height, _) in enumerate(stats[1:], start=1):
        upright = height >= STREAK_SHARE * high and width <= STREAK_MM * px_per_mm
        if upright or (width >= STREAK_SHARE * wide and height <= STREAK_MM * px_per_mm):
            found[labels == number] = 1
    return found


def _is_hole(box: tuple[int, int, int, int], area: int, shape: tuple[int, ...], px_per_mm: float) -> bool:
    wide, high = (box[2] - box[0]) / px_per_mm, (box[3] - box[1]) / px_per_mm
    is_round = max(wide, high) <= HOLE_ROUND * min(wide, high) and HOLE_MM[0] <= wide <= HOLE_MM[1]
    full = area >= HOLE_FULL * (box[2] - box[0]) * (box[3] - box[1])
    from_edge = min(box[2], box[3], shape[1] - box[0], shape[0] - box[1])
    return is_round and full and from_edge <= HOLE_EDGE_MM * px_per_mm


def _is_corner(box: tuple[int, int, int, int], shape: tuple[int, ...], px_per_mm: float) -> bool:
    """Whether it lies in a corner of the page."""
    most = CORNER_MM * px_per_mm
    across = box[0] <= 1 or box[2] >= shape[1] - 1
    down = box[1] <= 1 or box[3] >= shape[0] - 1
    return across and down and box[2] - box[0] <= most and box[3] - box[1] <= most
