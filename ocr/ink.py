"""Paper and ink: what is dark on a registered slip, whatever the paper's color and the light on it."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM, px_box
from schemas.geometry import BoxMm

# The paper's brightness is looked up on a grid of 0.5 mm cells, so that between the lines of a text
# some cells are paper only; a window of 9 mm then spans the largest black area of a slip, a 7 mm marker.
PAPER_CELL_PX = 4
PAPER_WINDOW_CELLS = 17
PAPER_BLUR_CELLS = 5
# Even the deepest shadow of a readable photo leaves the paper at 1/8 of full brightness; below it there is no paper.
PAPER_LEAST = 32
# A photocopy of a copy prints its black at some 60 % darkness. Less is no print at all.
BLACK_LEAST = 0.35


def darkness(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much darker than the paper around it each pixel is: 0 paper to 255 black, same shape as `gray` (H, W)."""
    height, width = gray.shape
    cells = (max(1, width // PAPER_CELL_PX), max(1, height // PAPER_CELL_PX))
    small = cv2.resize(gray, cells, interpolation=cv2.INTER_AREA)
    window = np.ones((PAPER_WINDOW_CELLS, PAPER_WINDOW_CELLS), np.uint8)
    # Closing, not the mere maximum: it follows the slope of a shadow.
    paper = cv2.blur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, window), (PAPER_BLUR_CELLS, PAPER_BLUR_CELLS))
    paper = cv2.resize(np.maximum(paper, PAPER_LEAST), (width, height), interpolation=cv2.INTER_LINEAR)
    lit = cv2.divide(gray, paper, scale=255)
    return np.asarray(255 - lit, np.uint8)


@dataclass(frozen=True, eq=False)
class SlipPicture:
    """A slip turned upright, gray (H, W) at REGISTERED_DPI, and its darkness, worked out when first asked for."""

    gray: NDArray[np.uint8]

    @cached_property
    def dark(self) -> NDArray[np.uint8]:
        return darkness(self.gray)


def black_level(dark: NDArray[np.uint8], solid: tuple[BoxMm, ...]) -> float:
    """Darkness (0..1) of printed black, taken from the `solid` printed areas of a registered slip."""
    values = solid_levels(dark, solid)
    return max(float(np.median(values)) / 255 if values else 1.0, BLACK_LEAST)


def solid_levels(dark: NDArray[np.uint8], solid: tuple[BoxMm, ...]) -> list[float]:
    """The darkness (0..255) that a quarter of each of the `solid` printed areas exceeds, of those on the slip."""
    return [_upper_quartile(value) for box in solid if (value := cut(dark, box)).size]


def _upper_quartile(values: NDArray[np.uint8]) -> float:
    """What numpy.percentile makes of a few pixels in ten times as long."""
    ordered = np.sort(values, axis=None)
    at = 0.75 * (len(ordered) - 1)
    below, above = int(ordered[int(at)]), int(ordered[min(int(at) + 1, len(ordered) - 1)])
    return below + (above - below) * (at - int(at))


def cut(picture: NDArray[np.uint8], box: BoxMm) -> NDArray[np.uint8]:
    """The part of a registered picture inside `box`, as a view; clipped at the edges."""
    left, top, right, bottom = px_box(box)
    return picture[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]


def relative_ink(gray: NDArray[np.uint8], solid: tuple[BoxMm, ...]) -> NDArray[np.uint8]:
    """Ink as a share of printed black, 0 to 255: comparable between a clean scan and a pale copy."""
    return relative_to_black(darkness(gray), solid)


def relative_to_black(dark: NDArray[np.uint8], solid: tuple[BoxMm, ...]) -> NDArray[np.uint8]:
    """As `relative_ink`, of a slip whose `darkness` is known already."""
    return np.asarray(cv2.convertScaleAbs(dark, alpha=1 / black_level(dark, solid)), np.uint8)


def above_blank(ink: NDArray[np.uint8], print_mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink that the blank form does not explain; `print_mask` is 255 where the form prints."""
    return np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(print_mask)), np.uint8)


def thicken(mask: NDArray[np.uint8], by_mm: float) -> NDArray[np.uint8]:
    """`mask` grown by `by_mm` to all sides."""
    size = 2 * round(by_mm * PX_PER_MM) + 1
    return np.asarray(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))), np.uint8)
