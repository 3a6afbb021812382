"""The frame of a stamp: straight sides that meet at right angles, however it was turned and whatever crosses it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM

# Straight pieces of a side, with gaps where print was taken out; the side that is looked at is longer.
PIECE_MM, SIDE_MM, GAP_MM = 5.0, 10.0, 1.5
VOTES, ANGLE_STEP = 40, np.pi / 360
RIGHT_ANGLE_DEG = 85.0  # and more
CORNER_MM = 2.5  # between the ends of two sides: round corners, and what a fax breaks off


@dataclass(frozen=True)
class Outline:
    """The most that straight sides at right angles to each other measure together, in mm: two with a corner between
    them, and three with two corners; 0 without any.
    """

    corner_mm: float = 0.0
    sides_mm: float = 0.0


def measure_outline(mask: NDArray[np.uint8]) -> Outline:
    """The straight sides in an ink mask (H, W; 0 or 255) at REGISTERED_DPI."""
    pieces = _pieces(mask)
    ways = pieces[:, 1] - pieces[:, 0]
    lengths, angles = np.hypot(*ways.T), np.degrees(np.arctan2(ways[:, 1], ways[:, 0]))
    corner = sides = 0.0
    for number in np.flatnonzero(lengths >= SIDE_MM):
        turned = np.abs((angles - angles[number] + 90) % 180 - 90) >= RIGHT_ANGLE_DEG
        legs = [_longest_at(end, pieces[turned], lengths[turned]) for end in pieces[number]]
        if max(legs) > 0:
            corner = max(corner, float(lengths[number]) + max(legs))
        if min(legs) > 0:
            sides = max(sides, float(lengths[number]) + sum(legs))
    return Outline(corner, sides)


def _pieces(mask: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Straight pieces, (N, 2 ends, x and y) in millimeters."""
    least, gap = PIECE_MM * PX_PER_MM, GAP_MM * PX_PER_MM
    found = cv2.HoughLinesP(np.ascontiguousarray(mask), 1, ANGLE_STEP, VOTES, minLineLength=least, maxLineGap=gap)
    return np.asarray(np.zeros((0, 2, 2)) if found is None else found.reshape(-1, 2, 2) / PX_PER_MM, np.float64)


def _longest_at(end: NDArray[np.float64], pieces: NDArray[np.float64], lengths: NDArray[np.float64]) -> float:
    """The longest of the pieces that begin or end at a point."""
    if not len(pieces):
        return 0.0
    near = np.hypot(*(pieces - end).transpose(2, 0, 1)).min(axis=1) <= CORNER_MM
    return float(lengths[near].max(initial=0.0))
