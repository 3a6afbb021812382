"""Signatures as drawn curves: no font and nobody's hand."""

import numpy as np

from pads.simulate.strokes import Box, Mask, Points, draw_path

# Handwriting as a pen that swings up and down while the hand moves right (Hollerbach 1981): letters are
# swings of unequal height, and where the swing sideways outruns the hand the line closes to a loop.
POINTS_A_SWING = 8
SMALL, TALL, DEEP = 1.0, 2.2, -1.0
# A capital like B, D, P or R with its stem first, as wide and high as a unit square; 0, 0 is its foot.
STEM_AND_BOWLS = np.array(
    [
        [0.1, 0.9],
        [0.05, 0.0],
        [0.2, 0.95],
        [0.75, 1.0],
        [0.8, 0.62],
        [0.25, 0.48],
        [0.85, 0.35],
        [0.7, -0.05],
        [1.1, 0.05],
    ]
)
FADE = 0.5  # the last letters of a signature are about half as tall as the first


def sign(mask: Mask, room: Box, width_px: float, rng: np.random.Generator) -> None:
    """Sign in `room`: a large initial, a run of ever flatter letters, often a flourish."""
    left, top, width, height = room
    small_px = height * rng.uniform(0.2, 0.3)
    baseline = top + height * rng.uniform(0.72, 0.88)
    length = min(width * rng.uniform(0.55, 0.9), height * rng.uniform(3.2, 6.0))
    x = left + rng.uniform(0.02, 0.2) * max(width - length, 1)
    strokes = [_initial(small_px * rng.uniform(2.6, 3.4), rng), _letters(length, small_px, rng)]
    start = np.array([x, baseline])
    strokes[1] = strokes[1] + [small_px * rng.uniform(1.6, 3.0), 0]
    if rng.random() < 0.4:
        strokes = [np.vstack(strokes)]  # without lifting the pen
    if rng.random() < 0.35:
        strokes.append(_flourish(length, small_px, rng))
    if rng.random() < 0.4:
        strokes.append(np.array([[0, 0], [0.1, 0.06]]) * small_px + [length * rng.uniform(0.4, 0.8), -2.1 * small_px])
    slope = np.tan(np.radians(rng.uniform(-2, 9)))
    slant = rng.uniform(0.1, 0.55)
    for stroke in strokes:
        draw_path(mask, start + _leaned(stroke, slant, slope), width_px * rng.uniform(0.9, 1.15), rng, taper=0.55)


def _initial(tall_px: float, rng: np.random.Generator) -> Points:
    """A capital on the baseline: free loops, a stem with bowls, or sharp strokes up and down."""
    kind = rng.integers(3)
    if kind == 0:
        knots = int(rng.integers(5, 8))
        angle = np.cumsum(rng.uniform(1.1, 1.9, knots)) * rng.choice([-1, 1]) + rng.uniform(0, 6)
        reach = np.linspace(rng.uniform(0.3, 0.75), rng.uniform(0.3, 0.75), knots)
        shape = np.stack([0.35 + 0.75 * reach * np.cos(angle), 0.5 + 0.75 * reach * np.sin(angle)], axis=1)
    elif kind == 1:
        bowls = STEM_AND_BOWLS[: int(rng.integers(6, len(STEM_AND_BOWLS) + 1))]
        shape = bowls + rng.normal(0, 0.07, bowls.shape)
    else:
        turns = int(rng.integers(3, 6))
        y = np.where(np.arange(turns) % 2 == 0, rng.uniform(-0.1, 0.2), rng.uniform(0.9, 1.2, turns))
        shape = np.stack([np.linspace(0, rng.uniform(0.6, 1.1), turns), y], axis=1)
    return np.asarray(shape * [1, -1] * tall_px)


def _letters(length: float, small_px: float, rng: np.random.Generator) -> Points:
    """A run of swings: mostly small, now and then tall or deep."""
    swings = max(int(length / (small_px * rng.uniform(0.9, 1.9))), 3)
    kinds = rng.choice([SMALL, TALL, DEEP], swings, p=[0.6, 0.25, 0.15])
    heights = np.repeat(kinds * rng.uniform(0.55, 1.35, swings), POINTS_A_SWING)
    count = len(heights)
    phase = np.linspace(0, 2 * np.pi * swings, count)
    fade = np.linspace(1, rng.uniform(FADE - 0.3, FADE + 0.3), count)
    pace = np.repeat(rng.uniform(0.45, 1.8, swings), POINTS_A_SWING)
    x = (
        np.cumsum(pace) / pace.sum() * length
        + small_px * rng.uniform(0.25, 0.6) * np.sin(phase + rng.uniform(0, 1)) * fade
    )
    y = -small_px * heights * (1 - np.cos(phase)) / 2 * fade
    tail = np.array([[rng.uniform(0.5, 2.5), rng.uniform(-1.2, 0.4)]]) * small_px + [x[-1], y[-1]]
    return np.vstack([np.stack([x, y], axis=1), tail])


def _flourish(length: float, small_px: float, rng: np.random.Generator) -> Points:
    """A line back under, or through, the name."""
    height = rng.uniform(-0.6, 1.2)
    back = np.array(
        [
            [1.05, -0.2],
            [0.7, height + 0.2],
            [0.1, height + 0.3],
            [0.0, height],
            [0.6, height - 0.35],
            [1.2, height - 0.9],
        ]
    )
    return np.asarray(back * [length, small_px] + rng.normal(0, 0.08 * small_px, back.shape))


def _leaned(stroke: Points, slant: float, slope: float) -> Points:
    """Leaned to the right by `slant`, on a line that rises by `slope`."""
    x, y = stroke[:, 0] - slant * stroke[:, 1], stroke[:, 1] - slope * stroke[:, 0]
    return np.stack([x, y], axis=1)
