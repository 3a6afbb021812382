"""Print on a signature line as hands put it there: turned, across the rule, in a frame, worn."""

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np

from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Box, Mask, add_ink

Print: TypeAlias = Callable[[Mask, Box, float, np.random.Generator], None]

# How far a stamp held in the hand, or a slip fed askew to a printer, is off: to either side.
TURN_DEG = (5.0, 25.0)
# Which part of the print's height, from its top, the rule runs through.
CROSSED_SHARE = (0.15, 0.85)
# A frame keeps this far from its words, and is so thick.
FRAME_ROOM_MM, FRAME_MM, FRAME_AROUND_PX = (0.6, 2.0), (0.25, 0.7), 24
INKED = 60  # of 255


def turned(printed: Print) -> Print:
    """The same, turned about its own middle by TURN_DEG."""

    def draw(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
        ink, (left, top) = _apart(printed, mask, room, pen_px, rng)
        degrees = float(rng.uniform(*TURN_DEG) * rng.choice([-1, 1]))
        high, wide = ink.shape
        side = int(np.hypot(high, wide)) + 4
        about = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
        about[:, 2] += [(side - wide) / 2, (side - high) / 2]
        whole = np.asarray(cv2.warpAffine(ink, about, (side, side), flags=cv2.INTER_LINEAR), np.uint8)
        add_ink(mask, whole, left - (side - wide) / 2, top - (side - high) / 2)

    return draw


def across_rule(printed: Print) -> Print:
    """The same, so low or high that the rule under the room runs through it."""

    def draw(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
        ink, (left, _) = _apart(printed, mask, room, pen_px, rng)
        add_ink(mask, ink, left, room[1] + room[3] - rng.uniform(*CROSSED_SHARE) * len(ink))

    return draw


def framed(printed: Print) -> Print:
    """The same in a frame with straight or round corners, as one stamp, pressed unevenly."""

    def draw(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
        ink, (left, top) = _apart(printed, mask, room, pen_px, rng)
        gap, thick = (round(rng.uniform(*span) * PX_PER_MM) for span in (FRAME_ROOM_MM, FRAME_MM))
        rim = gap + thick + FRAME_AROUND_PX
        stamp = np.asarray(cv2.copyMakeBorder(ink, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0), np.uint8)
        _frame(stamp, FRAME_AROUND_PX, thick, rng.random() < 0.3)
        add_ink(mask, _worn(stamp, rng), left - rim, top - rim)

    return draw


def worn(printed: Print) -> Print:
    """The same in ink that has nearly run out, or was pressed on one side."""

    def draw(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
        ink, (left, top) = _apart(printed, mask, room, pen_px, rng)
        add_ink(mask, _worn(ink, rng), left, top)

    return draw


def _apart(
    printed: Print, mask: Mask, room: Box, pen_px: float, rng: np.random.Generator
) -> tuple[Mask, tuple[float, float]]:
    """What is printed, alone and cut to its ink, and where its left top lies."""
    alone = np.zeros_like(mask)
    printed(alone, room, pen_px, rng)
    left, top, wide, high = cv2.boundingRect(np.asarray(alone > INKED, np.uint8))
    return np.ascontiguousarray(alone[top : top + high, left : left + wide]), (float(left), float(top))


def _frame(stamp: Mask, inset: int, thick: int, rounded: bool) -> None:
    high, wide = stamp.shape
    first, last = (inset, inset), (wide - inset - 1, high - inset - 1)
    if not rounded:
        cv2.rectangle(stamp, first, last, 255, thick, cv2.LINE_AA)
        return
    bend = (min(high, wide) - 2 * inset) // 4
    corners = ((first[0], first[1], 180), (last[0], first[1], 270), (last[0], last[1], 0), (first[0], last[1], 90))
    for x, y, start in corners:
        middle = (x + bend if x == first[0] else x - bend, y + bend if y == first[1] else y - bend)
        cv2.ellipse(stamp, middle, (bend, bend), start, 0, 90, 255, thick, cv2.LINE_AA)
    for y in (first[1], last[1]):
        cv2.line(stamp, (first[0] + bend, y), (last[0] - bend, y), 255, thick, cv2.LINE_AA)
    for x in (first[0], last[0]):
        cv2.line(stamp, (x, first[1] + bend), (x, last[1] - bend), 255, thick, cv2.LINE_AA)


def _worn(ink: Mask, rng: np.random.Generator) -> Mask:
    """Less here, in places hardly any, and the grain of the paper."""
    coarse = rng.uniform(rng.uniform(0.1, 0.7), 1.2, (3, 8))
    slope = np.linspace(rng.uniform(0.5, 1.2), rng.uniform(0.5, 1.2), ink.shape[1])
    uneven = cv2.resize(coarse, ink.shape[::-1], interpolation=cv2.INTER_CUBIC) * slope
    grain = cv2.GaussianBlur(rng.normal(1, 0.6, ink.shape), (0, 0), 1.5)
    return np.asarray(np.clip(ink * np.clip(uneven, 0, 1) * np.clip(grain, 0.4, 1.1), 0, 255), np.uint8)
