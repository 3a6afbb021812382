"""Long straight lines that nobody printed: a scanner's streak, a fax's lost line, a line drawn through boxes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM

# Longer than any stroke of a mark or letter (a tall tick is 10 mm), shorter than two rows of boxes and a gap.
LINE_LEAST_MM = 15.0
# A streak runs along the whole scan; what a hand draws ends on the slip.
STREAK_SHARE = 0.8
# A slip laid 3 degrees askew tilts a streak by 0.8 mm over 15 mm; lines are sought in columns that wide.
TILT_MM = 0.5


@dataclass(frozen=True, eq=False)
class Lines:
    """Masks (H, W) of 0 and 255: `streaks` from edge to edge, and `drawn` lines that end on the slip."""

    streaks: NDArray[np.uint8]
    drawn: NDArray[np.uint8]


def find_lines(ink: NDArray[np.uint8], printed: NDArray[np.uint8]) -> Lines:
    """Lines in the ink mask (H, W) that the `printed` mask does not explain, upright and level ones."""
    upright = _upright(ink, printed)
    level = _upright(np.ascontiguousarray(ink.T), np.ascontiguousarray(printed.T))
    return Lines(
        np.asarray(cv2.bitwise_or(upright.streaks, level.streaks.T), np.uint8),
        np.asarray(cv2.bitwise_or(upright.drawn, level.drawn.T), np.uint8),
    )


def _upright(ink: NDArray[np.uint8], printed: NDArray[np.uint8]) -> Lines:
    """Upright lines; looked for in a picture squeezed four times across, where a tilted line still is a column."""
    height, width = ink.shape
    squeezed = (width // 4, height // 2)
    rest = cv2.bitwise_and(ink, cv2.bitwise_not(printed))
    some = (cv2.resize(rest, squeezed, interpolation=cv2.INTER_AREA) >= 24).astype(np.uint8)
    # Where the form prints, a line may pass unseen.
    hidden = (cv2.resize(printed, squeezed, interpolation=cv2.INTER_AREA) >= 24).astype(np.uint8)
    wide = cv2.dilate(some, np.ones((3, 3), np.uint8))
    candidates = cv2.bitwise_or(wide, cv2.bitwise_and(hidden, cv2.dilate(wide, np.ones((9, 1), np.uint8))))
    long = cv2.morphologyEx(candidates, cv2.MORPH_OPEN, np.ones((round(LINE_LEAST_MM * PX_PER_MM / 2), 1), np.uint8))
    thin = _thin_only(long)
    streaks, drawn = _split(thin)
    return Lines(*(np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)) for mask in (streaks, drawn)))


def _thin_only(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without areas wider than a line: a shadow's edge or a filled field is no streak."""
    return np.asarray(cv2.subtract(mask, cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, 7), np.uint8))), np.uint8)


def _split(mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    streaks, drawn = np.zeros_like(mask), np.zeros_like(mask)
    if not mask.any():
        return streaks, drawn
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for number, (_, _, _, height, _) in enumerate(stats[1:], start=1):
        target = streaks if height >= STREAK_SHARE * mask.shape[0] else drawn
        target[labels == number] = 255
    return streaks, drawn
