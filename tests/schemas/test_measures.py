"""What tests can give: units, bounds, and which values belong on one line of a chart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.course import entry_of
from schemas.errors import UsageError
from schemas.measures import SCALES, Measure, MeasureKind
from tests.schemas.entries import assessment


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        ({"kind": "grip", "value": 95}, "0 to 90 kg"),
        ({"kind": "grip", "value": 88, "unit": "lb"}, "measured in kg"),
        ({"kind": "timed_up_and_go", "value": 0}, "3 to 300 s"),
        ({"kind": "range_of_motion", "value": 90}, "needs the body part"),
        ({"kind": "pain_0_10", "value": 3}, "the provider's to follow"),
        ({"kind": "grip", "value": float("nan")}, "a number, in digits"),
    ],
)
def test_a_measure_that_no_test_gives_is_refused_with_the_reason(measure: dict[str, Any], says: str) -> None:
    """A typing error in a report to a surgeon costs more than the minute to correct it here."""
    with pytest.raises(UsageError, match=says) as raised:
        entry_of(assessment(measures=[measure]))
    assert "Test 1" in str(raised.value)


@given(kind=st.sampled_from(MeasureKind), share=st.floats(0, 1))
def test_every_value_between_its_bounds_is_taken_and_none_beyond(kind: MeasureKind, share: float) -> None:
    """The bounds themselves are values that tests give."""
    scale = SCALES[kind]
    inside = scale.least + share * (scale.most - scale.least)
    assert Measure(kind=kind, value=min(inside, scale.most), of="knee flexion", unit=scale.unit).scale is scale
    for outside in (scale.least - 0.1 - share, scale.most + 0.1 + share):
        with pytest.raises(ValidationError):
            Measure(kind=kind, value=outside, of="knee flexion")


@pytest.mark.parametrize(
    ("kind", "within", "outside"),
    [
        ("systolic", (90, 180), (89, 181)),
        ("diastolic", (40, 110), (111,)),
        ("heart_rate", (40, 120), (121,)),
        ("glucose", (70, 250), (69, 251)),
        ("spo2", (89, 100), (88, 87)),
        ("weight", (40, 770), ()),
        ("activity", (0, 2100), ()),
    ],
)
def test_a_value_is_beyond_its_limit_on_the_far_side_of_it(
    kind: str, within: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    """With the figure, the limit and whose it is; who holds a test at its limit is not told of."""
    assert [Measure.model_validate({"kind": kind, "value": value}).beyond for value in within] == [""] * len(within)
    for value in outside:
        said = Measure.model_validate({"kind": kind, "value": value}).beyond
        assert f"{value:g}" in said
        assert "(A" in said


def test_a_test_of_the_studios_own_has_the_name_that_it_is_given() -> None:
    """It stands on the report as it was typed, and is no test without its name."""
    own = Measure.model_validate({"kind": "own", "of": "step test, steps", "value": 71})
    assert own.series == "step test, steps"
    with pytest.raises(ValidationError, match="its name and unit"):
        Measure.model_validate({"kind": "own", "value": 71})


def test_left_and_right_are_different_series() -> None:
    """A chart that joins both knees shows an improvement that never was."""
    flexion = {"kind": MeasureKind.RANGE_OF_MOTION, "value": 90, "of": "knee flexion"}
    left, right = (Measure.model_validate({**flexion, "side": side}) for side in ("left", "right"))
    assert left.series != right.series
    assert left.series == "Range of motion, left knee flexion"
    own = {"kind": MeasureKind.OWN, "value": 80, "of": "Y balance, cm"}
    sides = [Measure.model_validate({**own, "side": side}).series for side in ("left", "right", None)]
    assert sides == ["Y balance, cm, left", "Y balance, cm, right", "Y balance, cm"]
