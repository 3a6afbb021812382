"""Lines through writing."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.scale import PX_PER_MM
from ocr.text.lines.ink_line import InkLine
from ocr.text.lines.strikes import has_straight_run, is_hand_struck, is_line_struck
from pads.simulate.pen.fonts import face, handwriting_named


def _line(hand: str) -> NDArray[np.uint8]:
    """A typed line cut tight."""
    picture = Image.new("L", (900, 60), 255)
    ImageDraw.Draw(picture).text(
        (5, 40), "L rotator cuff repair", fill=0, font=face(handwriting_named(hand), 20), anchor="ls"
    )
    ink = np.asarray(picture)
    rows, columns = np.flatnonzero((ink < 255).any(axis=1)), np.flatnonzero((ink < 255).any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()


def _cut(picture: NDArray[np.uint8], rule_px: int | None = None) -> InkLine:
    return InkLine(picture, 0, 0, 40.0, picture, rule_px)


@pytest.mark.parametrize("hand", ["typed", "cousine", "tinos"])
def test_typed_words_with_a_line_through_them_are_struck_out(hand: str) -> None:
    """Every letter can still be read, and none of it is meant: through all of it, through one word, or slanted."""
    for start, end, low in ((0.0, 1.0, 0.0), (0.3, 0.7, 0.0), (0.1, 0.9, 0.15)):
        struck = _line(hand)
        assert not is_line_struck(_cut(struck))
        high, wide = struck.shape
        points = [(int(start * wide), int((0.5 - low) * high)), (int(end * wide), int((0.5 + low) * high))]
        cv2.line(struck, points[0], points[1], 40, 3, cv2.LINE_AA)
        assert is_line_struck(_cut(struck))


def test_a_rule_under_the_words_strikes_nothing_out() -> None:
    """Who underlines a word means it all the more."""
    line = np.pad(_line("typed"), ((0, 6), (0, 0)), constant_values=255)
    line[-3:] = 0
    assert not is_line_struck(_cut(line))


def test_letters_that_a_rest_of_their_rule_joins_are_not_struck_out_and_a_line_above_it_strikes() -> None:
    """Who writes on the rule is not asked whether it was meant, and who strikes it out is."""
    line = np.pad(_line("typed"), ((0, 14), (0, 0)), constant_values=255)
    high, wide = line.shape
    rule = high - 16
    line[rule : rule + 3, round(0.1 * wide) : round(0.9 * wide)] = 0
    assert is_hand_struck(_cut(line))
    assert not is_line_struck(_cut(line, rule))
    assert not is_hand_struck(_cut(line, rule))
    cv2.line(line, (0, rule // 2), (wide, rule // 2), 40, 3, cv2.LINE_AA)
    assert is_hand_struck(_cut(line, rule))


def test_a_run_is_straight_within_the_wavering_of_a_hand() -> None:
    """Three rows of pixels up or down are a pen's line, a zigzag is not."""
    least = round(10 * PX_PER_MM)
    for rise, straight in ((0, True), (2, True), (20, False)):
        mask = np.zeros((60, 200), np.uint8)
        for x in range(0, 200, 10):
            cv2.line(mask, (x, 20 + rise * (x // 10 % 2)), (x + 10, 20 + rise * ((x // 10 + 1) % 2)), 255, 2)
        assert has_straight_run(mask, least) is straight
