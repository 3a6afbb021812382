"""The marks that people make in, around and beside boxes."""

from collections.abc import Sequence

import numpy as np

from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Box, Mask, Points, draw_path
from pads.simulate.truth import MarkStyle, MarkTrouble

# How dark a blunt pencil, or a ballpoint that hardly writes, leaves its stroke on paper, as a share of ink.
FAINT = (0.2, 0.42)
# A pen put down and lifted again, while its owner thinks.
DOT_MM = (0.4, 0.8)
# A tick in a hurry runs over its label; the arms of real ones reach 3 to 10 mm beyond the box (survey pages).
SWEEP_MM = (3.0, 9.0)


def tick_box(mask: Mask, box: Box, style: MarkStyle, width_px: float, rng: np.random.Generator) -> None:
    """Mark `box` on purpose, in a hurry: strokes overshoot and miss the middle."""
    strokes = _sweep(box, rng) if style is MarkStyle.SWEEP else _mark_strokes(style, rng)
    for stroke in strokes:
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
    elif trouble is MarkTrouble.FAINT:
        _faintly(mask, box, width_px, rng)
    elif trouble is MarkTrouble.DOT:
        middle = _in_box(np.array([[0.5, 0.5]]) + rng.normal(0, 0.12, 2), box, rng)
        draw_path(mask, np.vstack([middle, middle + 0.5]), rng.uniform(*DOT_MM) * PX_PER_MM, rng, taper=0)
    elif trouble in (MarkTrouble.CIRCLED, MarkTrouble.RINGED):
        draw_path(mask, ring(label if trouble is MarkTrouble.CIRCLED else box, rng), width_px, rng)


def strike(mask: Mask, boxes: Sequence[Box], width_px: float, rng: np.random.Generator) -> None:
    """One stroke down through `boxes`, which stand below each other."""
    left, top, width, _ = boxes[0]
    bottom = boxes[-1][1] + boxes[-1][3]
    x = left + width * rng.uniform(0.35, 0.65, 3)
    y = [top - width * rng.uniform(0, 0.5), (top + bottom) / 2, bottom + width * rng.uniform(0, 0.5)]
    draw_path(mask, np.stack([x, y], axis=1), width_px, rng)


def _faintly(mask: Mask, box: Box, width_px: float, rng: np.random.Generator) -> None:
    pale = np.zeros_like(mask)
    styles = (MarkStyle.TICK, MarkStyle.CROSS, MarkStyle.SLASH)
    tick_box(pale, box, styles[int(rng.integers(len(styles)))], width_px, rng)
    np.maximum(mask, (pale * rng.uniform(*FAINT)).astype(np.uint8), out=mask)


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
    if style is MarkStyle.DASH:
        return [np.array([[-over[0], 0.5], [0.5, 0.5 + rng.normal(0, 0.1)], [1 + over[1], 0.5 + rng.normal(0, 0.15)]])]
    if style is MarkStyle.SMALL:
        small = np.array([[0.3, 0.5], [0.45, 0.72], [0.75, 0.3]])
        return [small + rng.normal(0, 0.05, small.shape)]
    if style is MarkStyle.LOOP:
        angle = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.1), 12) + rng.uniform(0, 6)
        return [
            0.5 + np.stack([np.cos(angle) * rng.uniform(0.25, 0.4), np.sin(angle) * rng.uniform(0.3, 0.45)], axis=1)
        ]
    rising = np.array([[-over[0], 1 + over[1]], [0.5, 0.5], [1 + over[2], -over[3]]])
    if style is MarkStyle.SLASH:
        return [rising]
    falling = np.array([[-over[3], -over[2]], [0.5, 0.5], [1 + over[1], 1 + over[0]]])
    return [falling, rising]


def _sweep(box: Box, rng: np.random.Generator) -> list[Points]:
    """A tick whose long arm runs up to the right, over the label."""
    reach = rng.uniform(*SWEEP_MM) * PX_PER_MM / box[2]
    foot = [rng.uniform(0.25, 0.5), rng.uniform(0.6, 0.9)]
    slope = rng.uniform(0.3, 0.9)
    tip = [foot[0] + reach, foot[1] - slope * reach]
    return [np.array([[rng.uniform(-0.1, 0.2), rng.uniform(0.3, 0.6)], foot, tip])]


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
