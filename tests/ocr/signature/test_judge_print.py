"""Words in print are a typed or stamped name, unless somebody signed over them; from numbers alone."""

from dataclasses import replace

import pytest

from ocr.signature.judge_print import (
    LETTERS_LEAST,
    LETTERS_TURNED_LEAST,
    WORDS_MOST,
    WordMeasure,
    judge_print,
    judge_unread,
    may_be_print,
    printed_text,
)
from schemas.reading import SignatureReading, SignatureState
from tests.ocr.signature.test_judge import SIGNED

PRESENT = SignatureReading(value=SignatureState.PRESENT, confidence=0.9)
ABSENT = SignatureReading(value=SignatureState.ABSENT, confidence=0.8)
DOUBTED = SignatureReading(value=SignatureState.UNCERTAIN, confidence=0.5, reason="there is the outline of a stamp")
STAMP = (WordMeasure("JANE", 0.95, 3.0), WordMeasure("DOE,", 0.9, 3.1))


def test_a_reader_of_print_is_asked_only_where_small_shapes_are() -> None:
    """It costs 0.15 s; most signatures are one or two strokes."""
    assert not may_be_print(replace(SIGNED, small_shapes=2))
    assert may_be_print(replace(SIGNED, small_shapes=3))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (STAMP, "JANE DOE,"),
        ((*STAMP, WordMeasure("~~", 0.9, 2.0), WordMeasure("fe", 0.4, 2.0)), "JANE DOE,"),
        ((WordMeasure("Ada", 0.96, 3.0), WordMeasure("Ng,", 0.97, 3.0), WordMeasure("DO", 0.97, 3.0)), "Ada Ng, DO"),
        ((WordMeasure("Art", 0.87, 3.6),), ""),
        ((WordMeasure("Robert", 0.69, 3.6),), ""),
        ((WordMeasure("Robert", 0.9, 8.6),), ""),
        ((), ""),
    ],
)
def test_print_is_some_sure_letters_no_taller_than_type(words: tuple[WordMeasure, ...], text: str) -> None:
    """What is read into a signature is a short word, an unsure one, or one as tall as the room."""
    assert printed_text([(), words]) == text
    assert printed_text([words, STAMP[:1]]) == text


def test_of_two_views_the_one_with_more_letters_counts_and_the_text_has_an_end() -> None:
    """Views must not be added up: both show the same words."""
    assert LETTERS_LEAST > 4
    assert printed_text([STAMP[:1], STAMP[:1]]) == ""
    assert len(printed_text([STAMP * 100])) == WORDS_MOST


def test_of_rows_that_ran_askew_more_letters_are_asked() -> None:
    """Turned level, a neat signature can be read as one short word."""
    name = (WordMeasure("Koewe", 0.73, 3.0),)
    assert len(name[0].text) < LETTERS_TURNED_LEAST
    assert printed_text([], [name]) == ""
    assert printed_text([name], []) == "Koewe"
    assert printed_text([], [(*name, WordMeasure("DPT", 0.9, 3.0))]) == "Koewe DPT"


@pytest.mark.parametrize("word", ["/s/", "Signed", "10:12"])
def test_one_word_of_a_program_is_enough(word: str) -> None:
    """The name beside it may stand in a script face, which is not read."""
    assert printed_text([(WordMeasure(word, 0.8, 3.0), WordMeasure("ffz", 0.3, 5.0))]) == word
    assert printed_text([(WordMeasure(word, 0.5, 3.0),)]) == ""


def test_words_in_print_are_a_typed_name_and_are_kept() -> None:
    """A person sees which words; a policy may look for the provider's name in them."""
    for read in (PRESENT, DOUBTED):
        found = judge_print(read, ABSENT, "JANE DOE")
        assert (found.value, found.words) == (SignatureState.TYPED, "JANE DOE")
        assert "typed or stamped name" in found.reason
    assert judge_print(DOUBTED, PRESENT, "JANE DOE").value is SignatureState.TYPED


def test_a_signature_beside_the_words_is_present() -> None:
    """Offices stamp the name and the doctor signs over it."""
    found = judge_print(PRESENT, PRESENT, "JANE DOE, M.D.")
    assert (found.value, found.words) == (SignatureState.PRESENT, "JANE DOE, M.D.")


@pytest.mark.parametrize("words", ["Electronically signed by", "Digitally", "ESigned", "11/19/2026 10:12 AM"])
def test_what_lies_beside_the_words_of_a_program_is_the_program_s(words: str) -> None:
    """Programs set the name in a script face, which looks like a hand's."""
    assert judge_print(PRESENT, PRESENT, words).value is SignatureState.TYPED


def test_where_the_reader_of_print_failed_nothing_is_called_present() -> None:
    """A silent pass would come back exactly where Tesseract is missing."""
    found = judge_unread(PRESENT)
    assert found.value is SignatureState.UNCERTAIN
    assert "typed or stamped" in found.reason
    assert judge_unread(DOUBTED) == DOUBTED
