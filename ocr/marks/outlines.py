"""Locate each checkbox's printed outline: a small search around the place that the design gives."""

from collections.abc import Sequence
from functools import lru_cache

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
    total = np.asarray(cv2.integral(ink), np.int32).ravel()
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    outline, outside = (_ring(total, tuple(boxes), ink.shape, inner, outer) for inner, outer in _RINGS_MM)
    away = np.hypot(dx, dy) / PX_PER_MM
    scores = (outline - 0.5 * outside - SEARCH_COST_PER_MM * away).reshape(len(boxes), -1)
    best = scores.argmax(axis=1)
    rows, columns = np.unravel_index(best, dx.shape)
    dark = np.take_along_axis(outline.reshape(len(boxes), -1), best[:, None], axis=1)[:, 0]
    return np.column_stack([columns - reach, rows - reach]), dark


def _ring(
    total: NDArray[np.int32], boxes: tuple[BoxMm, ...], shape: tuple[int, ...], inner: float, outer: float
) -> NDArray[np.float64]:
    """Mean ink (0..1) between two outlines of each box at each offset, (boxes, offsets, offsets)."""
    (big, big_area), (small, small_area) = (_corners(boxes, shape, by_mm) for by_mm in (outer, inner))
    return (_sums(total, big) - _sums(total, small)) / np.maximum(big_area - small_area, 1) / 255


def _sums(total: NDArray[np.int32], corners: NDArray[np.intp]) -> NDArray[np.float64]:
    """The ink within squares whose four corners in the integral image are given, (4, boxes, offsets, offsets)."""
    last, above, before, first = total.take(corners)
    return np.asarray(last - above - before + first, np.float64)


@lru_cache(maxsize=64)
def _corners(
    boxes: tuple[BoxMm, ...], shape: tuple[int, ...], by_mm: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Where the corners of each box, grown by so much, lie at each offset, and its area: the same on slips of a pad."""
    reach, (high, wide) = round(SEARCH_MM * PX_PER_MM), shape
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    edges = np.array([(b.x, b.y, b.right, b.bottom) for b in (box.grown(by_mm) for box in boxes)]) * PX_PER_MM
    left, top, right, bottom = np.rint(edges).astype(np.intp).T[:, :, None, None]
    x0, x1 = (np.clip(x + dx, 0, wide) for x in (left, right))
    y0, y1 = (np.clip(y + dy, 0, high) for y in (top, bottom))
    places = ((y1, x1), (y0, x1), (y1, x0), (y0, x0))
    return np.stack([y * (wide + 1) + x for y, x in places]), ((x1 - x0) * (y1 - y0)).astype(np.float64)
