"""Lines on clean paper."""

from itertools import islice

import numpy as np
import pytest

from ocr.recognizers.ppocr import LINE_HEIGHT_PX, PpOcr
from ocr.text.judge import likeness
from training.text.fonts import find_fonts
from training.text.gather_lines import Hands, hands_of
from training.text.loose_lines import loose_lines
from training.text.shards import LabelledLine

LINES = 8


@pytest.fixture(scope="module")
def hands() -> Hands:
    """Two of refpad's own handwritings."""
    fonts = {name: file for name, file in find_fonts(None).items() if name in ("kalam", "patrick-hand")}
    return hands_of("train", fonts, {})


@pytest.fixture(scope="module")
def lines(hands: Hands) -> list[LabelledLine]:
    """The first lines of a shard."""
    return list(islice(loose_lines(hands, "train", 0), LINES))


def test_a_line_says_what_its_picture_shows(lines: list[LabelledLine]) -> None:
    """Neat fonts are read by anybody: were the labels another line's, hardly a letter would be the same."""
    seen = PpOcr().recognize([line.picture for line in lines])
    alike = [likeness(line.text.casefold(), found.text.casefold()) for line, found in zip(lines, seen, strict=True)]
    assert np.median(alike) > 0.8
    assert all(line.picture.shape[0] == LINE_HEIGHT_PX for line in lines)


def test_the_same_number_gives_the_same_lines(hands: Hands, lines: list[LabelledLine]) -> None:
    """Weights that nobody can make again cannot be answered for; another number gives others."""
    again = list(islice(loose_lines(hands, "train", 0), LINES))
    assert all(np.array_equal(one.picture, other.picture) for one, other in zip(lines, again, strict=True))
    others = [line.text for line in islice(loose_lines(hands, "train", 1), LINES)]
    assert others != [line.text for line in lines]
