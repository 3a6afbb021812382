"""A box's state follows from numbers alone, by limits that no other box can move."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.mark_judge import DEFINITE_INK, MARGINAL_INK, BoxMeasure, judge_mark
from schemas.reading import MarkState

EMPTY = BoxMeasure(ink=0.0, core=0.0, faint=0.0, extent_mm=0.0, outline=0.9, sides=(0.0, 0.0, 0.0, 0.0))
TICKED = BoxMeasure(ink=0.25, core=0.2, faint=0.3, extent_mm=3.0, outline=0.9, sides=(0.0, 0.05, 0.05, 0.0))
ORDER = {MarkState.UNCHECKED: 0, MarkState.AMBIGUOUS: 1, MarkState.CHECKED: 2}


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_ink_never_makes_a_box_less_ticked(one: float, other: float) -> None:
    """The states keep their order along the ink."""
    less, more = sorted((one, other))
    states = [judge_mark(replace(TICKED, ink=ink, core=ink, faint=0.0)).value for ink in (less, more)]
    assert ORDER[states[0]] <= ORDER[states[1]]


@given(st.floats(DEFINITE_INK, 1), st.floats(DEFINITE_INK, 1))
def test_more_ink_in_a_ticked_box_never_lowers_the_confidence(one: float, other: float) -> None:
    """Confidence must mean something to whoever sorts by it."""
    less, more = sorted((one, other))
    sure = [judge_mark(replace(TICKED, ink=ink, core=ink)).confidence for ink in (less, more)]
    assert sure[0] <= sure[1]


@given(st.floats(MARGINAL_INK, DEFINITE_INK, exclude_max=True))
def test_ink_between_the_limits_is_for_a_person(ink: float) -> None:
    """Between an empty box and a mark lies a band in which field data has both."""
    assert judge_mark(replace(TICKED, ink=ink)).value is MarkState.AMBIGUOUS


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        (replace(EMPTY, outline=0.1), "outline"),
        (replace(TICKED, line=True), "line"),
        (replace(TICKED, ink=0.8, core=0.9, sides=(0.5, 0.4, 0.5, 0.1)), "scribbled"),
        (replace(TICKED, ink=0.1, extent_mm=0.8), "dot"),
        (replace(TICKED, ink=0.1, core=0.0, extent_mm=1.5), "edge"),
        (replace(EMPTY, faint=0.3), "faint"),
        (replace(EMPTY, sides=(0.1, 0.1, 0.1, 0.1)), "around"),
        (replace(EMPTY, sides=(0.4, 0.0, 0.0, 0.0)), "beside"),
        (replace(EMPTY, label=0.9), "label"),
    ],
)
def test_each_doubt_is_named(box: BoxMeasure, reason: str) -> None:
    """A person settles a doubt faster when told what it is."""
    reading = judge_mark(box)
    assert reading.value is MarkState.AMBIGUOUS
    assert reason in reading.reason


def test_empty_and_ticked_boxes_are_certain() -> None:
    """Plain cases need nobody."""
    assert judge_mark(EMPTY).value is MarkState.UNCHECKED
    assert judge_mark(EMPTY).confidence > 0.97
    assert judge_mark(TICKED).value is MarkState.CHECKED
    assert judge_mark(TICKED).confidence > 0.97
