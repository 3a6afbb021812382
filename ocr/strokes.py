"""What pen strokes are made of: connected parts, their length, thickness and straightness, in millimetres."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM

# Parts smaller than this are specks of a fax or grains of paper, not strokes.
SPECK_MM = 0.9
FRAME_NEAR_MM = 0.7  # a stamped frame is 0.5 mm thick and a little askew
FRAME_NEAR_SHARE = 0.1
FRAME_LEAST_MM = (12.0, 3.5)  # a round initial is smaller, and what is slimmer hugs any rectangle


@dataclass(frozen=True)
class Stroke:
    """One connected part of ink.

    Its box (left, top, width, height in mm, relative to the picture), the `length_mm` of its middle line, its
    median thickness, `bend_mm`: how far it strays from a straight line, and `framed`: the share of its outline
    that lies along the tightest rectangle around it.
    """

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    length_mm: float
    thick_mm: float
    bend_mm: float
    framed: float

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
        framed=_framed(part),
    )


def _bend_px(part: NDArray[np.uint8]) -> float:
    """Spread across the part's own long axis: four standard deviations, which a straight stroke's width fills."""
    rows, columns = np.nonzero(part)
    if len(rows) < 3:
        return 0.0
    spread = np.linalg.eigvalsh(np.cov(columns, rows))
    return float(4 * np.sqrt(max(spread[0], 0.0)))


def _framed(part: NDArray[np.uint8]) -> float:
    outline = np.concatenate(cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]).reshape(-1, 2)
    (x, y), (width, height), angle = cv2.minAreaRect(outline)
    turn = np.radians(angle)
    away = outline - np.array([x, y])
    along = np.abs(away @ np.array([np.cos(turn), np.sin(turn)]))
    across = np.abs(away @ np.array([-np.sin(turn), np.cos(turn)]))
    if min(width, height) < FRAME_LEAST_MM[1] * PX_PER_MM or max(width, height) < FRAME_LEAST_MM[0] * PX_PER_MM:
        return 0.0
    near = min(FRAME_NEAR_MM * PX_PER_MM, FRAME_NEAR_SHARE * min(width, height))
    return float(((width / 2 - along <= near) | (height / 2 - across <= near)).mean())
