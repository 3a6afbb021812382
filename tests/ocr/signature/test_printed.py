"""Small shapes are counted, a reader of print sees the ink alone, and its words can be taken away."""

import cv2
import numpy as np
import pytest

from ocr.ink import relative_ink
from ocr.recognizers.printed_words import PrintedWord
from ocr.scale import PX_PER_MM, px_box
from ocr.signature.printed import (
    ENLARGED,
    View,
    find_small_shapes,
    print_room,
    print_views,
    without_words,
    words_here,
)
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
        assert view.picture.shape == (2 * (px_box(ROOM)[3] - px_box(ROOM)[1]), 2 * (px_box(ROOM)[2] - px_box(ROOM)[0]))
        assert view.picture.min() > 200


def askew(degrees: float) -> np.ndarray:
    """The ink of a slip with a row of bars through the middle of the room, falling by so many degrees."""
    ink = np.zeros(TEMPLATE.print_reach.shape, np.uint8)
    x, y = design().signature.box_mm.center
    for number in range(-6, 7):
        along = 2.2 * number * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        left, top = mm(x + along[0] - 0.5), mm(y + along[1] - 1)
        ink[top : top + mm(2), left : left + mm(1)] = 255
    return ink


@pytest.mark.parametrize("degrees", [-18, 18])
def test_rows_that_run_askew_are_shown_level_too(degrees: float) -> None:
    """A reader of print bears some 5 degrees; what it finds is led back to its place on the slip."""
    level, turned = (
        [view for view in print_views(askew(degrees), NO_LINES, TEMPLATE) if view.is_turned is way]
        for way in (False, True)
    )
    assert level
    assert turned
    rows = np.flatnonzero((turned[0].picture < 100).any(axis=1))
    assert np.ptp(rows) < ENLARGED * mm(4.5)
    middle = (np.array(turned[0].picture.shape[::-1]) / 2).round().astype(int)
    word = PrintedWord("x", 0.9, int(middle[0]) - 10, int(rows.mean()) - 10, 20, 20)
    at = turned[0].corners_px(word, 0.0).mean(axis=0) / PX_PER_MM
    x, y = design().signature.box_mm.center
    assert abs((at[1] - y) * np.cos(np.radians(degrees)) - (at[0] - x) * np.sin(np.radians(degrees))) < 1.0
    assert not any(view.is_turned for view in print_views(askew(0), NO_LINES, TEMPLATE))


def test_words_of_the_fields_around_are_left_to_them() -> None:
    """Turned level, more is shown than the room: the provider's name above it, the date beside it."""
    view = View(np.zeros((9, 9), np.uint8), np.array([[1.0, 0, 0], [0, 1, 0]]))
    left, top, right, bottom = px_box(ROOM)
    inside = PrintedWord("Doe", 0.9, left + 5, top + 5, 40, 20)
    above, beside = (
        PrintedWord("Roe", 0.9, left, top - 60, 40, 20),
        PrintedWord("11", 0.9, right + 20, bottom - 20, 9, 9),
    )
    assert words_here(view, [above, inside, beside], TEMPLATE) == (inside,)


def test_a_word_across_the_rule_is_shown_whole() -> None:
    """Cut along the rule, its letters cannot be read; the rule itself is not shown."""
    registered = cv2.resize(slip(), TEMPLATE.print_reach.shape[::-1], interpolation=cv2.INTER_AREA)
    ink = relative_ink(np.asarray(registered, np.uint8), TEMPLATE.solid_mm)
    rule = design().signature.box_mm
    for number in range(10):
        left = mm(rule.x + 3 + 2 * number)
        ink[mm(rule.bottom - 1.2) : mm(rule.bottom + 0.8), left : left + mm(0.5)] = 255
    shown = [view.picture < 100 for view in print_views(ink, NO_LINES, TEMPLATE)]
    row = ENLARGED * (mm(rule.bottom) - px_box(ROOM)[1])
    cut, _, whole = (view[row - 4 : row + 4].mean() for view in shown[:3])
    assert cut == 0
    assert 0.03 < whole < 0.35


def test_the_ink_of_words_is_taken_away_and_no_other() -> None:
    """What is left may be a signature; a word as tall as the room was read into one."""
    left, top, right, bottom = px_box(ROOM)
    ink = np.zeros((mm(TEMPLATE.design.height_mm), mm(TEMPLATE.design.width_mm)), np.uint8)
    ink[top:bottom, left:right] = 255
    word = PrintedWord("Doe", 0.9, ENLARGED * mm(10), ENLARGED * mm(2), ENLARGED * mm(8), ENLARGED * mm(3))
    tall = PrintedWord("Bins", 0.7, ENLARGED * mm(20), 0, ENLARGED * mm(9), ENLARGED * mm(8))
    rest = without_words(ink, [(print_views(ink, NO_LINES, TEMPLATE)[0], [word, tall])])
    assert not rest[top + mm(2) : top + mm(5), left + mm(10) : left + mm(18)].any()
    gone = np.count_nonzero(ink) - np.count_nonzero(rest)
    assert mm(8) * mm(3) <= gone <= mm(9) * mm(4)
