"""Bring line crops to the height that a reader was made for."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

# The longest line a slip can hold, 220 mm of 6 mm writing, is 37 times as long as high; anything
# longer is a streak, and squeezing it bounds the time that it can take.
LONGEST_RATIO = 40


def scale_line(
    line: NDArray[np.uint8], height_px: int, least_width_px: int, width_step_px: int = 1
) -> NDArray[np.uint8]:
    """`line` (H, W, neither 0) at `height_px`, its sides in proportion unless too short or too long.

    Its width is the nearest multiple of `width_step_px`, which divides `least_width_px` and the longest width.
    """
    height, width = line.shape
    wide = round(math.ceil(width * height_px / height) / width_step_px) * width_step_px
    wide = min(max(wide, least_width_px), LONGEST_RATIO * height_px)
    shrinks = height_px * wide < height * width
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(line, (wide, height_px), interpolation=method), np.uint8)
