"""Pen strokes on a mask: paths of changing pressure."""

import cv2
import numpy as np
from numpy.typing import NDArray

# A mask is (H, W), 0 no ink to 255 full ink. Points are (N, 2) x, y in pixels; boxes left, top, width, height.
Mask = NDArray[np.uint8]
Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

SUBPIXEL_BITS = 4  # OpenCV draws at sixteenths of a pixel
STEP_PX = 0.8  # how densely a path is dotted


def draw_path(mask: Mask, points: Points, width_px: float, rng: np.random.Generator, taper: float = 0.3) -> None:
    """Draw a smooth stroke through `points`, its pressure wandering and its ends thinner by `taper` (0..1)."""
    line = resample(spline(points), STEP_PX)
    along = np.linspace(0, 1, len(line))
    ends = 1 - taper * np.maximum(np.clip(1 - along * 6, 0, 1), np.clip(1 - (1 - along) * 4, 0, 1))
    radii = width_px / 2 * ends * (1 + 0.14 * smooth_noise(len(line), 60, rng))
    unit = 1 << SUBPIXEL_BITS
    for (x, y), radius in zip(line, radii, strict=True):
        center = (round(x * unit), round(y * unit))
        cv2.circle(mask, center, max(round(radius * unit), 1), 255, -1, cv2.LINE_AA, SUBPIXEL_BITS)


def spline(points: Points, per_span: int = 14) -> Points:
    """A Catmull-Rom spline through `points` (Catmull and Rom 1974)."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, per_span, endpoint=False)[:, None]
    spans = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        spans.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * (b - c) + d - a) * t**3))
    return np.vstack([*spans, points[-1]])


def resample(points: Points, step_px: float) -> Points:
    """The same path with points `step_px` apart."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.arange(0, max(lengths[-1], step_px), step_px)
    return np.stack([np.interp(at, lengths, points[:, axis]) for axis in (0, 1)], axis=1)


def smooth_noise(count: int, period: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """`count` values of smooth noise, mostly within -1..1, that turns about every `period` values."""
    knots = rng.normal(0, 0.5, max(int(count / period) + 4, 4))
    at = np.arange(count) / period + 1
    left = at.astype(np.intp) % (len(knots) - 1)
    part = at - at.astype(np.intp)
    eased = part * part * (3 - 2 * part)
    return knots[left] * (1 - eased) + knots[left + 1] * eased


def add_ink(mask: Mask, ink: Mask, left: float, top: float) -> None:
    """Add `ink` to the mask with its corner at `left`, `top`; what falls outside is cropped."""
    x, y = round(left), round(top)
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + ink.shape[1], mask.shape[1]), min(y + ink.shape[0], mask.shape[0])
    if x1 > x0 and y1 > y0:
        part = mask[y0:y1, x0:x1]
        np.maximum(part, ink[y0 - y : y1 - y, x0 - x : x1 - x], out=part)
