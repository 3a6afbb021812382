"""Rows of small shapes are found whichever way they run, and looked at level."""

import cv2
import numpy as np
import pytest

from ocr.scale import PX_PER_MM
from ocr.signature.rows import measure_rows, rows_turn_deg, turned


def letters(degrees: float = 0.0) -> np.ndarray:
    """Two rows of twelve bars, 2 mm high, that fall to the right by so many degrees."""
    ink = np.zeros((round(14 * PX_PER_MM), round(50 * PX_PER_MM)), np.uint8)
    for row in (3, 7):
        for number in range(12):
            left, top = round((4 + 3 * number) * PX_PER_MM), round(row * PX_PER_MM)
            ink[top : top + round(2 * PX_PER_MM), left : left + round(1.2 * PX_PER_MM)] = 255
    return turned(ink, -degrees)[0]


@pytest.mark.parametrize("degrees", [-25, -12, 0, 9, 18, 25])
def test_the_way_of_the_rows_is_found(degrees: float) -> None:
    """A stamp put down by hand lies as it falls; turned level its words can be read."""
    assert abs(rows_turn_deg(letters(degrees)) - degrees) <= 2


@pytest.mark.parametrize("degrees", [-20, 0, 20])
def test_parts_are_counted_and_measured_level(degrees: float) -> None:
    """Askew a letter is no taller than level, and the rows are as many."""
    rows = measure_rows(letters(degrees))
    assert rows.count == 24
    assert abs(rows.tallest_mm - 2) < 0.5
    assert rows.letter_share > 0.95


def test_a_long_stroke_is_no_row_of_letters() -> None:
    """A signature's ink lies in few long strokes."""
    ink = np.zeros((100, 400), np.uint8)
    cv2.polylines(ink, [np.array([[10, 80], [60, 10], [110, 85], [200, 20], [390, 60]])], False, 255, 4)
    rows = measure_rows(ink)
    assert rows.count <= 1
    assert rows.letter_share == 0
    assert rows_turn_deg(np.zeros((50, 80), np.uint8)) == 0
