"""Small shapes are counted, a reader of print sees the ink alone, and its words can be taken away."""

import cv2
import numpy as np

from ocr.ink import relative_ink
from ocr.recognizers.printed_words import PrintedWord
from ocr.scale import PX_PER_MM, px_box
from ocr.signature.printed import ENLARGED, find_small_shapes, print_room, print_views, without_words
from ocr.streaks import NO_LINES
from tests.ocr.paper import design, slip, template

TEMPLATE = template()
ROOM = print_room(design().signature.box_mm)


def mm(length: float) -> int:
    return round(length * PX_PER_MM)


def test_letters_are_small_shapes_and_long_strokes_are_not() -> None:
    """A signature is one long stroke or a few; a stamp is dozens of small ones."""
    ink = np.zeros((mm(12), mm(50)), np.uint8)
    for number in range(7):
        ink[mm(3) : mm(5), mm(2 + 3 * number) : mm(3.5 + 3 * number)] = 255
    ink[mm(8) : mm(8.5), mm(2) : mm(40)] = 255
    ink[mm(1), mm(1)] = 255
    found = find_small_shapes(ink)
    assert found.count == 7
    assert abs(found.tallest_mm - 2) < 0.2
    assert find_small_shapes(np.zeros((5, 5), np.uint8)).tallest_mm == 0


def test_the_form_s_own_words_are_not_shown_to_the_reader_of_print() -> None:
    """Its label would be found on every slip."""
    registered = cv2.resize(slip(), TEMPLATE.print_reach.shape[::-1], interpolation=cv2.INTER_AREA)
    ink = relative_ink(np.asarray(registered, np.uint8), TEMPLATE.solid_mm)
    for view in print_views(ink, NO_LINES, TEMPLATE):
        assert view.shape == (2 * (px_box(ROOM)[3] - px_box(ROOM)[1]), 2 * (px_box(ROOM)[2] - px_box(ROOM)[0]))
        assert view.min() > 200


def test_the_ink_of_words_is_taken_away_and_no_other() -> None:
    """What is left may be a signature; a word as tall as the room was read into one."""
    left, top, right, bottom = px_box(ROOM)
    ink = np.zeros((mm(TEMPLATE.design.height_mm), mm(TEMPLATE.design.width_mm)), np.uint8)
    ink[top:bottom, left:right] = 255
    word = PrintedWord("Doe", 0.9, ENLARGED * mm(10), ENLARGED * mm(2), ENLARGED * mm(8), ENLARGED * mm(3))
    tall = PrintedWord("Bins", 0.7, ENLARGED * mm(20), 0, ENLARGED * mm(9), ENLARGED * mm(8))
    rest = without_words(ink, [word, tall], TEMPLATE)
    assert not rest[top + mm(2) : top + mm(5), left + mm(10) : left + mm(18)].any()
    gone = np.count_nonzero(ink) - np.count_nonzero(rest)
    assert mm(8) * mm(3) <= gone <= mm(9) * mm(4)
