"""Whether the ink in a box is a straight line as thin as a hair, and how far that goes on beyond it, broken or not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.ink import cut
from ocr.scale import PX_PER_MM, px_box
from schemas.geometry import BoxMm

Point = NDArray[np.float64]

BROAD_MM = 9.9  # of ink that is no line
LEAST_PX = 10  # of which a line can be told
# A broader line is a pen's, however far it goes on, and is not followed.
FOLLOWED_MM = 0.32
# A line is followed in steps, so far; it begins anew beyond print and where the scan has lost it.
STEP_MM, REACH_MM, GAP_MM = 0.25, 45.0, 15.0
# At each step it is looked for so far aside; with ink so far aside it is a letter.
ASIDE_MM, LETTER_MM = 0.4, 1.0
_ACROSS_MM = np.arange(-LETTER_MM, LETTER_MM + 0.01, 0.125)
_NEAR = np.abs(_ACROSS_MM) <= ASIDE_MM


@dataclass(frozen=True)
class Hairline:
    """`breadth_mm` of the straight line that strays from its axis as the ink does, and what shows of it outside."""

    breadth_mm: float = BROAD_MM
    goes_on_mm: float = 0.0


NO_HAIRLINE = Hairline()


def measure_hairline(ink: NDArray[np.uint8], added: NDArray[np.uint8], within: BoxMm, box: BoxMm) -> Hairline:
    """The line that the ink `within` a box is, (H, W) as `added`, the ink above the blank form."""
    points = np.argwhere(cut(ink, within))[:, ::-1].astype(np.float64)
    if len(points) < LEAST_PX:
        return NO_HAIRLINE
    values, vectors = np.linalg.eigh(np.cov(points.T))
    breadth_mm = float(np.sqrt(12 * max(values[0], 0.0))) / PX_PER_MM
    if breadth_mm >= FOLLOWED_MM:
        return Hairline(breadth_mm)
    middle = points.mean(axis=0) + np.maximum(px_box(within)[:2], 0)
    ways = vectors[:, 1], -vectors[:, 1]
    leaves_mm = float(np.hypot(box.w, box.h)) / 2
    return Hairline(breadth_mm, sum(_shown_mm(added, middle, way, leaves_mm) for way in ways))


def _shown_mm(added: NDArray[np.uint8], middle: Point, way: Point, leaves_mm: float) -> float:
    """How much of a line from `middle` (x, y px) along `way` shows as a thin stroke from `leaves_mm` on."""
    (high, wide), seen_mm, away_mm, shown_mm = added.shape, 0.0, 0.0, 0.0
    while away_mm < min(REACH_MM, seen_mm + GAP_MM):
        away_mm += STEP_MM
        aside = np.array([-way[1], way[0]])
        at = middle + way * away_mm * PX_PER_MM
        columns, rows = np.floor(at[:, None] + aside[:, None] * _ACROSS_MM * PX_PER_MM).astype(np.intp)
        if not ((columns >= 0) & (columns < wide) & (rows >= 0) & (rows < high)).all():
            break
        inked = added[rows, columns] > 0
        if inked.any() and not inked[~_NEAR].any():
            seen_mm = away_mm
            if away_mm > leaves_mm:
                led = at + aside * _ACROSS_MM[inked].mean() * PX_PER_MM - middle
                way, shown_mm = led / np.hypot(*led), shown_mm + STEP_MM
    return shown_mm
