"""Lines through writing: whoever strikes it out does not mean it any more."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM
from ocr.text.lines.ink_line import InkLine

Mask = NDArray[np.uint8]  # 0 or 255

# Pens strike out along the cells: in 46 x 7 mm the slope of both diagonals is 0.15. A hand's line wavers by 0.4 mm.
SLOPES = np.linspace(-0.3, 0.3, 25)
WAVER_MM = 0.4
# A line through typed letters joins them, and runs straight through the middle of the line for as long as two letters.
# Of 1,197 typed fields in 13 faces 6 % of those on scans, 7 % on 1-bit scans and 10 % on photos look so, mostly where
# letters lie on the rule; of 300 with a line of 8 mm or more drawn through them, at least 98.7 % do.
JOINED_LEAST_MM = 5.0
# Many hands join letters, and some join them along a line: what strikes a handwritten line out runs through so much of
# its width, and is no shorter. So look 4 % of 863 fields in 24 handwritings, and 99 % of them with a line of 0.3 to
# 0.6 mm drawn through.
HAND_JOINED_LEAST_MM, HAND_JOINED_SHARE = 8.0, 0.6
MIDDLE = (0.2, 0.8)
# What is left of a printed rule under letters that stand on it joins their feet: a strike runs above it. Of 22 lines on
# hand-filled slips that looked struck out, and were not, 19 did so along their rule. Of 834 lines with one drawn
# through them 828 look so either way.
ABOVE_RULE_MM = 0.25
DARK_MOST = 150


def has_straight_run(mask: Mask, least_px: int) -> bool:
    """Whether a nearly level line of at least `least_px` lies in the mask (H, W; 0 or 255)."""
    if not _has_columns(mask, least_px):
        return False
    height, width = mask.shape
    waver = np.ones((round(WAVER_MM * PX_PER_MM), 1), np.uint8)
    for slope in SLOPES:
        shear = np.array([[1, 0, 0], [slope, 1, max(0.0, -slope * width)]], np.float32)
        level = cv2.warpAffine(mask, shear, (width, height + round(abs(slope) * width) + 1), flags=cv2.INTER_NEAREST)
        line = np.ones((1, least_px), np.uint8)
        if cv2.erode(cv2.dilate(level, waver), line, borderType=cv2.BORDER_CONSTANT, borderValue=0).any():
            return True
    return False


def _has_columns(mask: Mask, least_px: int) -> bool:
    """Whether so many neighboring columns have ink at all: no level line is longer, and to count them takes no time."""
    empty = np.flatnonzero(np.pad(mask.any(axis=0), 1) == 0)
    return bool((np.diff(empty) > least_px).any())


def is_line_struck(line: InkLine, least_mm: float = JOINED_LEAST_MM) -> bool:
    """Whether a straight stroke joins letters of a typed line."""
    least_px = round(least_mm * PX_PER_MM)
    dark = line.picture < DARK_MOST
    numbers, stats, _ = find_parts(dark.view(np.uint8))
    middle = np.zeros(dark.shape, bool)
    middle[round(MIDDLE[0] * len(dark)) : round(MIDDLE[1] * len(dark))] = True
    if line.rule_px is not None:
        middle[max(line.rule_px - round(ABOVE_RULE_MM * PX_PER_MM), 0) :] = False
    for number in np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] >= least_px):
        left, width = stats[number, cv2.CC_STAT_LEFT], stats[number, cv2.CC_STAT_WIDTH]
        stroke = ((numbers == number) & middle)[:, left : left + width]
        if number and has_straight_run(np.where(stroke, np.uint8(255), np.uint8(0)), least_px):
            return True
    return False


def is_hand_struck(line: InkLine, share: float = HAND_JOINED_SHARE) -> bool:
    """Whether a straight stroke runs through so much of a handwritten line's width."""
    return is_line_struck(line, max(HAND_JOINED_LEAST_MM, share * line.picture.shape[1] / PX_PER_MM))
