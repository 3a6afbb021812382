"""What pen strokes are made of: connected parts, their length, thickness and straightness, in millimeters."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM

# Parts smaller than this are specks of a fax or grains of paper, not strokes.
SPECK_MM = 0.9


@dataclass(frozen=True)
class Stroke:
    """One connected part of ink.

    Its box (left, top, width, height in mm, relative to the picture), the `length_mm` of its middle line, its
    median thickness, `bend_mm`: how far it strays from a straight line, and `solid`: the share (0..1) of its hull that
    is ink. `number` tells it from the other strokes of a picture.
    """

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    length_mm: float
    thick_mm: float
    bend_mm: float
    solid: float
    number: int = 0

    @property
    def bottom_mm(self) -> float:
        return self.top_mm + self.height_mm

    @property
    def right_mm(self) -> float:
        return self.left_mm + self.width_mm


@dataclass(frozen=True, eq=False)
class Strokes:
    """All strokes of an ink mask, left to right, and which of them each pixel (H, W) belongs to; 0 none."""

    found: tuple[Stroke, ...]
    labels: NDArray[np.int32]

    def mask(self, some: Iterable[Stroke]) -> NDArray[np.uint8]:
        """The ink of `some` of the strokes, (H, W)."""
        shown = np.zeros(int(self.labels.max(initial=0)) + 1, np.uint8)
        shown[[stroke.number for stroke in some]] = 255
        return np.asarray(shown[self.labels], np.uint8)


def find_strokes(mask: NDArray[np.uint8]) -> Strokes:
    """The connected parts of an ink mask (H, W; 0 or 255) that are larger than a speck."""
    labels, stats, _ = find_parts(mask)
    large = [n for n in range(1, len(stats)) if np.hypot(stats[n, 2], stats[n, 3]) >= SPECK_MM * PX_PER_MM]
    strokes = []
    for number in large:
        left, top, width, height, _ = (int(v) for v in stats[number])
        part = (labels[top : top + height, left : left + width] == number).astype(np.uint8) * 255
        strokes.append(_stroke(np.asarray(part, np.uint8), left, top, number))
    found = tuple(sorted(strokes, key=lambda stroke: stroke.left_mm))
    return Strokes(found, np.asarray(labels, np.int32))


def _stroke(part: NDArray[np.uint8], left: int, top: int, number: int) -> Stroke:
    height, width = part.shape
    framed = cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 3)
    # The middle line: pixels at least as deep as all their neighbors.
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
        number=number,
    )


def _bend_px(part: NDArray[np.uint8]) -> float:
    """Spread across the part's own long axis: four standard deviations, which a straight stroke's width fills."""
    moments = cv2.moments(part, binaryImage=True)
    area = moments["m00"]
    if area < 3:
        return 0.0
    xx, yy, xy = moments["mu20"] / area, moments["mu02"] / area, moments["mu11"] / area
    least = (xx + yy) / 2 - float(np.hypot((xx - yy) / 2, xy))
    return float(4 * np.sqrt(max(least, 0.0)))


def _solid(part: NDArray[np.uint8]) -> float:
    outline = np.concatenate(cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0])
    return min(1.0, cv2.countNonZero(part) / max(1.0, cv2.contourArea(cv2.convexHull(outline))))
