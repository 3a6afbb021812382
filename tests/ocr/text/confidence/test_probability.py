"""How sure a text is, by what was measured on its way."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.text.confidence.probability import (
    CONSTANT,
    SIGN_COUNTS,
    WEIGHTS,
    part_confidence,
    weights_of,
    words_confidence,
)
from tests.ocr.text.confidence.test_word_evidence import measures_of

LOOKS = ("ppocr", "ppocr+ppocr", "ppocr+refpad")
# What a rise of these must never do, whatever the fit says: make a text less sure, or surer.
FOR, AGAINST = ("margin", "view_margin", "lead", "plausible"), ("unknown", "near_miss", "crossed", "short_unknown")
GOOD, SIGNS = measures_of("improve gait")


def _with(measures: Mapping[str, float], **other: float) -> dict[str, float]:
    return {**measures, **other}


def test_the_shipped_weights_are_those_of_the_measures_that_are_taken() -> None:
    """A measure without a weight breaks the reading of every slip; a weight without a measure is fitted for nothing."""
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    measured = {"words": {*GOOD, CONSTANT}, "signs": {*SIGNS, CONSTANT}}
    fitted = {looks: {part: set(one) for part, one in parts.items()} for looks, parts in weights.items()}
    assert fitted == dict.fromkeys(LOOKS, measured)


def test_networks_without_weights_of_their_own_have_those_of_the_stock_one() -> None:
    """A network that somebody tries is read with, however little is known of its confidence."""
    assert weights_of(["another"]) == weights_of(["ppocr"])
    assert weights_of(["another", "ppocr"]) == weights_of(["ppocr", "ppocr"]) != weights_of(["ppocr", "refpad"])


@given(st.floats(-3, 3), st.floats(0, 3), st.sampled_from(LOOKS))
def test_what_speaks_for_a_text_never_makes_it_less_sure(start: float, more: float, looks: str) -> None:
    """A judgment that falls as the evidence rises cannot be explained to anybody."""
    for names, signs, sense in ((FOR, SIGNS, 1), (AGAINST, SIGNS, -1)):
        for name in names:
            less, greater = (
                words_confidence(_with(GOOD, **{name: value}), signs, looks=looks.split("+"))
                for value in (start, start + more)
            )
            assert sense * (greater - less) >= 0
            assert 0 <= less <= 1


@pytest.mark.parametrize("looks", LOOKS)
def test_a_comma_counts_half_of_a_letter(looks: str) -> None:
    """Who compares "R 16 wks" with "R, 16 wks" does not call it another value, nor what was written."""
    doubtful, networks = _with(SIGNS, lead=-3.0), looks.split("+")
    words, signs = part_confidence("words", GOOD, networks), part_confidence("signs", doubtful, networks)
    sure = words_confidence(GOOD, doubtful, looks=networks)
    assert sure == pytest.approx(words * (1 - SIGN_COUNTS * (1 - signs)))
    assert sure < words_confidence(GOOD, SIGNS, looks=networks)
