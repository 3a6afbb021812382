"""How sure a reading is, with numbers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.text.cells.digits import Decoded, Number
from ocr.text.confidence.judge import (
    ALONE_MOST,
    DOUBT,
    INK_ALONE,
    InkFacts,
    Opinion,
    judge_digits,
    judge_empty,
    judge_words,
    likeness,
    same_text,
)
from ocr.text.read_fields import open_fields
from schemas.bars import SHIPPED, ValueKind
from tests.ocr.text.slips import FILLED, template, too_pale_for_a_fax

CLEAR = InkFacts(ink_mm2=40.0)
SURE = SHIPPED[ValueKind.PHRASE]
CHANCE = st.floats(0, 1)
STRONG = 0.99


def _two(value: str, first: float, other: str, second: float) -> list[Opinion]:
    return [Opinion("one", value, first), Opinion("two", other, second)]


def test_an_empty_field_is_surely_empty() -> None:
    """Nothing is written in most fields; they must not fill the review."""
    for scraps, dust in ((0.0, 0.0), (1.0, 0.0), (0.0, 2.4)):
        reading = judge_empty(InkFacts(ink_mm2=scraps, dust_mm2=dust))
        assert reading is not None
        assert (reading.value, reading.confidence, reading.reader) == ("", 1.0, INK_ALONE)


@pytest.mark.parametrize(("darkness", "hand"), [(0.65, "caveat"), (0.62, "patrick-hand")])
def test_what_a_fax_broke_to_specks_is_no_empty_field(darkness: float, hand: str) -> None:
    """A date of which specks are left was once called empty at confidence 1.0; so were words."""
    written = FILLED | {"next_visit_on": "2026-11-19"}
    fields = open_fields(too_pale_for_a_fax(written, darkness, hand), template())
    empty = {field.name: reading for field in fields if (reading := judge_empty(field.circumstances))}
    assert {name for name, reading in empty.items() if reading.confidence >= SURE}.isdisjoint(written)
    assert len(empty.keys() & written.keys()) >= 2
    assert empty["precautions"].confidence == empty["other_service"].confidence == 1.0


def test_an_empty_field_on_a_standard_fax_is_surely_empty() -> None:
    """Each bad line leaves its dots; a person who is asked about all of them does not look any more."""
    fields = open_fields(too_pale_for_a_fax({}, 1.0), template())
    assert all((reading := judge_empty(field.circumstances)) and reading.confidence == 1.0 for field in fields)


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
    """Whoever has to decide sees each reader's text and the runners-up, each once whatever its capitals."""
    others = ["improve gaze.", "Improve gaze.", "improve gait.", " |", ""]
    reading = judge_words(_two("Improve gait.", 0.97, "improve gait.", 0.9), STRONG, others, CLEAR)
    assert (reading.value, reading.reader) == ("Improve gait.", "one+two")
    assert [candidate.value for candidate in reading.candidates] == ["Improve gait.", "improve gaze."]


def _number(share: float, value: str = "2026-10-09") -> Decoded:
    return Decoded((Number(value, "100926", share), Number("2026-10-04", "100426", 1 - share)))


def test_digits_are_given_by_the_readers_that_saw_them() -> None:
    """Whoever has to decide sees who read the value, and what else it can be, each once and as records hold it."""
    seen = [*_two("100926", 0.9, "100926", 0.8), Opinion("cells", "100426", 1.0)]
    reading = judge_digits(_number(0.7), "", seen, 0.7, CLEAR)
    assert (reading.value, reading.reader) == ("2026-10-09", "one+two")
    assert [candidate.value for candidate in reading.candidates] == ["2026-10-09", "2026-10-04"]


def test_digits_that_mean_nothing_are_shown_as_they_were_seen() -> None:
    """A person corrects 10/71/26 more easily than an empty field."""
    reading = judge_digits(Decoded((), "107126"), "10/71/26", _two("107126", 0.9, "107126", 0.9), 0.0, CLEAR)
    assert (reading.value, reading.confidence, reading.candidates) == ("10/71/26", 0.0, ())


@given(CHANCE, CHANCE)
def test_doubt_about_the_paper_outweighs_the_readers(first: float, second: float) -> None:
    """Torn strokes, dust, or a value that the field cannot hold: both readers looked at the same wrong picture."""
    for doubtful in (
        InkFacts(ink_mm2=40, torn=True),
        InkFacts(ink_mm2=40, fits=False),
        InkFacts(ink_mm2=40, dust_mm2=20),
    ):
        assert judge_words(_two("gait", first, "gait", second), STRONG, [], doubtful).confidence <= DOUBT
        assert judge_digits(_number(0.7), "", _two("100926", 1, "100926", second), first, doubtful).confidence <= DOUBT


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
