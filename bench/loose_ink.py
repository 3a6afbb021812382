"""The ink on a picture without a blank form, where nothing tells what is printed black."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import darkness

# Black of a picture whose print is not known: all but its darkest hundredth is lighter.
BLACK_PERCENT = 99
BLACK_LEAST = 89


def picture_ink(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink as a share of the picture's own black, 0 to 255, as ocr.ink.relative_ink has it of a slip."""
    dark = darkness(picture)
    black = max(float(np.percentile(dark, BLACK_PERCENT)), BLACK_LEAST)
    return np.asarray(cv2.convertScaleAbs(dark, alpha=255 / black), np.uint8)
