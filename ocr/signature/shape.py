"""The shape of all the ink in a room: what is ruled, framed or printed keeps to few directions and straight edges."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM

# Edges are looked at after smoothing over a coarse fax's stairs, in directions of 5 degrees.
SMOOTH_MM = 0.25
DIRECTIONS = 36
SPREAD = 2  # an edge's direction is known to two of them on either side
# Stamps are put on paper up to 15 degrees askew.
SLOPES = np.tan(np.radians(np.arange(-15, 15.5, 1.0)))
BAND_MM = 0.3
GAP_MM = 1.0
# A frame's line, and the margin that it keeps around the words.
LINE_MOST_MM, CLEAR_MM = 1.3, 1.3
# A stamp's outline: its hull fills a rectangle of at least so much.
FRAME_LEAST_MM = 12.0
PADDING_PX = 2
CLOSE_PX = 5
MARGIN_PX = 6  # so that smoothing finds the ink's outer edges too


@dataclass(frozen=True)
class Shape:
    """`two_ways`: share of the edges that run along the two main directions; `rectangle`: how much of the rectangle
    around its largest part that part's hull fills; `top_share`: of the ink's upper edge that lies on one straight line,
    `top_mm` the length of the longest piece of it, `top_clear` the share of that piece below which there is no ink.
    """

    two_ways: float = 1.0
    rectangle: float = 0.0
    top_share: float = 0.0
    top_mm: float = 0.0
    top_clear: float = 0.0


def measure_shape(mask: NDArray[np.uint8]) -> Shape:
    """The shape of an ink mask (H, W; 0 or 255) at REGISTERED_DPI."""
    if not cv2.hasNonZero(mask):
        return Shape()
    left, top, width, height = cv2.boundingRect(mask)
    tight = cv2.copyMakeBorder(
        mask[top : top + height, left : left + width], *(MARGIN_PX,) * 4, borderType=cv2.BORDER_CONSTANT, value=0
    )
    ink = np.asarray(tight, np.uint8)
    return Shape(_two_ways(ink), _rectangle(ink), *_top_line(ink))


def ink_height_mm(mask: NDArray[np.uint8]) -> float:
    """The height in which all but 4 % of the ink lies, so that specks do not count."""
    rows = np.cumsum((mask > 0).sum(axis=1))
    if not rows.size or rows[-1] == 0:
        return 0.0
    first, last = np.searchsorted(rows, (0.02 * rows[-1], 0.98 * rows[-1]))
    return float(last - first + 1) / PX_PER_MM


def _two_ways(mask: NDArray[np.uint8]) -> float:
    smooth = cv2.GaussianBlur(mask, (0, 0), SMOOTH_MM * PX_PER_MM)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    strength, angles = cv2.cartToPolar(across, down)
    directions = (np.asarray(angles) * (DIRECTIONS / np.pi)).astype(np.intp) % DIRECTIONS
    shares = np.bincount(directions.ravel(), np.asarray(strength).ravel(), DIRECTIONS)
    total = 0.0
    for _ in range(2):
        near = sum(np.roll(shares, step) for step in range(-SPREAD, SPREAD + 1))
        chosen = np.arange(-SPREAD, SPREAD + 1) + int(np.argmax(near))
        total += float(shares[chosen % DIRECTIONS].sum())
        shares[chosen % DIRECTIONS] = 0
    return total / max(float(shares.sum()) + total, 1e-9)


def _top_line(mask: NDArray[np.uint8]) -> tuple[float, float, float]:
    """`top_share`, `top_mm` and `top_clear` of `Shape`."""
    columns = np.flatnonzero(mask.any(axis=0))
    tops = mask[:, columns].argmax(axis=0)
    on_line = max((_on_one_line(tops - slope * columns) for slope in SLOPES), key=np.count_nonzero)
    share = np.count_nonzero(on_line) / len(columns)
    columns, tops = columns[on_line], tops[on_line]
    breaks = np.flatnonzero(np.diff(columns) > GAP_MM * PX_PER_MM) + 1
    pieces = np.split(np.arange(len(columns)), breaks)
    longest = max(pieces, key=len)
    clear = [_clear_below(mask[top:, column]) for column, top in zip(columns[longest], tops[longest], strict=True)]
    return share, float(np.ptp(columns[longest]) + 1) / PX_PER_MM, float(np.mean(clear))


def _on_one_line(heights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which heights (in pixels) lie in the fullest band of twice BAND_MM."""
    bands = ((heights - heights.min()) / (BAND_MM * PX_PER_MM)).astype(np.intp)
    counts = np.bincount(bands)
    best = int((counts + np.append(counts[1:], 0)).argmax())
    return np.asarray((bands == best) | (bands == best + 1), np.bool_)


def _clear_below(column: NDArray[np.uint8]) -> bool:
    """Whether the stroke that a column begins with is a pen's or stamp's, with paper below it."""
    thick, room = round(LINE_MOST_MM * PX_PER_MM), round(CLEAR_MM * PX_PER_MM)
    ink = column[: thick + room] > 0
    end = len(ink) if ink.all() else int(ink.argmin())
    return end <= thick and not ink[end : end + room].any()


def _rectangle(mask: NDArray[np.uint8]) -> float:
    whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((CLOSE_PX, CLOSE_PX), np.uint8))
    outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    shares = [0.0]
    for outline in outlines:
        hull = cv2.convexHull(outline)
        _, (width, height), _ = cv2.minAreaRect(hull)
        if max(width, height) >= FRAME_LEAST_MM * PX_PER_MM:
            shares.append(cv2.contourArea(hull) / ((width + PADDING_PX) * (height + PADDING_PX)))
    return max(shares)
