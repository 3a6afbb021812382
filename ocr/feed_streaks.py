"""Take out the line that a speck in a scanner or fax draws down the whole page, along which the page was fed."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM

Mask = NDArray[np.uint8]  # (H, W)

STREAK_NOTE = "a thin line down the page, from the scanner or fax, was left out of what was read"

# Paler lines than this share of printed black leave no ink that could be taken for writing.
LINE_LEVEL = 0.2
# A speck is a dot or two wide; with the blur of a scan its line is no wider than this.
WIDE_MOST_MM = 0.6
# On some scanners the line is broken. Of the rows in which neither print nor writing hides it, it shows in all on 11
# faxes that have one; on 149 slips without one the fullest column has ink in 0.17 of them.
SHOWN_SHARE = 0.5
FREE_SHARE = 0.4  # of the slip's rows; what print hides for most of its way cannot be told from print
# What a hand draws ends on the slip: the line of a speck shows in each of so many parts of the slip's height.
PARTS, PART_SHOWN_SHARE = 6, 0.2
ROWS_APART = 4  # every fourth row tells whether there is any
NEAR_PX = 2  # around a line, where a letter that touches it shows
THICKER_PX = 2  # than the line is where it is thinnest: ink of a pen
GOES_ON_PX = 3  # beyond what is near: a stroke that the line runs along
# The line stands alone in more of the rows in which anything shows: a broken one in half of those that are free.
ALONE_PERCENT = 20


def without_feed_streaks(ink: NDArray[np.uint8], printed: Mask, lean: float) -> NDArray[np.uint8]:
    """`ink` (H, W; 255 printed black) of a slip without lines as thin as a dot that run along the page's feed.

    `printed` is 255 where the form prints; `lean` is how many columns to the right the feed moves on the slip with each
    row. Where writing crosses such a line, or touches it, nothing is taken out. The same array, if there is no line.
    """
    few = np.ascontiguousarray(ink[::ROWS_APART]), np.ascontiguousarray(printed[::ROWS_APART])
    few_lean = lean * ROWS_APART
    if not _may_have_streak(*few, few_lean) or not _streak_columns(*(_upright(one, few_lean) for one in few)).any():
        return ink
    dark = _dark(_upright(ink, lean))
    columns = _streak_columns(dark, _upright(printed, lean))
    if not columns.any():
        return ink
    lines = np.zeros_like(dark)
    for left, right in _runs(columns):
        first, end = max(left - NEAR_PX, 0), min(right + NEAR_PX, dark.shape[1])
        band = np.s_[:, first:end]
        widths = _widths(dark, first, end)
        alone = widths <= np.percentile(widths[widths > 0], ALONE_PERCENT) + THICKER_PX
        lines[band] = np.where(alone[:, None], dark[band], 0)
    return np.asarray(np.where(_leaning(lines, lean, ink.shape[1]) > 0, 0, ink), np.uint8)


def _widths(dark: Mask, first: int, end: int) -> NDArray[np.intp]:
    """How many columns each row (H,) has ink in from `first` to `end`, and beyond as far as that ink goes on."""
    widths = np.asarray(np.count_nonzero(dark[:, first:end], axis=1), np.intp)
    before, after = dark[:, max(first - GOES_ON_PX, 0) : first + 1][:, ::-1], dark[:, end - 1 : end + GOES_ON_PX]
    for outward in (before, after):
        going_on = np.minimum.accumulate(outward > 0, axis=1)
        widths += going_on[:, 1:].sum(axis=1)
    return widths


def _may_have_streak(ink: NDArray[np.uint8], printed: Mask, lean: float) -> bool:
    """Whether any column has so much ink beside print as the line of a speck has at least: most slips' have not."""
    dark, hidden = (cv2.copyMakeBorder(one, 0, 0, 1, 1, cv2.BORDER_CONSTANT, value=0) for one in (_dark(ink), printed))
    beside = cv2.bitwise_and(cv2.dilate(dark, np.ones((1, 3), np.uint8)), cv2.bitwise_not(hidden))
    shown = _upright(np.asarray(beside, np.uint8), lean)
    most = float(cv2.reduce(shown, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S).max()) / 255
    return most >= FREE_SHARE * SHOWN_SHARE * len(ink)


def _streak_columns(ink: NDArray[np.uint8], printed: Mask) -> NDArray[np.bool_]:
    """Which columns (W,) show an upright line from edge to edge, in most rows in which nothing hides it."""
    dark = _dark(ink)
    wide = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, round(WIDE_MOST_MM * PX_PER_MM)), np.uint8))
    beside = np.ones((1, 3), np.uint8)
    shown = cv2.dilate(cv2.subtract(dark, wide), beside) > 0
    free = (printed == 0) & (cv2.dilate(wide, beside) == 0)
    starts = np.arange(PARTS) * len(ink) // PARTS
    rows, seen = (np.add.reduceat(mask, starts, axis=0, dtype=np.intp) for mask in (free, shown & free))
    whole = (rows.sum(axis=0) >= FREE_SHARE * len(ink)) & (seen.sum(axis=0) >= SHOWN_SHARE * rows.sum(axis=0))
    return np.asarray(whole & (seen >= PART_SHOWN_SHARE * rows).all(axis=0), np.bool_)


def _dark(ink: NDArray[np.uint8]) -> Mask:
    return np.asarray(cv2.threshold(ink, LINE_LEVEL * 255, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _runs(columns: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First column of each run, and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], columns, [False]]).astype(np.int8)))
    return [(int(left), int(right)) for left, right in edges.reshape(-1, 2)]


def _upright(picture: Mask, lean: float) -> Mask:
    """The picture with its rows moved so that what leans by `lean` stands upright; wider, so that nothing is lost."""
    height, width = picture.shape
    size = (width + _room(height, lean), height)
    return np.asarray(cv2.warpAffine(picture, _move(height, lean), size, flags=cv2.INTER_NEAREST), np.uint8)


def _leaning(picture: Mask, lean: float, width: int) -> Mask:
    """The way back of `_upright`, `width` columns of it."""
    height = len(picture)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, _move(height, lean), (width, height), flags=flags), np.uint8)


def _move(height: int, lean: float) -> NDArray[np.float64]:
    return np.array([[1, -lean, max(lean, 0.0) * height], [0, 1, 0]], np.float64)


def _room(height: int, lean: float) -> int:
    return int(abs(lean) * height) + 1
