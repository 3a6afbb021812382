"""Find long straight lines that are not printed: a scanner's streak, a fax's lost line, a line drawn through boxes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM

# Paler lines than this share of printed black leave no ink that could be taken for a mark.
LINE_LEVEL = 0.2
# Longer than any stroke of a mark or letter (a tall tick is 10 mm), shorter than three rows of boxes.
LINE_LEAST_MM = 15.0
# A streak runs along the whole scan; what a hand draws ends on the slip. Writing and thick print hide a streak for a
# while: its pieces, all in one course, span most of the slip, and are half of it together.
STREAK_SPAN, STREAK_SHARE = 0.7, 0.4
ONE_COURSE_CELLS = 2
# Lines are sought in cells of 0.5 mm, neighbors joined: a slip 3 degrees askew tilts a streak by 0.8 mm in 15 mm.
CELL_PX = 4
CELL_INK = 24  # of 255: a line 1 pixel wide fills a quarter of its cells
WIDE_CELLS = 4  # as wide is a filled box or a shadow's edge, not a line
# Marks one below the other in a column of boxes leave gaps; a line has next to none.
VISIBLE_SHARE = 0.9
STRAIGHT_CELLS = 0.8
FREE_SHARE = 0.4  # a line that print hides for most of its way cannot be told from the print
# Where the form prints a line passes unseen, at most through the height of a letter.
HIDDEN_CELLS = 9


@dataclass(frozen=True, eq=False)
class Lines:
    """Masks (H, W), 255 in lines: `streaks` from edge to edge, `drawn` ones that end on the slip; None without any."""

    streaks: NDArray[np.uint8] | None
    drawn: NDArray[np.uint8] | None

    def without_streaks(self, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """`mask` (H, W) with the streaks taken out."""
        if self.streaks is None:
            return mask
        return np.asarray(cv2.bitwise_and(mask, cv2.bitwise_not(self.streaks)), np.uint8)


NO_LINES = Lines(None, None)


def find_lines(ink: NDArray[np.uint8], printed: NDArray[np.uint8]) -> Lines:
    """Upright and level lines in a slip's ink (H, W; 255 printed black) that the `printed` mask does not explain."""
    dark = cv2.threshold(ink, LINE_LEVEL * 255, 255, cv2.THRESH_BINARY)[1]
    rest = _cells(np.asarray(cv2.bitwise_and(dark, cv2.bitwise_not(printed)), np.uint8))
    hidden = _cells(printed)
    upright = _find_upright(rest, hidden)
    level = [mask.T for mask in _find_upright(np.ascontiguousarray(rest.T), np.ascontiguousarray(hidden.T))]
    streaks, drawn = (np.maximum(one, other) for one, other in zip(upright, level, strict=True))
    return Lines(_enlarge(streaks, ink.shape), _enlarge(drawn, ink.shape))


def _cells(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = (length // CELL_PX for length in mask.shape)
    whole = mask[: height * CELL_PX, : width * CELL_PX]
    shares = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.threshold(shares, CELL_INK - 1, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _enlarge(cells: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
    if not cells.any():
        return None
    large = np.zeros(shape, np.uint8)
    height, width = (length * CELL_PX for length in cells.shape)
    large[:height, :width] = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
    return large


def _find_upright(some: NDArray[np.uint8], hidden: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Streaks and drawn lines among the cells with ink; `hidden` are the cells where the form prints."""
    thin = cv2.subtract(some, cv2.morphologyEx(some, cv2.MORPH_OPEN, np.ones((1, WIDE_CELLS), np.uint8)))
    wide = cv2.dilate(thin, np.ones((1, 3), np.uint8))  # not upwards: marks in neighboring boxes are no line
    passed = cv2.bitwise_and(hidden, cv2.dilate(wide, np.ones((HIDDEN_CELLS, 1), np.uint8)))
    candidates = cv2.bitwise_or(wide, passed)
    least = np.ones((round(LINE_LEAST_MM * PX_PER_MM / CELL_PX), 1), np.uint8)
    long = np.asarray(cv2.morphologyEx(candidates, cv2.MORPH_OPEN, least), np.uint8)
    pieces = _pieces(long, np.asarray(thin, np.uint8), hidden)
    streaks, drawn = np.zeros_like(long), np.zeros_like(long)
    for piece in pieces:
        course = [other for other in pieces if abs(other.column - piece.column) <= ONE_COURSE_CELLS]
        span = max(other.bottom for other in course) - min(other.top for other in course)
        shown = sum(other.bottom - other.top for other in course)
        whole = span >= STREAK_SPAN * len(long) and shown >= STREAK_SHARE * len(long)
        part = (streaks if whole else drawn)[piece.top : piece.bottom, piece.left : piece.left + piece.cells.shape[1]]
        part[piece.cells] = 255
    return streaks, drawn


@dataclass(frozen=True, eq=False)
class _Piece:
    """A line, or a part of one that something hides: its cells, its rows, and its column at half the slip's height."""

    cells: NDArray[np.bool_]
    left: int
    top: int
    bottom: int
    column: float


def _pieces(long: NDArray[np.uint8], thin: NDArray[np.uint8], hidden: NDArray[np.uint8]) -> list[_Piece]:
    if not long.any():
        return []
    pieces = []
    labels, stats, _ = find_parts(long)
    for number, (x, y, width, height, _) in enumerate(stats[1:], start=1):
        part = np.s_[y : y + height, x : x + width]
        line = np.asarray(labels[part] == number, np.bool_)
        if _visible_share(line, thin[part], hidden[part]) >= VISIBLE_SHARE:
            rows, columns = np.nonzero(line)
            drift, start = np.polyfit(rows, columns, 1)
            at = x + start + drift * (len(long) / 2 - y)
            pieces.append(_Piece(line, int(x), int(y), int(y + height), float(at)))
    return pieces


def _visible_share(line: NDArray[np.bool_], thin: NDArray[np.uint8], hidden: NDArray[np.uint8]) -> float:
    """In which share of the rows where print does not hide it a line shows, within a cell of its straight course."""
    free = (line & (hidden == 0)).any(axis=1)
    if free.sum() < FREE_SHARE * line.any(axis=1).sum():
        return 0.0
    rows, columns = np.nonzero(line & (thin > 0))
    if not rows.size or rows[0] == rows[-1]:
        return 0.0
    drift, start = np.polyfit(rows, columns, 1)
    near = np.abs(columns - (start + drift * rows)) <= STRAIGHT_CELLS
    shown = np.zeros_like(free)
    shown[rows[near]] = True
    return float((shown & free).sum()) / max(1, int(free.sum()))
