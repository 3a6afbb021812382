"""What pen strokes are made of: connected parts, their length, thickness and straightness, in millimetres."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM

# Parts smaller than this are specks of a fax or grains of paper, not strokes.
SPECK_MM = 0.9
# A stamp's frame: at least so high and wide, its lines at most so thick, its sides alike to this share.
FRAME_HIGH_MM, FRAME_WIDE_MM, FRAME_THICK_MM = 4.5, 12.0, 1.2
FRAME_SHARED = 0.75
FRAME_TOP_SHARE = 0.4
FRAME_NEAR_MM = 0.8


@dataclass(frozen=True)
class Stroke:
    """One connected part of ink.

    Its box (left, top, width, height in mm, relative to the picture), the `length_mm` of its middle line, its
    median thickness, `bend_mm`: how far it strays from a straight line, and `solid`: the share (0..1) of its hull that
    is ink.
    """

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    length_mm: float
    thick_mm: float
    bend_mm: float
    solid: float

    @property
    def bottom_mm(self) -> float:
        return self.top_mm + self.height_mm

    @property
    def right_mm(self) -> float:
        return self.left_mm + self.width_mm


def strokes_in(mask: NDArray[np.uint8]) -> tuple[Stroke, ...]:
    """The connected parts of an ink mask (H, W; 0 or 255) that are larger than a speck, left to right."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    large = [n for n in range(1, count) if np.hypot(stats[n, 2], stats[n, 3]) >= SPECK_MM * PX_PER_MM]
    strokes = []
    for number in large:
        left, top, width, height, _ = (int(v) for v in stats[number])
        part = (labels[top : top + height, left : left + width] == number).astype(np.uint8) * 255
        strokes.append(_stroke(np.asarray(part, np.uint8), left, top))
    return tuple(sorted(strokes, key=lambda stroke: stroke.left_mm))


def _stroke(part: NDArray[np.uint8], left: int, top: int) -> Stroke:
    height, width = part.shape
    framed = cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 3)
    # The middle line: pixels at least as deep as all their neighbours.
    ridge = depth[(depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)) - 1e-3) & (depth > 0)]
    thick = 2 * float(np.median(ridge)) - 0.5
    area = cv2.countNonZero(part)
    return Stroke(
        left_mm=left / PX_PER_MM,
        top_mm=top / PX_PER_MM,
        width_mm=width / PX_PER_MM,
        height_mm=height / PX_PER_MM,
        length_mm=area / max(thick, 1.0) / PX_PER_MM,
        thick_mm=thick / PX_PER_MM,
        bend_mm=_bend_px(part) / PX_PER_MM,
        solid=_solid(part),
    )


def _bend_px(part: NDArray[np.uint8]) -> float:
    """Spread across the part's own long axis: four standard deviations, which a straight stroke's width fills."""
    rows, columns = np.nonzero(part)
    if len(rows) < 3:
        return 0.0
    spread = np.linalg.eigvalsh(np.cov(columns, rows))
    return float(4 * np.sqrt(max(spread[0], 0.0)))


def _solid(part: NDArray[np.uint8]) -> float:
    outline = np.concatenate(cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0])
    return min(1.0, cv2.countNonZero(part) / max(1.0, cv2.contourArea(cv2.convexHull(outline))))


def is_framed(mask: NDArray[np.uint8]) -> bool:
    """Whether there is a stamp's outline: two upright strokes of one height, far apart, and a level line between."""
    uprights = _straight(mask, FRAME_HIGH_MM)
    levels = [box.turned() for box in _straight(np.ascontiguousarray(mask.T), FRAME_WIDE_MM)]
    return any(
        other.left - one.right >= FRAME_WIDE_MM * PX_PER_MM
        and one.faces(other)
        and any(one.joined(other, level) for level in levels)
        for one in uprights
        for other in uprights
    )


@dataclass(frozen=True)
class _Run:
    """A straight stroke's box, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def turned(self) -> "_Run":
        return _Run(self.top, self.left, self.bottom, self.right)

    def faces(self, other: "_Run") -> bool:
        """Whether both stand at one height."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared >= FRAME_SHARED * (max(self.bottom, other.bottom) - min(self.top, other.top))

    def joined(self, other: "_Run", level: "_Run") -> bool:
        """Whether a level line runs along the tops of both; the printed label may hide a part of it."""
        shared = min(level.right, other.right) - max(level.left, self.left)
        high = abs(level.top - min(self.top, other.top)) <= FRAME_NEAR_MM * PX_PER_MM
        return high and shared >= FRAME_TOP_SHARE * (other.right - self.left)


def _straight(mask: NDArray[np.uint8], least_mm: float) -> list[_Run]:
    """Upright straight strokes of at least `least_mm`; a tilt of 2 degrees passes."""
    drift = 2 * round(least_mm * PX_PER_MM * 0.035 / 2 + 0.5) + 1
    wide = cv2.dilate(mask, np.ones((1, drift), np.uint8))
    runs = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((round(least_mm * PX_PER_MM), 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    boxes = [_Run(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    return [box for box in boxes if box.right - box.left <= FRAME_THICK_MM * PX_PER_MM + drift]
