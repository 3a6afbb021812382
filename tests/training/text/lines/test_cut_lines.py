"""Which cut line shows which row."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.text.lines.ink_line import InkLine, cut_line
from pads.simulate.printed_slips import px
from schemas.geometry import BoxMm
from training.text.hands.rows import Row
from training.text.lines.cut_lines import PlacedRow, match_lines

BOX = BoxMm(10.0, 20.0, 60.0, 12.0)
SHAPE = (400, 700)  # of a registered slip at 200 dpi


def _row(text: str, left: int, top: int, lean: int) -> PlacedRow:
    """Strokes, one a letter, at 300 dpi."""
    ink = np.zeros((60, 24 * len(text)), np.uint8)
    for at in range(len(text)):
        cv2.line(ink, (24 * at + 6, 6), (24 * at + 6 + lean, 50), 255, 4)
    return PlacedRow(Row(text, ink, 50.0), px(BOX), left, top)


def _pen(*rows: PlacedRow) -> NDArray[np.uint8]:
    """The slip's ink with the rows as they were written."""
    whole = np.zeros((600, 1050), np.uint8)
    for row in rows:
        high, wide = row.row.ink.shape
        part = whole[row.top : row.top + high, row.left : row.left + wide]
        np.maximum(part, row.row.ink, out=part)
    return np.asarray(cv2.resize(whole, SHAPE[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _line(ink: NDArray[np.uint8]) -> InkLine:
    found = cut_line(ink, np.zeros_like(ink), (0, 0))
    assert found is not None
    return found


FIRST, SECOND = _row("no lifting", 150, 245, 6), _row("fall risk", 150, 320, 14)


def test_each_line_gets_the_text_of_its_own_row() -> None:
    """The reader may find one line of two, or find them in another order than they were written."""
    pen = _pen(FIRST, SECOND)
    lines = [_line(_pen(SECOND)), _line(_pen(FIRST))]
    found = match_lines(lines, [FIRST, SECOND], pen, BOX)
    assert [cut.text for cut in found] == ["fall risk", "no lifting"]
    assert all(cut.is_whole for cut in found)


def test_a_line_that_lost_its_end_is_not_whole() -> None:
    """Letters outside the picture cannot be read; learning to write them all the same is learning to invent."""
    pen = _pen(FIRST)
    ink = pen.copy()
    ink[:, 200:] = 0
    (cut,) = match_lines([_line(ink)], [FIRST], pen, BOX)
    assert cut.covered < 0.9
    assert not cut.is_whole


def test_two_lines_in_one_are_not_whole() -> None:
    """Only the text of one of them would be the label."""
    pen = _pen(FIRST, SECOND)
    (cut,) = match_lines([_line(pen)], [FIRST, SECOND], pen, BOX)
    assert cut.foreign > 0.3
    assert not cut.is_whole


def test_ink_that_nobody_wrote_there_has_no_text() -> None:
    """The end of a rule or a speck of dust is cut as a line too."""
    pen = np.zeros(SHAPE, np.uint8)
    pen[180:190, 400:420] = 255
    assert match_lines([_line(pen)], [FIRST], pen, BOX) == []
