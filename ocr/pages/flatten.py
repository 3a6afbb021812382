"""A page as if it lay in even light: how much darker than its paper each place is, and the same with more contrast."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import PAPER_LEAST

# Paper is looked up on a grid of so many cells along the page's long side. The window spans 7 % of that side: more than
# the largest black area of a slip that fills a photo (a 7 mm mark of 140 mm), less than any change of light.
GRID_LONG, WINDOW_CELLS, BLUR_CELLS = 300, 21, 5
FINEST_LONG_PX = 3400  # a letter page at 300 dpi; finer pages are no clearer, and cost memory
RAISED_BLACK = 0.8  # of full darkness: room is left for a pen that is blacker than the print


def darkness_of_page(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much darker than the paper around it each pixel of a page (H, W) is: 0 paper to 255 black, in fractions too.

    Unlike `ocr.ink.darkness`, which is made for registered slips, this knows no resolution and rounds nothing.
    """
    height, width = gray.shape
    factor = GRID_LONG / max(height, width)
    cells = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(gray, cells, interpolation=cv2.INTER_AREA)
    # Closing, not the mere maximum: it follows the slope of a shadow.
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((WINDOW_CELLS, WINDOW_CELLS), np.uint8))
    paper = np.maximum(cv2.blur(paper, (BLUR_CELLS, BLUR_CELLS)), PAPER_LEAST).astype(np.float32)
    lit = gray / cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(255 * (1 - lit), np.float32)


def raise_contrast(gray: NDArray[np.uint8], black: float, soften_px: float) -> NDArray[np.uint8]:
    """The page (H, W) with print that is `black` (0..1) darker than its paper made as dark as fresh print.

    Noise grows as much: `soften_px`, the standard deviation of a blur, takes it back before the result is rounded.
    """
    height, width = gray.shape
    factor = min(1.0, FINEST_LONG_PX / max(height, width))
    small = gray if factor == 1 else cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    dark = darkness_of_page(np.asarray(small, np.uint8))
    if soften_px:
        dark = np.asarray(cv2.GaussianBlur(dark, (0, 0), soften_px), np.float32)
    raised = np.asarray(255 - np.clip(dark * (RAISED_BLACK / black), 0, 255), np.uint8)
    return raised if factor == 1 else np.asarray(cv2.resize(raised, (width, height)), np.uint8)
