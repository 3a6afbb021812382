"""A comb field's ink, cell by cell."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.recognizers.cell_digits import CELL_PX, DIGIT_PX
from ocr.scale import PX_PER_MM, px_box
from ocr.text.cells.cut_cells import cut_cells, cut_clear_of_comb
from ocr.text.lines.segment_lines import FieldInk, field_ink
from schemas.geometry import BoxMm
from schemas.pad import CombField, FieldKind, cell_boxes_mm

DATE = CombField(
    name="signed_on", label="Date", kind=FieldKind.DATE, box_mm=BoxMm(5, 5, 40, 7), cells=(2, 2, 2), separator="/"
)
CELLS = [px_box(cell) for group in cell_boxes_mm(DATE) for cell in group]
WIDE = CELLS[0][2] - CELLS[0][0]


def _ink(*strokes: tuple[float, float, float]) -> FieldInk:
    """Upright strokes of 3 mm: which cell, and how far along its width each begins and ends at the foot."""
    ink = np.zeros((160, 400), np.uint8)
    for cell, top_at, foot_at in strokes:
        left, top, _, bottom = CELLS[int(cell)]
        middle, reach = (top + bottom) // 2, round(1.5 * PX_PER_MM)
        ends = [(round(left + top_at * WIDE), middle - reach), (round(left + foot_at * WIDE), middle + reach)]
        cv2.line(ink, *ends, 200, 3)
    return field_ink(ink, DATE)


def _filled(cut: NDArray[np.uint8]) -> set[int]:
    return set(np.flatnonzero(cut.any(axis=(1, 2))).tolist())


@given(st.sets(st.integers(0, 5)))
def test_each_stroke_is_in_the_cell_it_was_written_in(filled: set[int]) -> None:
    """A digit in its neighbor's cell would be another number; an empty cell shows nothing."""
    cut = cut_cells(_ink(*((cell, 0.5, 0.5) for cell in filled)), DATE)
    assert cut.shape == (6, CELL_PX, CELL_PX)
    assert _filled(cut) == filled


@pytest.mark.parametrize("reach", [1.02, 1.06, -0.02, -0.06])
def test_a_stroke_that_leans_out_of_its_cell_stays_whole(reach: float) -> None:
    """People's ones and sevens lean over the printed side; a foot in the next cell must not make a digit there."""
    near = 0.6 if reach > 0 else 0.4
    cut = cut_cells(_ink((2, near, reach)), DATE)
    assert _filled(cut) == {2}
    rows = np.flatnonzero(cut[2].any(axis=1))
    assert rows[-1] - rows[0] + 1 == DIGIT_PX


def test_digits_that_touch_are_parted_between_their_cells() -> None:
    """Two digits joined by a stroke are one connected shape; each cell gets its own half."""
    touching = _ink((2, 0.5, 0.5), (3, 0.5, 0.5), (2, 0.5, 1.5))
    assert _filled(cut_cells(touching, DATE)) == {2, 3}


def test_no_digit_is_stretched() -> None:
    """A one that filled its picture would be a blot, and wide digits would be as narrow as a seven."""
    picture = cut_cells(_ink((1, 0.5, 0.5)), DATE)[1]
    assert np.flatnonzero(picture.any(axis=0)).size <= DIGIT_PX // 4


def _with_rests(found_ink: NDArray[np.uint8], cell: int) -> NDArray[np.uint8]:
    """Dashes of the printed rule and a dot of the printed side, as a fax leaves them in a cell."""
    left, _, right, bottom = CELLS[cell]
    rests = found_ink.copy()
    rests[bottom - 2 : bottom, left + 8 : right - 8] = 200
    rests[bottom - 12 : bottom - 8, left + 1 : left + 4] = 200
    return rests


def test_rests_of_print_are_left_out_of_a_second_look_and_the_digit_stays() -> None:
    """Seen with them, a clear 8 is smaller, and looks like two digits."""
    ink = np.zeros((160, 400), np.uint8)
    left, top, right, bottom = CELLS[1]
    cv2.ellipse(ink, ((left + right) // 2, (top + bottom) // 2), (7, 14), 0, 0, 360, 200, 3)
    clean = cut_cells(field_ink(ink, DATE), DATE)[1]
    dirty = field_ink(_with_rests(ink, 1), DATE)
    assert not np.array_equal(cut_cells(dirty, DATE)[1], clean)
    np.testing.assert_array_equal(cut_clear_of_comb(dirty, DATE)[1], clean)


def test_a_stroke_that_leaves_the_print_behind_stays() -> None:
    """A line through a digit crosses the printed sides: it is nobody's rest."""
    crossed = _ink((2, 0.5, 0.5), (2, -0.2, 1.2))
    np.testing.assert_array_equal(cut_clear_of_comb(crossed, DATE), cut_cells(crossed, DATE))
