"""Locate each checkbox's printed outline: a small search around the place that the design gives."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM
from schemas.geometry import BoxMm

# The outline is looked for this far around its place: paper stretches and curls by less within a registered slip.
SEARCH_MM = 1.0
# Each millimeter off its place costs the outline so much of its score, so that a stroke beside it cannot pull it.
SEARCH_COST_PER_MM = 0.4
# The printed outline is 0.35 mm thick around box_mm; a fax line more on each side is blurred by it.
OUTLINE_HALF_MM = 0.18
_RINGS_MM = ((-OUTLINE_HALF_MM, OUTLINE_HALF_MM), (OUTLINE_HALF_MM + 0.15, OUTLINE_HALF_MM + 0.4))


def locate_outlines(ink: NDArray[np.uint8], boxes: Sequence[BoxMm]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """How many pixels (x, y) each outline lies off its place, (N, 2), and how dark it is there (0..1), (N,).

    The score of a place is the darkness along the outline less half of that just outside, summed from
    an integral image over all places at once.
    """
    reach = round(SEARCH_MM * PX_PER_MM)
    total = np.asarray(cv2.integral(ink), np.int32)
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    rings = [_ring(total, boxes, dx, dy, inner, outer) for inner, outer in _RINGS_MM]
    outline, outside = rings
    away = np.hypot(dx, dy) / PX_PER_MM
    scores = (outline - 0.5 * outside - SEARCH_COST_PER_MM * away).reshape(len(boxes), -1)
    best = scores.argmax(axis=1)
    rows, columns = np.unravel_index(best, dx.shape)
    dark = np.take_along_axis(outline.reshape(len(boxes), -1), best[:, None], axis=1)[:, 0]
    return np.column_stack([columns - reach, rows - reach]), dark


def _ring(
    total: NDArray[np.int32],
    boxes: Sequence[BoxMm],
    dx: NDArray[np.intp],
    dy: NDArray[np.intp],
    inner: float,
    outer: float,
) -> NDArray[np.float64]:
    """Mean ink (0..1) between two outlines of each box at each offset, (boxes, offsets, offsets)."""
    big, big_area = _sums(total, [box.grown(outer) for box in boxes], dx, dy)
    small, small_area = _sums(total, [box.grown(inner) for box in boxes], dx, dy)
    return (big - small) / np.maximum(big_area - small_area, 1) / 255


def _sums(
    total: NDArray[np.int32], boxes: Sequence[BoxMm], dx: NDArray[np.intp], dy: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    edges = np.array([(b.x, b.y, b.right, b.bottom) for b in boxes]) * PX_PER_MM
    left, top, right, bottom = np.rint(edges).astype(np.intp).T[:, :, None, None]
    high, wide = total.shape[0] - 1, total.shape[1] - 1
    x0, x1 = (np.clip(x + dx, 0, wide) for x in (left, right))
    y0, y1 = (np.clip(y + dy, 0, high) for y in (top, bottom))
    inside = total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]
    return inside.astype(np.float64), ((x1 - x0) * (y1 - y0)).astype(np.float64)
