"""How sure a text is, by what was measured on its way."""

import json
import math
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.text.confidence.probability import (
    CONSTANT,
    SIGN_COUNTS,
    WEIGHTS,
    Part,
    part_confidence,
    shipped_shapes,
    weights_of,
    words_confidence,
)
from tests.ocr.text.confidence.test_word_evidence import measures_of

LOOKS = ("ppocr", "ppocr+ppocr", "refpad", "refpad+ppocr", "refpad+ppocr+refpad")
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


def test_the_shipped_shapes_are_those_of_the_measures_that_are_taken_and_have_a_step_for_every_value() -> None:
    """As of the weights; a shape with a step too few would break on the rarest values alone."""
    assert set(shipped_shapes()) == set(LOOKS) - {"ppocr+ppocr"}
    for parts in shipped_shapes().values():
        assert {part: set(one) for part, one in parts.items()} == {
            "words": {*GOOD, CONSTANT},
            "signs": {*SIGNS, CONSTANT},
        }
        for shape in (shape for one in parts.values() for shape in one.values()):
            assert len(shape["odds"]) == len(shape["ends"]) + 1
            assert all(less < greater for less, greater in pairwise(shape["ends"]))


@pytest.mark.parametrize("part", ["words", "signs"])
def test_no_shape_falls_where_more_evidence_speaks_for_a_text_or_rises_where_it_speaks_against(part: Part) -> None:
    """A judgment that falls as the evidence rises cannot be explained to anybody."""
    for shapes in (parts[part] for parts in shipped_shapes().values()):
        for names, sense in ((FOR, 1), (AGAINST, -1)):
            for odds in (shapes[name]["odds"] for name in names if name in shapes):
                assert list(odds) == sorted(odds, key=lambda step: sense * step)


def test_the_two_models_count_alike_where_the_networks_have_both() -> None:
    """The mean of their log-odds: with weights alone PP-OCR's second look at its own first one is judged."""
    odds = {looks: _by_weights(looks) for looks in LOOKS}
    told = {looks: _log_odds(part_confidence("words", GOOD, looks.split("+"))) for looks in LOOKS}
    assert told["ppocr+ppocr"] == pytest.approx(odds["ppocr+ppocr"])
    for looks in shipped_shapes():
        added = sum(
            shape["odds"][sum(end < GOOD.get(name, 0.0) for end in shape["ends"])]
            for name, shape in shipped_shapes()[looks]["words"].items()
        )
        assert told[looks] == pytest.approx((odds[looks] + added) / 2)


def _by_weights(looks: str) -> float:
    weights = weights_of(looks.split("+"))["words"]
    return weights[CONSTANT] + sum(weights[name] * value for name, value in GOOD.items())


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def test_networks_without_weights_of_their_own_have_those_of_the_stock_one() -> None:
    """A network that somebody tries is read with, however little is known of its confidence."""
    assert weights_of(["another"]) == weights_of(["ppocr"])
    assert weights_of(["another", "ppocr"]) == weights_of(["ppocr", "ppocr"]) != weights_of(["refpad", "ppocr"])


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
