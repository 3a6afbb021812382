"""Print in the room to sign, in pixels: small shapes, what a reader of print is shown, and the ink beside its words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import above_blank, cut
from ocr.recognizers.printed_words import PrintedWord
from ocr.scale import PX_PER_MM, px_box
from ocr.signature.judge_print import WordMeasure
from ocr.streaks import Lines
from ocr.template import Template
from schemas.geometry import BoxMm

# Stamps outgrow the room; what is written above it and beside it stays out.
AROUND_MM, ASIDE_MM = 1.5, 1.0
# Letters of 5 points and more, and short words that blur makes one shape.
SHAPE_HEIGHT_MM, SHAPE_WIDTH_MM = (0.9, 5.5), (0.25, 20.0)
# Tesseract reads best at 20 px a letter and more: a letter of 7 points has 12 on a slip of 200 dpi.
ENLARGED = 2
# The second view: a coarse fax parts letters between its lines, 4 px apart.
FAX_LINES_PX, SOFT_PX = 4, 1.0
# Boxes of words are tight; taller ones are no words in print, but what was read into a signature.
WORD_EDGE_MM, WORD_MOST_MM = 0.3, 6.0


@dataclass(frozen=True)
class SmallShapes:
    """How many single parts of ink are as large as a letter or a short word, and how tall the tallest part is."""

    count: int
    tallest_mm: float


def print_room(room: BoxMm) -> BoxMm:
    """Where print is sought around a room to sign."""
    return BoxMm(room.x - ASIDE_MM, room.y - AROUND_MM, room.w + 2 * ASIDE_MM, room.h + 2 * AROUND_MM)


def find_small_shapes(ink: NDArray[np.uint8]) -> SmallShapes:
    """The single parts of an ink mask (H, W; 0 or 255) without the form's print."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(ink), connectivity=8)
    wide, high = (stats[1:, column] / PX_PER_MM for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    (low, tall), (narrow, broad) = SHAPE_HEIGHT_MM, SHAPE_WIDTH_MM
    small = (high >= low) & (high <= tall) & (wide >= narrow) & (wide <= broad)
    return SmallShapes(int(small.sum()), float(high.max(initial=0.0)))


def print_views(ink: NDArray[np.uint8], lines: Lines, template: Template) -> tuple[NDArray[np.uint8], ...]:
    """The room's ink as gray pictures for a reader of print, as it is and with a fax's lines closed."""
    added = above_blank(lines.without_streaks(ink), template.print_reach)
    room = np.ascontiguousarray(cut(added, print_room(template.design.signature.box_mm)))
    closed = cv2.GaussianBlur(
        cv2.morphologyEx(room, cv2.MORPH_CLOSE, np.ones((FAX_LINES_PX, 1), np.uint8)), (0, 0), SOFT_PX
    )
    return tuple(
        np.asarray(cv2.resize(255 - view, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC), np.uint8)
        for view in (room, closed)
    )


def measure_words(words: Sequence[PrintedWord]) -> tuple[WordMeasure, ...]:
    """What was read in a view, in numbers."""
    return tuple(WordMeasure(w.text, w.confidence, w.height_px / ENLARGED / PX_PER_MM) for w in words)


def without_words(ink: NDArray[np.uint8], words: Iterable[PrintedWord], template: Template) -> NDArray[np.uint8]:
    """A slip's ink without that in the boxes of words, sure or not: what is left may be a signature over them."""
    left, top, _, _ = px_box(print_room(template.design.signature.box_mm))
    left, top, edge = max(left, 0), max(top, 0), round(WORD_EDGE_MM * PX_PER_MM)
    rest = ink.copy()
    for word in words:
        x, y = left + word.left_px // ENLARGED, top + word.top_px // ENLARGED
        wide, high = word.width_px // ENLARGED + 1, word.height_px // ENLARGED + 1
        if high <= WORD_MOST_MM * PX_PER_MM:
            rest[max(y - edge, 0) : y + high + edge, max(x - edge, 0) : x + wide + edge] = 0
    return rest
