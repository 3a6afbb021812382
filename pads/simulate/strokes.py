"""Pen strokes on a mask: paths of changing pressure, and the marks people make in and near boxes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.truth import MarkStyle, MarkTrouble

# A mask is (H, W), 0 no ink to 255 full ink. Points are (N, 2) x, y in pixels; boxes left, top, width, height.
Mask = NDArray[np.uint8]
Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

SUBPIXEL_BITS = 4  # OpenCV draws at sixteenths of a pixel
STEP_PX = 0.8  # how densely a path is dotted


def draw_path(mask: Mask, points: Points, width_px: float, rng: np.random.Generator, taper: float = 0.3) -> None:
    """Draw a smooth stroke through `points`, its pressure wandering and its ends thinner by `taper` (0..1)."""
    line = evenly(smooth(points), STEP_PX)
    along = np.linspace(0, 1, len(line))
    ends = 1 - taper * np.maximum(np.clip(1 - along * 6, 0, 1), np.clip(1 - (1 - along) * 4, 0, 1))
    radii = width_px / 2 * ends * (1 + 0.14 * wander(len(line), 60, rng))
    unit = 1 << SUBPIXEL_BITS
    for (x, y), radius in zip(line, radii, strict=True):
        centre = (round(x * unit), round(y * unit))
        cv2.circle(mask, centre, max(round(radius * unit), 1), 255, -1, cv2.LINE_AA, SUBPIXEL_BITS)


def smooth(points: Points, per_span: int = 14) -> Points:
    """A Catmull-Rom spline through `points` (Catmull and Rom 1974)."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, per_span, endpoint=False)[:, None]
    spans = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        spans.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * (b - c) + d - a) * t**3))
    return np.vstack([*spans, points[-1]])


def evenly(points: Points, step_px: float) -> Points:
    """The same path with points `step_px` apart."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.arange(0, max(lengths[-1], step_px), step_px)
    return np.stack([np.interp(at, lengths, points[:, axis]) for axis in (0, 1)], axis=1)


def wander(count: int, period: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """`count` values of smooth noise, mostly within -1..1, that turns about every `period` values."""
    knots = rng.normal(0, 0.5, max(int(count / period) + 4, 4))
    at = np.arange(count) / period + 1
    left = at.astype(np.intp) % (len(knots) - 1)
    part = at - at.astype(np.intp)
    eased = part * part * (3 - 2 * part)
    return knots[left] * (1 - eased) + knots[left + 1] * eased


def tick_box(mask: Mask, box: Box, style: MarkStyle, width_px: float, rng: np.random.Generator) -> None:
    """Mark `box` on purpose, in a hurry: strokes overshoot and miss the middle."""
    for stroke in _mark_strokes(style, rng):
        draw_path(mask, _in_box(stroke, box, rng), width_px, rng)


def trouble_box(
    mask: Mask, box: Box, label: Box, trouble: MarkTrouble, width_px: float, rng: np.random.Generator
) -> None:
    """Leave at `box` what cannot be called ticked or empty; `label` is where its words stand."""
    left, top, width, height = box
    if trouble is MarkTrouble.SCRIBBLED:
        tick_box(mask, box, MarkStyle.CROSS, width_px, rng)
        draw_path(mask, _in_box(_zigzag(9, -0.25, 1.25, rng), box, rng), width_px * 1.1, rng)
        draw_path(mask, _in_box(_zigzag(7, -0.2, 1.2, rng)[:, ::-1], box, rng), width_px * 1.1, rng)
    elif trouble is MarkTrouble.BESIDE:
        tick_box(mask, (left - width * rng.uniform(1.15, 1.35), top, width, height), MarkStyle.TICK, width_px, rng)
    else:
        draw_path(mask, ring(label, rng), width_px, rng)


def ring(around: Box, rng: np.random.Generator) -> Points:
    """A hasty ellipse around a box; its end overshoots its start."""
    left, top, width, height = around
    angle = np.linspace(0, 2 * np.pi * rng.uniform(1.02, 1.12), 40) + rng.uniform(-2.6, -1.8)
    growth = 1 + np.linspace(0, rng.uniform(0.04, 0.12), 40)
    x = left + width / 2 + (width / 2 + height * 0.35) * growth * np.cos(angle)
    y = top + height / 2 + height * 0.95 * growth * np.sin(angle)
    return np.stack([x, y], axis=1) + rng.normal(0, height * 0.02, (40, 2))


def _mark_strokes(style: MarkStyle, rng: np.random.Generator) -> list[Points]:
    """The strokes of a mark in parts of the box: 0, 0 its top left, 1, 1 its bottom right."""
    over = rng.uniform(-0.05, 0.3, 4)
    if style is MarkStyle.TICK:
        foot = [rng.uniform(0.3, 0.5), rng.uniform(0.8, 1.05)]
        tip = [1 + over[0] * 2, -over[1] * 1.6]
        return [
            np.array([[rng.uniform(-0.1, 0.15), rng.uniform(0.4, 0.6)], [foot[0] - 0.08, foot[1] - 0.06], foot, tip])
        ]
    if style is MarkStyle.FILL:
        return [_zigzag(int(rng.integers(7, 11)), 0.02, 0.98, rng)]
    rising = np.array([[-over[0], 1 + over[1]], [0.5, 0.5], [1 + over[2], -over[3]]])
    if style is MarkStyle.SLASH:
        return [rising]
    falling = np.array([[-over[3], -over[2]], [0.5, 0.5], [1 + over[1], 1 + over[0]]])
    return [falling, rising]


def _zigzag(turns: int, low: float, high: float, rng: np.random.Generator) -> Points:
    """A back-and-forth shading from one side to the other."""
    y = np.linspace(low, high, turns)
    x = np.where(np.arange(turns) % 2 == 0, low, high)
    return np.stack([x, y], axis=1) + rng.normal(0, 0.07, (turns, 2))


def _in_box(stroke: Points, box: Box, rng: np.random.Generator) -> Points:
    """The stroke brought to the box, a little off and a little shaky."""
    left, top, width, height = box
    size = np.array([width, height])
    return np.array([left, top]) + size * (stroke + rng.normal(0, 0.06, 2) + rng.normal(0, 0.025, stroke.shape))
