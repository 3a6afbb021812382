"""Cut a comb field's ink into its cells, one picture a cell, as the reader of single digits takes them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.recognizers.cell_digits import CELL_PX, DIGIT_PX
from ocr.scale import PX_PER_MM, px_box
from ocr.text.lines.segment_lines import Edges, FieldInk
from schemas.pad import CombField, cell_boxes_mm

_PAPER = 255
# A stroke of which this share lies in a second cell is two digits that touch: it is cut between the cells. A digit that
# leans over its cell's side has less of itself beyond it.
TOUCHING_SHARE = 0.25
# Rests of a cell's printed sides and of the rule at its foot lie so near to them; a speck is smaller than this share of
# the cell's largest stroke.
COMB_NEAR_MM, SPECK_SHARE = 0.6, 0.08


def cut_cells(found: FieldInk, field: CombField) -> NDArray[np.uint8]:
    """The ink of each of the field's cells, (cells, CELL_PX, CELL_PX): 0 paper to 255 black, set to one size.

    A stroke goes whole to the cell in which most of it lies. A cell without ink is all 0.
    """
    cells = [px_box(cell) for group in cell_boxes_mm(field) for cell in group]
    cut = np.zeros((len(cells), CELL_PX, CELL_PX), np.uint8)
    for number, ink in enumerate(_parted(found, cells)):
        cut[number] = _set_to_size(ink)
    return cut


def _parted(found: FieldInk, cells: Sequence[Edges]) -> Iterator[NDArray[np.uint8]]:
    """The ink of each of `cells` on the field's line, (H, W) as the line; nothing without a line."""
    if not found.lines:
        return
    line = found.lines[0]
    edges = [(left[2] + right[0]) // 2 - line.left_px for left, right in pairwise(cells)]
    ink = np.asarray(_PAPER - line.picture, np.uint8)
    owner = _owners(ink, edges)
    yield from (np.where(owner == number, ink, 0).astype(np.uint8) for number in range(len(cells)))


def cut_clear_of_comb(found: FieldInk, field: CombField) -> NDArray[np.uint8]:
    """The same cells without rests of print: strokes that lie next to their sides and rule for their whole length.

    It is for a second look alone: the foot of a 2 may be parted from it, and is then lost.
    """
    cells = [px_box(cell) for group in cell_boxes_mm(field) for cell in group]
    cut = np.zeros((len(cells), CELL_PX, CELL_PX), np.uint8)
    for number, ink in enumerate(_parted(found, cells)):
        left, _, right, bottom = cells[number]
        line, near = found.lines[0], round(COMB_NEAR_MM * PX_PER_MM)
        inside = left + near - line.left_px, right - near - line.left_px, bottom - near - line.top_px
        cut[number] = _set_to_size(_without_rests(ink, *inside))
    return cut


def _without_rests(ink: NDArray[np.uint8], left: int, right: int, bottom: int) -> NDArray[np.uint8]:
    """The ink without strokes that stay outside of the cell's inner part, and without specks beside a digit."""
    strokes, stats, _ = find_parts((ink > 0).astype(np.uint8))
    x, y, wide, _, areas = stats.T
    rests = (x + wide <= left) | (x >= right) | (y >= bottom) | (areas < SPECK_SHARE * areas[1:].max(initial=0))
    return np.asarray(np.where(rests[strokes], 0, ink), np.uint8)


def _owners(ink: NDArray[np.uint8], edges: list[int]) -> NDArray[np.intp]:
    """The cell of each pixel of `ink` (H, W), whose cells meet at the columns `edges`; -1 for paper."""
    count, strokes = cv2.connectedComponents((ink > 0).astype(np.uint8), connectivity=8)
    by_column, cells = np.searchsorted(edges, np.arange(ink.shape[1]), side="right"), len(edges) + 1
    places = (strokes * cells + by_column).ravel()
    shares = np.bincount(places, minlength=count * cells).reshape(count, cells).astype(np.float64)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    touching = (shares >= TOUCHING_SHARE).sum(axis=1) > 1
    owner = np.where(touching[strokes], by_column[None, :], shares.argmax(axis=1)[strokes])
    return np.where(strokes > 0, owner, -1)


def _set_to_size(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink in the middle of a picture of (CELL_PX, CELL_PX), its longer side DIGIT_PX, its sides in proportion."""
    picture = np.zeros((CELL_PX, CELL_PX), np.uint8)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return picture
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = DIGIT_PX / max(tight.shape)
    high, wide = (max(1, round(side * scale)) for side in tight.shape)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    top, left = (CELL_PX - high) // 2, (CELL_PX - wide) // 2
    picture[top : top + high, left : left + wide] = cv2.resize(tight, (wide, high), interpolation=method)
    return picture
