"""Lines on clean paper."""

from itertools import islice

import numpy as np
import pytest

from ocr.recognizers.ppocr import LINE_HEIGHT_PX, PpOcr
from ocr.text.confidence.judge import likeness
from training.text.gather_lines import Hands, hands_of
from training.text.hands.fonts import find_fonts
from training.text.hands.people import person_hands
from training.text.hands.strokes import PenWriter
from training.text.lines.shards import NATURAL, LabeledLine
from training.text.loose_lines import loose_lines, natural_hands, natural_lines

LINES = 8


@pytest.fixture(scope="module")
def hands() -> Hands:
    """Two of refpad's own handwritings."""
    fonts = {name: file for name, file in find_fonts(None).items() if name in ("kalam", "patrick-hand")}
    return hands_of("train", fonts, {})


@pytest.fixture(scope="module")
def lines(hands: Hands) -> list[LabeledLine]:
    """The first lines of a shard."""
    return list(islice(loose_lines(hands, "train", 0), LINES))


def test_a_line_says_what_its_picture_shows(lines: list[LabeledLine]) -> None:
    """Neat fonts are read by anybody: were the labels another line's, hardly a letter would be the same."""
    seen = PpOcr().recognize([line.picture for line in lines])
    alike = [likeness(line.text.casefold(), found.text.casefold()) for line, found in zip(lines, seen, strict=True)]
    assert np.median(alike) > 0.8
    assert all(line.picture.shape[0] == LINE_HEIGHT_PX for line in lines)


def test_the_same_number_gives_the_same_lines(hands: Hands, lines: list[LabeledLine]) -> None:
    """Weights that nobody can make again cannot be answered for; another number gives others."""
    again = list(islice(loose_lines(hands, "train", 0), LINES))
    assert all(np.array_equal(one.picture, other.picture) for one, other in zip(lines, again, strict=True))
    others = [line.text for line in islice(loose_lines(hands, "train", 1), LINES)]
    assert others != [line.text for line in lines]


def test_ordinary_english_is_what_people_wrote_and_fonts_repeat_it(hands: Hands, writer: PenWriter) -> None:
    """Nothing is spelled from letters here: how letters join is what these lines are for."""
    people = person_hands({"abc/anna": writer, "abc/ben": PenWriter(words=writer.words)})
    found = list(islice(natural_lines(natural_hands(people, hands.fonts), "train", 0), 24))
    said = {(line.writer, line.text.casefold()) for line in found}
    assert {text for name, text in said if name == "abc/anna"} == {"mum mum"}
    assert {text for name, text in said if name == "abc/ben"} == {"nun"}
    assert "mum mum" in {text for name, text in said if name in hands.fonts}
    assert {line.channel for line in found} == {NATURAL}


def test_without_people_fonts_write_the_fields_phrases(hands: Hands) -> None:
    """Whoever doubts UNIPEN's license trains without it."""
    found = list(islice(natural_lines(natural_hands({}, hands.fonts), "train", 0), 4))
    assert {line.source for line in found} == {"font"}
