"""How sure a reading is, with numbers alone."""

from hypothesis import given
from hypothesis import strategies as st

from ocr.text.judge import (
    ALONE_MOST,
    DOUBT,
    NOBODY,
    Circumstances,
    Opinion,
    judge_digits,
    judge_empty,
    judge_words,
    same_text,
)
from schemas.acceptance import Policy

CLEAR = Circumstances(ink_mm2=40.0)
SURE = Policy().text_confidence
CHANCE = st.floats(0, 1)


def _two(value: str, first: float, other: str, second: float) -> list[Opinion]:
    return [Opinion("one", value, first), Opinion("two", other, second)]


def test_an_empty_field_is_surely_empty() -> None:
    """Nothing is written in most fields; they must not fill the review."""
    for scraps in (0.0, 1.0):
        reading = judge_empty(Circumstances(ink_mm2=scraps))
        assert reading is not None
        assert (reading.value, reading.confidence, reading.reader) == ("", 1.0, NOBODY)


def test_much_dust_may_be_pale_writing() -> None:
    """Writing too pale to hang together looks like dust: a person has to look."""
    reading = judge_empty(Circumstances(ink_mm2=0.0, dust_mm2=12.0))
    assert reading is not None
    assert reading.confidence < SURE


def test_a_little_ink_is_read_but_never_sure() -> None:
    """Two square millimetres may be a letter or a slip of the pen."""
    little = Circumstances(ink_mm2=2.0)
    assert judge_empty(little) is None
    assert judge_words(_two("R", 1.0, "R", 1.0), little).confidence == DOUBT


def test_one_reader_is_never_sure_of_words() -> None:
    """The first reader alone was wrong in 4 % of the values it was 0.98 sure of."""
    assert judge_words([Opinion("one", "improve gait", 1.0)], CLEAR).confidence == ALONE_MOST < SURE


def test_two_readers_that_see_the_same_letters_are_sure() -> None:
    """Agreement of different readers is the evidence that counts; the value keeps the first one's spelling."""
    reading = judge_words(_two("Improve gait.", 0.97, "improve gait.", 0.9), CLEAR)
    assert (reading.value, reading.reader) == ("Improve gait.", "one+two")
    assert reading.confidence >= SURE
    assert [candidate.value for candidate in reading.candidates] == ["Improve gait.", "improve gait."]


def test_readers_that_contradict_each_other_are_not_sure() -> None:
    """Both may be sure of what they see; they cannot both be right."""
    assert judge_words(_two("none", 0.99, "rone", 0.99), CLEAR).confidence < SURE
    assert judge_digits(_two("100926", 0.99, "107926", 0.99), CLEAR).confidence < SURE


@given(CHANCE, CHANCE, CHANCE)
def test_more_certainty_never_makes_a_reading_less_sure(low: float, high: float, other: float) -> None:
    """A judgement that falls as the evidence rises cannot be explained to anybody."""
    low, high = sorted((low, high))
    for judge in (judge_words, judge_digits):
        for text in ("123", "124"):
            assert (
                judge(_two("123", low, text, other), CLEAR).confidence
                <= judge(_two("123", high, text, other), CLEAR).confidence
            )
            assert (
                judge(_two("123", other, text, low), CLEAR).confidence
                <= judge(_two("123", other, text, high), CLEAR).confidence
            )


@given(CHANCE, CHANCE)
def test_agreement_never_makes_a_reading_less_sure(first: float, second: float) -> None:
    """A second opinion of the same kind can only help, above the least that two sure readers need."""
    for judge in (judge_words, judge_digits):
        agreed = judge(_two("123", max(first, SURE), "123", max(second, SURE)), CLEAR).confidence
        assert agreed >= judge(_two("123", max(first, SURE), "124", max(second, SURE)), CLEAR).confidence


@given(CHANCE, CHANCE)
def test_doubt_about_the_paper_outweighs_the_readers(first: float, second: float) -> None:
    """Torn strokes, dust, or a value that the field cannot hold: both readers looked at the same wrong picture."""
    for doubtful in (
        Circumstances(ink_mm2=40, torn=True),
        Circumstances(ink_mm2=40, fits=False),
        Circumstances(ink_mm2=40, dust_mm2=20),
    ):
        for judge in (judge_words, judge_digits):
            assert judge(_two("123", first, "123", second), doubtful).confidence <= DOUBT


def test_only_case_does_not_part_readers() -> None:
    """A point for a comma, or a lost space, is a wrong value in the record."""
    assert same_text("s/p L TKA 9/14", "S/P L TKA  9/14")
    assert same_text("gr II", "gr ||")
    assert not same_text("LBP, lumbar DDD", "LBP. lumbar DDD")
    assert not same_text("work hardening", "workhardening")
    assert not same_text("L TKA", "R TKA")
    assert not same_text("", "")
    assert not same_text("...", "...")
