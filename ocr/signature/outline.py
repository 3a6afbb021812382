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
class _Look:
    """How straight pieces are sought, and which make a corner: limits as above, seen at 1 / `reduced` of the size."""

    reduced: int
    votes: int
    angle_step: float
    piece_mm: float
    side_mm: float
    gap_mm: float
    right_angle_deg: float
    corner_mm: float


_CLOSE = _Look(1, VOTES, ANGLE_STEP, PIECE_MM, SIDE_MM, GAP_MM, RIGHT_ANGLE_DEG, CORNER_MM)
# At half the size, wherever two straight pieces may make a corner: a quarter of the time. Of 136 drawn frames it shows
# a corner in all that the close look measures as one, and in a tenth of signatures.
_QUICK = _Look(2, 14, np.pi / 180, 4.0, 8.0, 2.0, 80.0, 4.0)


@dataclass(frozen=True)
class Outline:
    """The most that straight sides at right angles to each other measure together, in mm: two with a corner between
    them, and three with two corners; 0 without any.
    """

    corner_mm: float = 0.0
    sides_mm: float = 0.0


def measure_outline(mask: NDArray[np.uint8]) -> Outline:
    """The straight sides in an ink mask (H, W; 0 or 255) at REGISTERED_DPI; none where a quick look shows no corner."""
    return _measure(mask, _CLOSE) if _measure(mask, _QUICK).corner_mm else Outline()


def _measure(mask: NDArray[np.uint8], look: _Look) -> Outline:
    pieces = _pieces(mask, look)
    ways = pieces[:, 1] - pieces[:, 0]
    lengths, angles = np.hypot(*ways.T), np.degrees(np.arctan2(ways[:, 1], ways[:, 0]))
    corner = sides = 0.0
    for number in np.flatnonzero(lengths >= look.side_mm):
        turned = np.abs((angles - angles[number] + 90) % 180 - 90) >= look.right_angle_deg
        legs = [_longest_at(end, pieces[turned], lengths[turned], look.corner_mm) for end in pieces[number]]
        if max(legs) > 0:
            corner = max(corner, float(lengths[number]) + max(legs))
        if min(legs) > 0:
            sides = max(sides, float(lengths[number]) + sum(legs))
    return Outline(corner, sides)


def _pieces(mask: NDArray[np.uint8], look: _Look) -> NDArray[np.float64]:
    """Straight pieces, (N, 2 ends, x and y) in millimeters."""
    px_per_mm, seen = PX_PER_MM / look.reduced, np.ascontiguousarray(mask)
    if look.reduced > 1:
        size = tuple(-(-length // look.reduced) for length in mask.shape[::-1])
        seen = np.asarray(cv2.resize(seen, size, interpolation=cv2.INTER_AREA), np.uint8)
    least, gap = look.piece_mm * px_per_mm, look.gap_mm * px_per_mm
    found = cv2.HoughLinesP(seen, 1, look.angle_step, look.votes, minLineLength=least, maxLineGap=gap)
    return np.asarray(np.zeros((0, 2, 2)) if found is None else found.reshape(-1, 2, 2) / px_per_mm, np.float64)


def _longest_at(
    end: NDArray[np.float64], pieces: NDArray[np.float64], lengths: NDArray[np.float64], near_mm: float
) -> float:
    """The longest of the pieces that begin or end at a point."""
    if not len(pieces):
        return 0.0
    near = np.hypot(*(pieces - end).transpose(2, 0, 1)).min(axis=1) <= near_mm
    return float(lengths[near].max(initial=0.0))
