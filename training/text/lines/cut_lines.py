"""Which of the reader's cut lines shows which written row, and whether it shows all of it and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.ink import thicken
from ocr.scale import REGISTERED_DPI, px_box
from ocr.text.lines.ink_line import EDGE_PX, InkLine
from pads.simulate.printed_slips import PAPER_DPI
from pads.simulate.strokes import Box, Mask
from schemas.geometry import BoxMm
from training.text.hands.rows import Row

# Rows of writing reach no further than this beyond their field.
AROUND_MM = 7.0
# Registration and channels move ink by up to this much.
NEAR_MM = 0.5
INK_LEAST = 100  # of 255, on the drawn mask
# A cut line is one to learn from when it has this much of its row, and no more than this of anything else.
COVERED_LEAST, FOREIGN_MOST = 0.9, 0.12


@dataclass(frozen=True, eq=False)
class PlacedRow:
    """A row as it was written in the field whose box is `room`, its picture's corner at `left`, `top` of the slip, in
    pixels at 300 dpi.
    """

    row: Row
    room: Box
    left: int
    top: int


@dataclass(frozen=True, eq=False)
class CutLine:
    """A line as the reader cut it, and the text of the row that it shows; `covered` is the share of the row's ink that
    lies on the line's, `foreign` the share of the line's that lies on nothing of the row.
    """

    line: InkLine
    text: str
    covered: float
    foreign: float

    @property
    def is_whole(self) -> bool:
        """Whether it shows all of its row, and hardly anything else."""
        return self.covered >= COVERED_LEAST and self.foreign <= FOREIGN_MOST


def match_lines(
    lines: Sequence[InkLine], rows: Sequence[PlacedRow], pen: NDArray[np.uint8], box: BoxMm
) -> list[CutLine]:
    """Each line that was cut from the field at `box` with the row of which it shows most.

    `pen` (H, W) is the slip's ink that the lines were cut from.
    """
    _, above_px, _, below_px = px_box(box.grown(AROUND_MM))
    above_px = max(above_px, 0)
    pen = pen[above_px:below_px]
    drawn = [_on_slip(row, pen.shape, above_px) for row in rows]
    found = []
    for line in lines:
        ink = _found_again(line, pen)
        near = thicken(ink, NEAR_MM)
        shares = [_share(row, near) for row in drawn]
        if shares and max(shares) > 0:
            best = int(np.argmax(shares))
            foreign = 1 - _share(ink, thicken(drawn[best], NEAR_MM))
            found.append(CutLine(line, rows[best].row.text, max(shares), foreign))
    return found


def _share(mask: Mask, other: Mask) -> float:
    """How much of the mask lies on the other."""
    return int(np.count_nonzero(mask & other)) / max(int(np.count_nonzero(mask)), 1)


def _on_slip(row: PlacedRow, shape: tuple[int, ...], above_px: int) -> Mask:
    """The row's ink on the registered slip below its first `above_px` rows, 0 or 255."""
    scale = REGISTERED_DPI / PAPER_DPI
    move = np.array([[scale, 0, row.left * scale], [0, scale, row.top * scale - above_px]])
    moved = cv2.warpAffine(row.row.ink, move, (shape[1], shape[0]), flags=cv2.INTER_AREA)
    return np.where(moved > INK_LEAST, np.uint8(255), np.uint8(0))


def _found_again(line: InkLine, pen: NDArray[np.uint8]) -> Mask:
    """Where on the slip the line's ink was cut, 0 or 255: its column is known, its row is where it fits."""
    ink = (255 - line.picture)[EDGE_PX:-EDGE_PX, EDGE_PX:-EDGE_PX]
    left = line.left_px + EDGE_PX
    band = np.ascontiguousarray(pen[:, left : left + ink.shape[1]])
    apart = cv2.matchTemplate(band, ink, cv2.TM_SQDIFF, mask=(ink > 0).astype(np.uint8))
    top = int(np.argmin(apart[:, 0]))
    found = np.zeros(pen.shape, np.uint8)
    found[top : top + ink.shape[0], left : left + ink.shape[1]] = np.where(ink > 0, 255, 0)
    return found
