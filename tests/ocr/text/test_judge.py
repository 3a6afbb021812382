"""How sure a reading is, with numbers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.text.judge import (
    ALONE_MOST,
    DOUBT,
    NOBODY,
    InkFacts,
    Opinion,
    judge_digits,
    judge_empty,
    judge_words,
    likeness,
    same_text,
)
from schemas.bars import SHIPPED, ValueKind

CLEAR = InkFacts(ink_mm2=40.0)
SURE = SHIPPED[ValueKind.PHRASE]
CHANCE = st.floats(0, 1)
STRONG = 0.99


def _two(value: str, first: float, other: str, second: float) -> list[Opinion]:
    return [Opinion("one", value, first), Opinion("two", other, second)]


def test_an_empty_field_is_surely_empty() -> None:
    """Nothing is written in most fields; they must not fill the review."""
    for scraps in (0.0, 1.0):
        reading = judge_empty(InkFacts(ink_mm2=scraps))
        assert reading is not None
        assert (reading.value, reading.confidence, reading.reader) == ("", 1.0, NOBODY)


def test_much_dust_may_be_pale_writing() -> None:
    """Writing too pale to hang together looks like dust: a person has to look."""
    reading = judge_empty(InkFacts(ink_mm2=0.0, dust_mm2=12.0))
    assert reading is not None
    assert reading.confidence < SURE


def test_a_little_ink_is_read_but_never_sure() -> None:
    """Two square millimeters may be a letter or a slip of the pen."""
    little = InkFacts(ink_mm2=2.0)
    assert judge_empty(little) is None
    assert judge_words(_two("R", 1.0, "R", 1.0), STRONG, [], little).confidence == DOUBT


def test_a_reader_that_tells_no_more_than_a_text_is_never_sure_of_words() -> None:
    """Without what else it held possible there is nothing to weigh; Tesseract alone is wrong too often."""
    assert judge_words([Opinion("one", "improve gait", 1.0)], None, [], CLEAR).confidence == ALONE_MOST < SURE


def test_words_are_as_sure_as_their_evidence_makes_them() -> None:
    """What the reader itself thinks of its text says how dark the letters are, not how likely the word is right."""
    for sure in (0.99, 0.6):
        assert judge_words([Opinion("one", "improve gait", 1.0)], sure, [], CLEAR).confidence == sure


def test_the_first_readers_spelling_is_kept_and_all_that_was_said_is_told() -> None:
    """Whoever has to decide sees each reader's text and the runners-up, each once."""
    reading = judge_words(
        _two("Improve gait.", 0.97, "improve gait.", 0.9), STRONG, ["improve gaze.", "improve gait."], CLEAR
    )
    assert (reading.value, reading.reader) == ("Improve gait.", "one+two")
    assert [candidate.value for candidate in reading.candidates] == ["Improve gait.", "improve gait.", "improve gaze."]


def test_views_of_digits_that_contradict_each_other_are_not_sure() -> None:
    """Both views may be sure of what they see; they cannot both be right."""
    assert judge_digits(_two("100926", 0.99, "107926", 0.99), CLEAR).confidence < SURE


@given(CHANCE, CHANCE, CHANCE)
def test_more_certainty_never_makes_a_reading_less_sure(low: float, high: float, other: float) -> None:
    """A judgment that falls as the evidence rises cannot be explained to anybody."""
    low, high = sorted((low, high))
    for text in ("123", "124"):
        for less, more in (
            (_two("123", low, text, other), _two("123", high, text, other)),
            (_two("123", other, text, low), _two("123", other, text, high)),
        ):
            assert judge_digits(less, CLEAR).confidence <= judge_digits(more, CLEAR).confidence


@given(CHANCE, CHANCE)
def test_agreement_never_makes_a_reading_less_sure(first: float, second: float) -> None:
    """A second opinion of the same kind can only help, above the least that two sure readers need."""
    agreed = judge_digits(_two("123", max(first, SURE), "123", max(second, SURE)), CLEAR).confidence
    assert agreed >= judge_digits(_two("123", max(first, SURE), "124", max(second, SURE)), CLEAR).confidence


@given(CHANCE, CHANCE)
def test_doubt_about_the_paper_outweighs_the_readers(first: float, second: float) -> None:
    """Torn strokes, dust, or a value that the field cannot hold: both readers looked at the same wrong picture."""
    for doubtful in (
        InkFacts(ink_mm2=40, torn=True),
        InkFacts(ink_mm2=40, fits=False),
        InkFacts(ink_mm2=40, dust_mm2=20),
    ):
        assert judge_words(_two("gait", first, "gait", second), STRONG, [], doubtful).confidence <= DOUBT
        assert judge_digits(_two("123", first, "123", second), doubtful).confidence <= DOUBT


def test_only_case_does_not_part_readers() -> None:
    """A point for a comma, or a lost space, is a wrong value in the record."""
    assert same_text("s/p L TKA 9/14", "S/P L TKA  9/14")
    assert same_text("gr II", "gr ||")
    assert not same_text("LBP, lumbar DDD", "LBP. lumbar DDD")
    assert not same_text("work hardening", "workhardening")
    assert not same_text("L TKA", "R TKA")
    assert not same_text("", "")
    assert not same_text("...", "...")


def test_likeness_is_the_share_of_letters_that_stand() -> None:
    """One wrong letter of ten is nine tenths alike; case is none of it."""
    assert likeness("Back pain.", "back pain.") == 1.0
    assert likeness("back pain.", "back pam.") == pytest.approx(0.8)
    assert likeness("LBP", "") == 0.0
