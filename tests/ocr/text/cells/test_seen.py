"""What is seen in a field's cells, and which of them are looked at again."""

import cv2
import numpy as np
import pytest

from ocr.recognizers.cell_digits import NO_DIGIT
from ocr.scale import px_box
from ocr.text.cells import seen
from ocr.text.cells.seen import SeenCells
from ocr.text.lines.segment_lines import FieldInk, field_ink
from schemas.geometry import BoxMm
from schemas.pad import CombField, FieldKind, cell_boxes_mm

PHONE = CombField(name="phone", label="Phone", kind=FieldKind.PHONE, box_mm=BoxMm(5, 5, 50, 7), cells=(3, 3, 4))
CELLS = [px_box(cell) for group in cell_boxes_mm(PHONE) for cell in group]


def _ones(*, crossed: int | None = None) -> FieldInk:
    """A 1 in each cell; the one that is `crossed` has a scribble over it."""
    ink = np.zeros((160, 480), np.uint8)
    for number, (left, top, right, bottom) in enumerate(CELLS):
        middle = (left + right) // 2
        cv2.line(ink, (middle, top + 12), (middle, bottom - 10), 220, 4)
        if number == crossed:
            for row in range(top + 14, bottom - 12, 6):
                cv2.line(ink, (left + 4, row), (right - 4, row + 5), 220, 3)
    return field_ink(ink, PHONE)


def test_each_used_cell_is_seen() -> None:
    """A number stands in the first of its cells; the empty ones behind it are no digits."""
    assert SeenCells(_ones(), PHONE, range(10)).chances.shape == (10, NO_DIGIT + 1)
    assert SeenCells(_ones(), PHONE, [0, 1, 2]).chances.shape == (3, NO_DIGIT + 1)


def test_a_scribbled_cell_holds_no_digit_however_often_one_looks() -> None:
    """What is meant is in the writer's head alone."""
    assert SeenCells(_ones(crossed=4), PHONE, range(10)).holds_no_digit


def test_cells_that_leave_no_doubt_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look takes time, and nearly all cells are clear."""
    monkeypatch.setattr(seen, "cut_clear_of_comb", None)
    assert not SeenCells(_ones(), PHONE, range(10)).holds_no_digit
