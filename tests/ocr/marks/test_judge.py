"""A box's state follows from numbers alone, by limits that no other box can move."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.marks.hairline import Hairline
from ocr.marks.judge import (
    GOES_ON_MM,
    HAIR_MM,
    INK_DEFINITE_MM2,
    INK_LITTLE_MM2,
    STROKE_LEAST_MM,
    THIN_MM,
    BoxMeasure,
    judge_mark,
)
from schemas.reading import MarkState

EMPTY = BoxMeasure(ink=0.0, ink_mm2=0.0, core_mm2=0.0, stroke_mm=0.0, outline=0.9)
TICKED = BoxMeasure(ink=0.25, ink_mm2=1.5, core_mm2=0.8, stroke_mm=3.0, outline=0.9, sides=(0.0, 0.05, 0.05, 0.0))
ORDER = {MarkState.UNCHECKED: 0, MarkState.AMBIGUOUS: 1, MarkState.CHECKED: 2}
AREA_MM2 = st.floats(0, 6)


@given(AREA_MM2, AREA_MM2)
def test_more_ink_never_makes_a_box_less_ticked(one: float, other: float) -> None:
    """The states keep their order along the ink."""
    less, more = sorted((one, other))
    states = [judge_mark(replace(TICKED, ink_mm2=ink, core_mm2=ink)).value for ink in (less, more)]
    assert ORDER[states[0]] <= ORDER[states[1]]


@given(st.floats(0, 6), st.floats(0, 6))
def test_a_longer_stroke_never_makes_a_box_less_ticked(one: float, other: float) -> None:
    """From a speck over a dot to a stroke."""
    less, more = sorted((one, other))
    states = [judge_mark(replace(TICKED, stroke_mm=long)).value for long in (less, more)]
    assert ORDER[states[0]] <= ORDER[states[1]]


@given(st.floats(INK_DEFINITE_MM2, 6), st.floats(INK_DEFINITE_MM2, 6))
def test_more_ink_in_a_ticked_box_never_lowers_the_confidence(one: float, other: float) -> None:
    """Confidence must mean something to whoever sorts by it."""
    less, more = sorted((one, other))
    sure = [judge_mark(replace(TICKED, ink_mm2=ink, core_mm2=ink)).confidence for ink in (less, more)]
    assert sure[0] <= sure[1]


@given(st.floats(INK_LITTLE_MM2, INK_DEFINITE_MM2, exclude_max=True), st.floats(0, 4))
def test_ink_between_the_limits_is_for_a_person(ink: float, stroke: float) -> None:
    """Between an empty box and a mark lies a band in which real scans have both."""
    assert judge_mark(replace(TICKED, ink_mm2=ink, stroke_mm=stroke)).value is MarkState.AMBIGUOUS


@given(st.builds(BoxMeasure, *[st.floats(0, 1), AREA_MM2, AREA_MM2, st.floats(0, 5), st.floats(0, 1)]))
def test_a_box_is_called_ticked_only_for_a_stroke_through_its_middle(box: BoxMeasure) -> None:
    """Ink alone is not a mark: a dot, the edge of a ring, a fax's thickened outline have some too."""
    if judge_mark(box).value is MarkState.CHECKED:
        assert box.ink_mm2 >= INK_DEFINITE_MM2
        assert box.stroke_mm >= STROKE_LEAST_MM
        assert box.core_mm2 > 0


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        (replace(EMPTY, outline=0.1), "outline"),
        (replace(TICKED, line=True), "line"),
        (replace(TICKED, ink=0.8, sides=(0.5, 0.4, 0.5, 0.1)), "scribbled"),
        (replace(TICKED, sides=(0.4, 0.0, 0.0, 0.0)), "letters"),
        (replace(TICKED, sides=(0.0, 0.0, 0.35, 0.0)), "letters"),
        (replace(TICKED, ink_mm2=0.5, stroke_mm=1.0), "dot"),
        (replace(TICKED, ink_mm2=0.5, core_mm2=0.0), "edge"),
        (replace(EMPTY, touch_mm2=0.3), "edge"),
        (replace(EMPTY, stroke_mm=2.5), "faint"),
        (replace(EMPTY, ring=0.8), "around"),
        (replace(EMPTY, sides=(0.4, 0.0, 0.0, 0.0)), "beside"),
        (replace(EMPTY, beside_mm=3.0), "beside"),
        (replace(EMPTY, label_struck=0.9), "label"),
        (replace(TICKED, label_ring=0.9), "label"),
        (replace(EMPTY, written_mm=12.0), "written"),
    ],
)
def test_each_doubt_is_named(box: BoxMeasure, reason: str) -> None:
    """A person settles a doubt faster when told what it is."""
    reading = judge_mark(box)
    assert reading.value is MarkState.AMBIGUOUS
    assert reason in reading.reason


@pytest.mark.parametrize(
    "around", [{"written_mm": 20.0}, {"label_struck": 0.9}, {"beside_mm": 5.0}, {"touch_mm2": 0.4}, {"ring": 0.7}]
)
def test_what_surrounds_a_plain_mark_leaves_it_ticked(around: dict[str, float]) -> None:
    """Arms of ticks run over labels, and who ticks "Other" writes beside it."""
    assert judge_mark(replace(TICKED, **around)).value is MarkState.CHECKED  # type: ignore[arg-type]


@pytest.mark.parametrize("sides", [(0.0, 0.4, 0.0, 0.4), (0.25, 0.1, 0.25, 0.0)])
def test_arms_that_leave_a_mark_are_no_letters_beside_it(sides: tuple[float, float, float, float]) -> None:
    """They cross the strips at its sides, and may fill those above and below."""
    assert judge_mark(replace(TICKED, sides=sides)).value is MarkState.CHECKED


def test_empty_and_ticked_boxes_are_certain() -> None:
    """Plain cases need nobody."""
    assert judge_mark(EMPTY).value is MarkState.UNCHECKED
    assert judge_mark(EMPTY).confidence > 0.97
    assert judge_mark(TICKED).value is MarkState.CHECKED
    assert judge_mark(TICKED).confidence > 0.97


@given(st.floats(INK_DEFINITE_MM2, 2), st.floats(0, 1), st.floats(0, 20))
def test_a_hairline_is_no_pens_stroke(ink: float, breadth: float, goes_on: float) -> None:
    """A crease runs over the whole slip, and a black-and-white scan shows pieces of it: one may end in a box."""
    mark = judge_mark(replace(TICKED, ink_mm2=ink, hairline=Hairline(breadth, goes_on)))
    is_hair = breadth < HAIR_MM or (breadth < THIN_MM and goes_on >= GOES_ON_MM)
    assert (mark.value is MarkState.AMBIGUOUS) == is_hair
    assert ("crease" in mark.reason) == is_hair
