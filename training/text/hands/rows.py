"""One row of writing as ink: what any hand has in common, be it a font or a person."""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.simulate.strokes import Mask, smooth_noise

INKED = 60  # of 255: what is paler is a letter's edge
# How tall capitals are written on rules of 6 to 7 mm.
CAP_MM = (2.7, 4.4)
# Where the foot of a row stands above the end of its pitch, in capital heights: on the rule, above it, or through it.
SINKS = ((0.4, 0.0, 0.03), (0.45, 0.17, 0.09), (0.15, -0.12, 0.1))


@dataclass(frozen=True)
class Habit:
    """How one person writes on one slip, sizes in pixels at 300 dpi: `capitals` tells of block capitals, `slant` leans
    to the right, `slope` rises, `drift` is how far the baseline wanders in capital heights, `above` how far above the
    rule a row stands in capital heights, and `space` a space's width in its usual one.
    """

    cap_px: float
    capitals: bool
    slant: float
    slope: float
    drift: float
    above: float
    space: float


@dataclass(frozen=True, eq=False)
class Row:
    """A written row: its text, its ink (H, W), and the row of the picture on which the letters stand."""

    text: str
    ink: Mask
    baseline: float


class LineHand(Protocol):
    """One person, or one font."""

    @property
    def has_capitals(self) -> bool:
        """Whether this hand writes block capitals."""

    def write(self, wanted: str, width_px: float, habit: Habit, pen_px: float, rng: np.random.Generator) -> Row | None:
        """A row at most about `width_px` wide: `wanted` as far as it fits, or what this person wrote.

        None when this hand has nothing that fits.
        """

    def spell(self, wanted: str, width_px: float, habit: Habit, pen_px: float, rng: np.random.Generator) -> Row | None:
        """As `write`, of `wanted` alone."""


def draw_habit(px_per_mm: float, rng: np.random.Generator) -> Habit:
    """The habit of anybody: block capitals half of the time."""
    shares, means, spreads = zip(*SINKS, strict=True)
    kind = int(rng.choice(len(SINKS), p=shares))
    return Habit(
        cap_px=rng.uniform(*CAP_MM) * px_per_mm,
        capitals=bool(rng.random() < 0.5),
        slant=rng.normal(0.08, 0.15),
        slope=rng.normal(0, 0.008),
        drift=abs(rng.normal(0, 0.05)),
        above=rng.normal(means[kind], spreads[kind]),
        space=rng.uniform(0.75, 1.6),
    )


def bend(ink: Mask, baseline: float, habit: Habit, cap_px: float, rng: np.random.Generator) -> Mask:
    """The row leaning, drifting off its line, and with letters stretched and squeezed; (H, W) as before."""
    height, width = ink.shape
    xs, ys = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    lean = habit.slant + 0.06 * smooth_noise(width, 1.6 * cap_px, rng)
    drift = habit.drift * cap_px * (smooth_noise(width, 7 * cap_px, rng) + smooth_noise(width, 1.2 * cap_px, rng) / 2)
    swell = 1 + 0.08 * smooth_noise(width, 1.3 * cap_px, rng)
    stretch = 0.09 * cap_px * smooth_noise(width, 1.0 * cap_px, rng)
    above = ys[:, None] - baseline
    from_y = baseline + (above - drift + habit.slope * xs) * swell
    from_x = xs + stretch + lean * above
    bent = cv2.remap(ink, from_x.astype(np.float32), from_y.astype(np.float32), cv2.INTER_LINEAR)
    pressure = np.clip(0.98 + 0.1 * smooth_noise(width, 2.5 * cap_px, rng), 0.65, 1)
    return np.asarray(bent * pressure, dtype=np.uint8)


def inked_width(ink: Mask) -> int:
    """From the first to the last column with ink."""
    columns = np.flatnonzero((ink > INKED).any(axis=0))
    return int(columns[-1] - columns[0] + 1) if columns.size else 0


def fitting_words(text: str, ends: NDArray[np.float64], width: float) -> str:
    """As many words of `text` as end within `width`, at least one; `ends` is where each letter ends."""
    words = text.split(" ")
    at, taken = -1, 0
    for count, word in enumerate(words, start=1):
        at += len(word) + 1
        if ends[min(at, len(text)) - 1] <= width:
            taken = count
    return " ".join(words[: max(taken, 1)])
