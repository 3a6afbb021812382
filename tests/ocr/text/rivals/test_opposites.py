"""A word that says the opposite with a letter or two goes to a person where the ink does not tell it."""

from datetime import date

import numpy as np
import pytest

from ocr.language.fields import Languages
from ocr.text.confidence.judge import DOUBT
from ocr.text.field_reader import WordFieldReader
from ocr.text.line_decoder import read_line
from ocr.text.lines.ink_line import InkLine
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.rivals.opposites import near_opposite
from tests.ocr.text.rivals.drawn_lines import NOTHING, seen_line

LANGUAGES = Languages()
PHRASES = LANGUAGES.of("text")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_of_with_and_without_the_other_is_told_where_the_o_is_faint(share: float) -> None:
    """What people write expects "gait w/ walker" so much that a clear "o" was dropped, and passed."""
    line = read_line([seen_line("gait w/o walker", {7: {"o": share, NOTHING: 1 - share}})], PHRASES)
    assert {line.best.text, near_opposite(line)} == {"gait w/o walker", "gait w/ walker"}


@pytest.mark.parametrize(
    ("text", "torn", "other"),
    [
        ("l knee oa", {0: {"l": 0.9, "r": 0.1}}, "r knee oa"),
        ("knee oa r > l", {12: {"l": 0.9, "r": 0.1}}, "knee oa r > r"),
        ("rle weakness", {0: {"r": 0.95, "l": 0.05}}, "lle weakness"),
        ("hypotension", {3: {"o": 0.8, "e": 0.2}, 4: {"t": 0.8, "r": 0.2}}, None),
        ("hip abd", {5: {"b": 0.9, "d": 0.1}}, "hip add"),
        ("no er x 6 wks", {3: {"e": 0.95, "i": 0.05}}, "no ir x 6 wks"),
    ],
)
def test_an_opposite_that_the_ink_may_show_is_told(
    text: str, torn: dict[int, dict[str, float]], other: str | None
) -> None:
    """The left is not the right; an opposite of which the ink lacks letters is none."""
    line = read_line([seen_line(text, torn)], PHRASES)
    assert {line.best.text, near_opposite(line)} == {text, other}


@pytest.mark.parametrize(
    "text", ["gait w/o walker", "gait w/ walker", "w/u for falls", "l knee oa", "hypertension", "hip abd", "incr. rom"]
)
def test_a_clear_word_is_no_doubt(text: str) -> None:
    """Whoever is asked about them laughs."""
    line = read_line([seen_line(text)], PHRASES)
    assert line.best.text == text
    assert near_opposite(line) is None


def test_a_field_with_one_goes_to_a_person_who_is_offered_it() -> None:
    """However sure its words are: the patient falls without her walker."""
    picture = np.full((40, 200), 255, np.uint8)
    ink = FieldInk((InkLine(picture, 0, 0, 40.0, picture),), 0.0, torn=False)
    readings = []
    for share in (0.001, 0.9):
        field = WordFieldReader("goals", ink, "text")
        field.add("ppocr", [seen_line("gait w/o walker", {7: {"o": share, NOTHING: 1 - share}})], LANGUAGES)
        readings.append(field.judge(date(2026, 10, 14), "US", LANGUAGES))
    clear, doubted = readings
    assert clear.value == doubted.value == "gait w/ walker"
    assert doubted.confidence <= DOUBT < clear.confidence
    assert "gait w/o walker" in [candidate.value for candidate in doubted.candidates]
