"""The connected strokes of a window on a slip, and which hang together across a printed rule."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM

Picture = NDArray[np.uint8]
Places = NDArray[np.intp]

# A rule that was taken away parts a tail from its letter, and a comma from its own tail: what hangs below a rule and
# faces a stroke above it goes where that goes. The g of a coarse pen hangs 3 mm2 and 2.7 mm below its rule.
ACROSS_MM, ABOVE_MM = 0.9, 0.8
TAIL_MOST_MM2, TAIL_MOST_MM = 4.0, 3.0


@dataclass(frozen=True, eq=False)
class InkStrokes:
    """The connected strokes of a window of `shape` (H, W); per stroke its bounds, middle row and area.

    `pixels` is where ink is, counted row by row, and `numbers` of which stroke; most of a window is paper. `host` is
    the stroke with which each one goes: one that it hangs from across a rule, or itself. Stroke 0 is paper.
    """

    shape: tuple[int, int]
    pixels: Places
    numbers: Places
    left: NDArray[np.int32]
    top: NDArray[np.int32]
    right: NDArray[np.int32]
    bottom: NDArray[np.int32]
    middle: NDArray[np.float64]
    area_mm2: NDArray[np.float64]
    host: Places

    @property
    def rows(self) -> Places:
        """The row of each of `pixels`."""
        return np.asarray(self.pixels // self.shape[1], np.intp)

    @property
    def columns(self) -> Places:
        """The column of each of `pixels`."""
        return np.asarray(self.pixels % self.shape[1], np.intp)

    def only(self, kept: NDArray[np.bool_]) -> "InkStrokes":
        """Strokes that are all their own hosts, without those that are not `kept`: as they are found where nothing else
        is, but for the bounds of the paper.
        """
        number, stays = np.cumsum(kept) - 1, kept[self.numbers]
        left, top, right, bottom = (edge[kept] for edge in (self.left, self.top, self.right, self.bottom))
        middle, area_mm2, host = self.middle[kept], self.area_mm2[kept], np.arange(len(left))
        pixels, numbers = self.pixels[stays], number[self.numbers[stays]]
        return InkStrokes(self.shape, pixels, numbers, left, top, right, bottom, middle, area_mm2, host)

    def hung_over(self, rules: Picture, window: Picture) -> "InkStrokes":
        """Strokes that are all their own hosts, with what hangs below `rules` hung on what stands above it."""
        if not rules.any():
            return self
        host = _hosts(self, window, rules)
        return replace(self, middle=self.middle[host], host=host)


def find_strokes(window: Picture) -> InkStrokes:
    """The strokes of a window (H, W) of ink, each its own host."""
    pen = window > 0
    parts, stats, middles = find_parts(pen.view(np.uint8))
    pixels = np.flatnonzero(pen)
    left, top, width, height, area = stats.T
    right, bottom, area_mm2, alone = left + width, top + height, area / PX_PER_MM**2, np.arange(len(area))
    numbers = parts.ravel()[pixels].astype(np.intp)
    return InkStrokes(pen.shape, pixels, numbers, left, top, right, bottom, middles[:, 1], area_mm2, alone)


def _hosts(found: InkStrokes, window: Picture, rules: Picture) -> NDArray[np.intp]:
    """For each small stroke that hangs below a rule the largest of those that it hangs from."""
    host = found.host.copy()
    across = np.ones((round(ACROSS_MM * PX_PER_MM), 3), np.uint8)
    pen = (window > 0).view(np.uint8)
    closed = np.asarray(cv2.morphologyEx(pen, cv2.MORPH_CLOSE, across), np.uint8)
    closed &= (rules > 0).view(np.uint8)  # what is closed has all that is pen
    _, groups = cv2.connectedComponents(closed | pen, connectivity=8)
    group = np.zeros(len(host), np.intp)
    group[found.numbers] = groups.ravel()[found.pixels]
    small = (found.area_mm2 < TAIL_MOST_MM2) & (found.bottom - found.top < TAIL_MOST_MM * PX_PER_MM)
    for tail in np.flatnonzero(small[1:] & (np.bincount(group)[group[1:]] > 1)) + 1:
        above = np.flatnonzero((group == group[tail]) & (found.top <= found.top[tail] - ABOVE_MM * PX_PER_MM))
        if above.size:
            host[tail] = above[np.argmax(found.area_mm2[above])]
    return host
