"""A sign that carries a value is never dropped, added or changed unseen."""

from datetime import date

import numpy as np
import pytest

from ocr.language.fields import Languages
from ocr.text.confidence.judge import DOUBT
from ocr.text.field_reader import WordFieldReader
from ocr.text.line_decoder import read_line
from ocr.text.lines.ink_line import InkLine
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.rivals.signs import near_sign
from tests.ocr.text.rivals.drawn_lines import NOTHING, seen_line

LANGUAGES = Languages()
PHRASES = LANGUAGES.of("text")
# Each with a sign in it, and where.
SIGNED = (
    ("lbp >6 mos", 4),
    ("keep hr<120", 7),
    ("r >l", 2),
    ("grip 4+/5", 6),
    ("+slr l", 0),
    ("vit d +ca", 6),
    ("t-score -1.8", 8),
    ("rom 0-120", 5),
    ("a1c 7.8", 5),
    ("repair 9/12", 8),
    ("h&y stage 2", 1),
    ("ef 40%", 5),
    ("sit to stand x10", 13),
    ("walk 2x daily", 6),
)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
@pytest.mark.parametrize(("text", "at"), SIGNED)
def test_of_a_text_with_a_faint_sign_and_without_it_the_other_is_told(text: str, at: int, share: float) -> None:
    """What people write expects few signs, and a speck is none: "HR < 120" passed as "HR 120"."""
    line = read_line([seen_line(text, {at: {text[at]: share, NOTHING: 1 - share}})], PHRASES)
    said = {" ".join(one.split()) for one in (line.best.text, near_sign(line, PHRASES) or "")}
    assert said == {text, " ".join((text[:at] + text[at + 1 :]).split())}


@pytest.mark.parametrize(("text", "at"), SIGNED)
def test_a_clear_sign_is_no_doubt(text: str, at: int) -> None:
    """Most signs are as clear as letters."""
    line = read_line([seen_line(text, {at: {text[at]: 0.999, NOTHING: 0.001}})], PHRASES)
    assert line.best.text == text
    assert near_sign(line, PHRASES) is None


@pytest.mark.parametrize(
    ("text", "at", "other"),
    [("walk 1 mile w/o cane", 5, "/"), ("no lifting > 15 lbs", 13, "/"), ("t-score -1.8", 8, NOTHING)],
)
def test_what_nobody_would_read_so_is_no_doubt(text: str, at: int, other: str) -> None:
    """A stroke that is a digit there, and a sign that is expected and nearly clear: who is asked about them laughs."""
    line = read_line([seen_line(text, {at: {text[at]: 0.96, other: 0.04}})], PHRASES)
    assert line.best.text == text
    assert near_sign(line, PHRASES) is None


@pytest.mark.parametrize(("text", "at", "other"), [("pain < 3/10", 5, ">"), ("ef 40%", 5, "1"), ("grip 4+", 6, "-")])
def test_a_sign_that_may_be_another_one_or_a_digit_is_told(text: str, at: int, other: str) -> None:
    """Above is not below, and 40 % is not 401."""
    torn = read_line([seen_line(text, {at: {text[at]: 0.95, other: 0.05}})], PHRASES)
    assert torn.best.text == text
    assert near_sign(torn, PHRASES) == text[:at] + other + text[at + 1 :] or other.isdigit()


@pytest.mark.parametrize("share", [0.95, 0.98])
def test_a_digit_that_the_language_made_a_sign_of_is_told(share: float) -> None:
    """After "pain" it expects "<" so much that it overrides a clear 4: a lost digit is another value."""
    line = read_line([seen_line("pain 4 of 9", {5: {"4": share, "<": 1 - share}})], PHRASES)
    assert "pain 4 of 9" in (line.best.text, near_sign(line, PHRASES))


@pytest.mark.parametrize("text", ["hr 120", "no lifting 10 lbs", "monitor spo2 90%", "fall risk, hr 110"])
def test_a_number_before_which_people_write_a_sign_is_doubted_without_one(text: str) -> None:
    """Where the reader saw nothing at all of a thin stroke, nothing but what is expected tells."""
    assert (near_sign(read_line([seen_line(text)], PHRASES), PHRASES) or "").replace("< ", "").replace("> ", "") == text


@pytest.mark.parametrize(
    ("text", "torn"),
    [
        ("lbp x 6 wks", {}),
        ("s/p tka r 9/12", {}),
        ("walk 30 min without pain", {}),
        ("b/l knee oa, bmi 31", {}),
        ("post op", {4: {" ": 0.9, "-": 0.1}}),
        ("no lifting, ice", {10: {",": 0.6, ".": 0.4}}),
        ("fall risk", {}),
        ("", {}),
    ],
)
def test_what_carries_no_value_is_no_doubt_about_a_sign(text: str, torn: dict[int, dict[str, float]]) -> None:
    """A hyphen between words, or a comma, is another matter; doubts about everything teach to look at none."""
    assert near_sign(read_line([seen_line(text, torn)], PHRASES), PHRASES) is None


@pytest.mark.parametrize(("text", "at"), [("type 2 diabetes", 5), ("pain level 7", 11), ("knee oa r medial", 8)])
def test_a_sign_that_would_compare_nothing_is_no_doubt(text: str, at: int) -> None:
    """Nobody writes "type > diabetes"; a person who is asked about it learns not to look."""
    torn = read_line([seen_line(text, {at: {text[at]: 0.95, ">": 0.05}})], PHRASES)
    assert torn.best.text == text
    assert near_sign(torn, PHRASES) is None


def test_a_text_with_a_near_sign_goes_to_a_person_who_is_offered_it() -> None:
    """However sure its words are."""
    picture = np.full((40, 200), 255, np.uint8)
    ink = FieldInk((InkLine(picture, 0, 0, 40.0, picture),), 0.0, torn=False)
    readings = []
    for torn in ({}, {4: {">": 0.02, NOTHING: 0.98}}):
        field = WordFieldReader("diagnosis", ink, "text")
        field.add("ppocr", [seen_line("lbp >6 mos" if torn else "lbp 6 mos", torn)], LANGUAGES)
        readings.append(field.judge(date(2026, 10, 14), "US", LANGUAGES))
    clear, doubted = readings
    assert clear.value == doubted.value == "lbp 6 mos"
    assert doubted.confidence <= DOUBT < clear.confidence
    assert any(">" in candidate.value for candidate in doubted.candidates)
