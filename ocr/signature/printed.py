"""Print in the room to sign, in pixels: small shapes, what a reader of print is shown, and the ink beside its words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.ink import above_blank, cut, thicken
from ocr.recognizers.printed_words import PrintedWord
from ocr.scale import PX_PER_MM, px_box
from ocr.signature.judge_print import WordMeasure
from ocr.signature.rows import rows_turn_deg, turned
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
# A reader of print bears rows that run so far askew; of those turned level, more of the surroundings is shown.
ASKEW_DEG = 2.0
TURNED_ASIDE_MM, TURNED_ABOVE_MM, TURNED_BELOW_MM = 5.0, 6.5, 3.5
# The rule under the room: where it may lie, how long its pieces are, and how far print may be off.
RULE_MM, RULE_LEAST_MM, RULE_REACH_MM = 1.0, 4.0, 0.3
INK_LEVEL = 0.33
ON_RULE_PX = 9  # letters that stand on the rule or hang from it begin within half of it
# Boxes of words are tight; taller ones are no words in print, but what was read into a signature.
WORD_EDGE_MM, WORD_MOST_MM = 0.3, 6.0


@dataclass(frozen=True, eq=False)
class View:
    """A gray picture (H, W) with dark ink for a reader of print, and the transform (2, 3) to the slip's pixels.

    `is_plain` where the room is shown as it lies, without the rule.
    """

    picture: NDArray[np.uint8]
    to_slip: NDArray[np.float64]
    is_plain: bool = False

    @property
    def is_turned(self) -> bool:
        """Whether it shows the slip turned, to make rows level that run askew."""
        return bool(self.to_slip[1, 0])

    def corners_px(self, word: PrintedWord, around_px: float) -> NDArray[np.float64]:
        """The corners of a word's box, grown by so many pixels of the picture, on the slip, (4, 2)."""
        left, top = word.left_px - around_px, word.top_px - around_px
        right, bottom = word.left_px + word.width_px + around_px, word.top_px + word.height_px + around_px
        corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]])
        return np.asarray(corners @ self.to_slip.T)


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
    _, stats, _ = find_parts(np.ascontiguousarray(ink))
    wide, high = (stats[1:, column] / PX_PER_MM for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    (low, tall), (narrow, broad) = SHAPE_HEIGHT_MM, SHAPE_WIDTH_MM
    small = (high >= low) & (high <= tall) & (wide >= narrow) & (wide <= broad)
    return SmallShapes(int(small.sum()), float(high.max(initial=0.0)))


def print_views(ink: NDArray[np.uint8], lines: Lines, template: Template) -> tuple[View, ...]:
    """The room's ink for a reader of print: as it is, with a fax's lines closed, and with what crosses the rule.

    Where its rows run askew, the room with its surroundings is added, turned level.
    """
    clean, room = lines.without_streaks(ink), print_room(template.design.signature.box_mm)
    added = above_blank(clean, template.print_reach)
    crossed = _across_rule(clean, added, template)
    plain = (replace(_level(added, room, close=close), is_plain=True) for close in (False, True))
    views = [*plain, _level(crossed, room)]
    askew = rows_turn_deg(np.ascontiguousarray(cut(added, room)))
    if abs(askew) >= ASKEW_DEG:
        wide = _surroundings(room, template)
        views += [_turned(crossed, wide, askew), _turned(crossed, wide, askew, close=True), _turned(added, wide, askew)]
    return tuple(views)


def _across_rule(clean: NDArray[np.uint8], added: NDArray[np.uint8], template: Template) -> NDArray[np.uint8]:
    """The ink `added` to the blank, and of that on the rule under the room what goes on above or below it."""
    room = template.design.signature.box_mm
    strip = BoxMm(0, room.bottom - RULE_MM, template.design.width_mm, 2 * RULE_MM)
    long = np.ones((1, round(RULE_LEAST_MM * PX_PER_MM)), np.uint8)
    printed = thicken(
        np.asarray(cv2.morphologyEx(cut(template.print_mask, strip), cv2.MORPH_OPEN, long), np.uint8), RULE_REACH_MM
    )
    dark = np.asarray(cv2.threshold(cut(clean, strip), INK_LEVEL * 255, 255, cv2.THRESH_BINARY)[1], np.uint8)
    rule = cv2.dilate(cv2.morphologyEx(dark, cv2.MORPH_OPEN, long), np.ones((3, 1), np.uint8))
    beside = cv2.dilate(cv2.bitwise_and(dark, cv2.bitwise_not(rule)), np.ones((ON_RULE_PX, 1), np.uint8))
    kept = (printed > 0) & ((rule == 0) | (beside > 0))
    whole = added.copy()
    part = cut(whole, strip)
    part[kept] = cut(clean, strip)[kept]
    return whole


def _surroundings(room: BoxMm, template: Template) -> BoxMm:
    left, top = max(0.0, room.x - TURNED_ASIDE_MM), max(0.0, room.y - TURNED_ABOVE_MM)
    right = min(template.design.width_mm, room.right + TURNED_ASIDE_MM)
    return BoxMm(left, top, right - left, min(template.design.height_mm, room.bottom + TURNED_BELOW_MM) - top)


def _level(ink: NDArray[np.uint8], room: BoxMm, *, close: bool = False) -> View:
    left, top, _, _ = px_box(room)
    at = np.array([[1 / ENLARGED, 0, max(left, 0)], [0, 1 / ENLARGED, max(top, 0)]])
    return View(_enlarged(np.ascontiguousarray(cut(ink, room)), close), at)


def _turned(ink: NDArray[np.uint8], room: BoxMm, degrees: float, *, close: bool = False) -> View:
    left, top, _, _ = px_box(room)
    level, turn = turned(np.ascontiguousarray(cut(ink, room)), degrees)
    back = np.asarray(cv2.invertAffineTransform(turn), np.float64)
    back[:, :2] /= ENLARGED
    back[:, 2] += max(left, 0), max(top, 0)
    return View(_enlarged(level, close), back)


def _enlarged(ink: NDArray[np.uint8], close: bool) -> NDArray[np.uint8]:
    """Dark ink on white, as large as Tesseract reads best; `close` joins the lines of a fax."""
    if close:
        ink = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((FAX_LINES_PX, 1), np.uint8)), np.uint8)
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), SOFT_PX), np.uint8)
    large = cv2.resize(255 - ink, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8)


def words_here(view: View, words: Sequence[PrintedWord], template: Template) -> tuple[PrintedWord, ...]:
    """Those words of a view whose middle lies in the room; others belong to the fields around it."""
    left, top, right, bottom = px_box(print_room(template.design.signature.box_mm))
    middles = (view.corners_px(word, 0.0).mean(axis=0) for word in words)
    return tuple(word for word, (x, y) in zip(words, middles, strict=True) if left <= x <= right and top <= y <= bottom)


def measure_words(words: Sequence[PrintedWord]) -> tuple[WordMeasure, ...]:
    """What was read in a view, in numbers."""
    return tuple(WordMeasure(w.text, w.confidence, w.height_px / ENLARGED / PX_PER_MM) for w in words)


def without_words(ink: NDArray[np.uint8], found: Iterable[tuple[View, Sequence[PrintedWord]]]) -> NDArray[np.uint8]:
    """A slip's ink without that in the boxes of words, sure or not: what is left may be a signature over them."""
    rest = ink.copy()
    for view, words in found:
        for word in words:
            if word.height_px <= WORD_MOST_MM * PX_PER_MM * ENLARGED:
                corners = view.corners_px(word, WORD_EDGE_MM * PX_PER_MM * ENLARGED)
                cv2.fillConvexPoly(rest, corners.round().astype(np.int32), 0)
    return rest
