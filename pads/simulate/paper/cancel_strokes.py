"""Strokes that cancel a slip: from side to side, corner to corner, level, upright, in pencil, by a hand that shakes."""

from collections.abc import Sequence

import numpy as np

from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Mask, Points, draw_path, smooth_noise
from schemas.pad import PadDesign

PEN_MM, BROAD_PEN_MM, PENCIL_MM = (0.3, 0.7), (0.3, 1.6), (0.17, 0.4)
SHAKE_MM, SHAKE_EVERY_MM = (0.15, 0.7), (4.0, 14.0)  # how far a tremor strays, and how often
EDGE_MM = 4.5  # nearer to the slip's edges it may be a scanner's streak


def draw_line(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """One stroke from side to side, or from corner to corner, through the boxes."""
    _cancel(mask, design, rng, (bool(rng.random() < 0.6),))


def draw_cross(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """Two such strokes."""
    _cancel(mask, design, rng, (True, False))


def draw_level_line(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """One level stroke, now and then along the rule under a field."""
    y = rng.uniform(0.2, 0.8)
    if rng.random() < 0.5:
        under = design.writing[int(rng.integers(len(design.writing)))].box_mm.bottom
        y = (under + rng.normal(0, 0.4)) / design.height_mm
    _side_to_side(mask, np.array([0.5, y]), np.array([rng.uniform(0.3, 0.46), 0.0]), rng)


def draw_upright_line(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """One stroke down the slip, short of its edges."""
    _side_to_side(mask, np.array([rng.uniform(0.15, 0.85), 0.5]), np.array([0.0, rng.uniform(0.33, 0.46)]), rng)


def _side_to_side(mask: Mask, middle: Points, reach: Points, rng: np.random.Generator) -> None:
    """A stroke about `middle` that reaches so far to both sides, in shares of the slip; not quite straight."""
    size = np.array(mask.shape[::-1])
    ends = (middle + np.outer([-1, 0, 1], reach)) * size + rng.normal(0, 0.006, (3, 2)) * size.min()
    margin = EDGE_MM * PX_PER_MM
    draw_path(mask, np.clip(ends, margin, size - margin), rng.uniform(*BROAD_PEN_MM) * PX_PER_MM, rng, taper=0.15)


def draw_pencil_line(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """A thin stroke with a hard pencil."""
    _ruled(mask, design, rng, rng.uniform(*PENCIL_MM), shake=False)


def draw_shaky_line(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """A stroke from corner to corner by a hand that trembles."""
    _ruled(mask, design, rng, rng.uniform(*PEN_MM), shake=True)


def _ruled(mask: Mask, design: PadDesign, rng: np.random.Generator, pen_mm: float, *, shake: bool) -> None:
    size = np.array([design.width_mm, design.height_mm]) * PX_PER_MM
    reach = size * [rng.uniform(0.28, 0.46), rng.uniform(0.05, 0.42) * rng.choice([-1, 1])]
    middle = size * (0.5 + rng.normal(0, 0.04, 2))
    length = 2 * float(np.hypot(*reach))
    along = np.linspace(-1, 1, max(8, round(length / (2 * PX_PER_MM))))
    points = middle + np.outer(along, reach)
    aside = np.array([-reach[1], reach[0]]) / np.hypot(*reach)
    stray = rng.normal(0, 0.008) * length * (1 - along**2)
    if shake:
        every = rng.uniform(*SHAKE_EVERY_MM) / 2
        stray = stray + smooth_noise(len(along), every, rng) * rng.uniform(*SHAKE_MM) * PX_PER_MM
    draw_path(mask, np.clip(points + np.outer(stray, aside), 4, size - 4), pen_mm * PX_PER_MM, rng, taper=0.2)


def _cancel(mask: Mask, design: PadDesign, rng: np.random.Generator, rising: Sequence[bool]) -> None:
    size = np.array([design.width_mm, design.height_mm]) * PX_PER_MM
    boxes = np.array([box.box_mm.center for box in design.checkboxes]) * PX_PER_MM
    width_px = rng.uniform(*PEN_MM) * PX_PER_MM
    for up in rising:
        middle = np.array([size[0] / 2, boxes[:, 1].mean()]) + rng.normal(0, 0.05, 2) * size
        reach = size * [rng.uniform(0.28, 0.49), rng.uniform(0.12, 0.42)]
        ends = middle + np.array([[-1, 1 if up else -1], [0, 0], [1, -1 if up else 1]]) * reach
        ends[1] += rng.normal(0, 0.012, 2) * size
        draw_path(mask, np.clip(ends, 4, size - 4), width_px, rng, taper=0.2)
