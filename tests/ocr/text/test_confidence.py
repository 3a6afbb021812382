"""How sure a text is, by what was measured on its way."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.text.confidence import CONSTANT, SIGN_COUNTS, WEIGHTS, part_confidence, words_confidence
from tests.ocr.text.test_word_evidence import measures_of

PARTS = ("words", "signs", "words_again", "signs_again")
# What a rise of these must never do, whatever the fit says: make a text less sure, or surer.
FOR, AGAINST = ("margin", "view_margin", "lead", "plausible"), ("unknown", "near_miss", "crossed", "short_unknown")
GOOD, SIGNS = measures_of("improve gait")


def _with(measures: Mapping[str, float], **other: float) -> dict[str, float]:
    return {**measures, **other}


def test_the_shipped_weights_are_those_of_the_measures_that_are_taken() -> None:
    """A measure without a weight breaks the reading of every slip; a weight without a measure is fitted for nothing."""
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert {part: set(weights[part]) - {CONSTANT} for part in PARTS} == {
        part: set(GOOD if part.startswith("words") else SIGNS) for part in PARTS
    }


@given(st.floats(-3, 3), st.floats(0, 3), st.booleans())
def test_what_speaks_for_a_text_never_makes_it_less_sure(start: float, more: float, again: bool) -> None:
    """A judgment that falls as the evidence rises cannot be explained to anybody."""
    for names, signs, sense in ((FOR, SIGNS, 1), (AGAINST, SIGNS, -1)):
        for name in names:
            less, greater = (
                words_confidence(_with(GOOD, **{name: value}), signs, again=again) for value in (start, start + more)
            )
            assert sense * (greater - less) >= 0
            assert 0 <= less <= 1


@pytest.mark.parametrize("again", [False, True])
def test_a_comma_counts_half_of_a_letter(again: bool) -> None:
    """Who compares "R 16 wks" with "R, 16 wks" does not call it another value, nor what was written."""
    doubtful = _with(SIGNS, lead=-3.0)
    words = part_confidence("words_again" if again else "words", GOOD)
    signs = part_confidence("signs_again" if again else "signs", doubtful)
    assert words_confidence(GOOD, doubtful, again=again) == pytest.approx(words * (1 - SIGN_COUNTS * (1 - signs)))
    assert words_confidence(GOOD, doubtful, again=again) < words_confidence(GOOD, SIGNS, again=again)
