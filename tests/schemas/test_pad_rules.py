"""What makes a pad design printable and readable; a printed mistake lasts for years."""

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.geometry import BoxMm
from schemas.pad import (
    CELL_MIN_MM,
    CHECKBOX_MIN_MM,
    CODE_MIN_MM,
    LINE_MIN_MM,
    CombField,
    FieldKind,
    PadDesign,
    cell_boxes_mm,
)
from tests.schemas.examples import design

LENGTHS_MM = st.floats(1, 100)
BOXES = st.builds(BoxMm, LENGTHS_MM, LENGTHS_MM, LENGTHS_MM, LENGTHS_MM)


def _changed(field: str, **changes: object) -> dict[str, Any]:
    """The example design as data, one field changed."""
    data = design().model_dump()
    data["fields"] = [each | changes if each["name"] == field else each for each in data["fields"]]
    return data


def _complaint(data: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        PadDesign.model_validate(data)
    return str(caught.value)


def test_the_example_design_breaks_no_rule() -> None:
    """The tests below spoil one thing each."""
    assert PadDesign.model_validate(design().model_dump()) == design()


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("arthritis", {"name": "back_pain"}, "field back_pain: the name is used twice"),
        ("patient_phone", {"kind": "npi", "cells": (10,)}, "field patient_phone: its kind is npi, and must be phone"),
        ("signed_on", {"name": "born_on"}, "field born_on: say on which side of the arrival it lies"),
        ("next_visit_on", {"tense": "past"}, "field next_visit_on: its tense is future; leave the entry out"),
        ("next_visit_on", {"cells": (2, 3)}, "field next_visit_on: cells = [2, 3] hold no date; [2, 2, 2], or"),
        ("goals", {"tense": "past"}, "field goals: tense is for dates"),
        ("goals", {"within_days": 3}, "field goals: within_days is for dates that are past or future"),
        ("goals", {"most": 3}, "field goals: least and most are for numbers"),
        ("goals", {"holds": "number", "least": 4, "most": 3}, "field goals: its kind is text, and holds number"),
        ("patient_phone", {"name": "other_phone"}, "field patient_phone: missing"),
        ("other", {"write_in": "other_thing"}, "field other: write_in names other_thing"),
        ("goals", {"box_mm": (150, 70, 100, 16)}, "field goals: reaches 250.0 x 86.0 mm"),
        ("goals", {"box_mm": (70, 56, 100, 16)}, "field diagnosis and field goals: overlap by 1200.0 mm2"),
        ("arthritis", {"box_mm": (12, 36, 2.9, 4)}, f"the box is 2.9 mm, below the readable {CHECKBOX_MIN_MM}"),
        ("arthritis", {"box_mm": (12, 34.5, 4, 4)}, "field back_pain and field arthritis: closer than 1.0 mm"),
        ("goals", {"lines": 3}, f"field goals: a line is 5.3 mm, below the readable {LINE_MIN_MM}"),
        ("patient_phone", {"box_mm": (12, 70, 40, 7)}, f"a cell is 3.5 mm, below the readable {CELL_MIN_MM}"),
    ],
)
def test_each_fault_names_the_field_and_the_figure(field: str, changes: dict[str, object], sentence: str) -> None:
    """Whoever draws a pad learns which field to move, and by how much."""
    assert sentence in _complaint(_changed(field, **changes))


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([], 'field post_rehab: group care is neither condition, service nor described; add groups = [{ name = "care"'),
        ([{"name": "care", "label": "Care"}] * 2, "group care: the name is used twice"),
        ([{"name": "care", "label": "Care"}, {"name": "goals", "label": "x"}], "group goals: the name is used twice"),
        ([{"name": "care", "label": "Care", "choose": "one"}], "group care: 1 boxes, below 2"),
        (
            [{"name": "care", "label": "Care", "blocks_when": {"arthritis": "No."}}],
            "group care: blocks_when names arthritis, which is no box of this group",
        ),
    ],
)
def test_each_fault_of_a_group_names_it(groups: list[dict[str, object]], sentence: str) -> None:
    """A box whose group nobody describes would be an answer to no question."""
    assert sentence in _complaint(_changed("post_rehab", group="care") | {"groups": groups})


def test_a_code_too_small_for_a_fax_is_refused() -> None:
    """Without its code a slip does not say what it is."""
    assert f"below the readable {CODE_MIN_MM:.1f} mm" in _complaint(
        design().model_dump() | {"code_mm": (150, 4, CODE_MIN_MM - 1, CODE_MIN_MM - 1)}
    )


@pytest.mark.parametrize("needed", ["patient_name", "patient_phone", "diagnosis", "provider_name", "signed_on"])
def test_a_pad_without_a_needed_field_is_refused(needed: str) -> None:
    """A referral cannot be worked without it."""
    data = design().model_dump()
    data["fields"] = [each for each in data["fields"] if each["name"] != needed]
    assert f"field {needed}: missing" in _complaint(data)


def test_all_faults_are_told_at_once() -> None:
    """One print of the complaint, one round of mending."""
    data = _changed("arthritis", box_mm=(12, 36, 2, 2))
    data["fields"] = [each for each in data["fields"] if each["name"] != "signed_on"]
    complaint = _complaint(data)
    assert "the box is 2.0 mm" in complaint
    assert "field signed_on: missing" in complaint


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", range(4))
def test_a_place_is_a_real_number(number: float, place: int) -> None:
    """TOML knows nan and inf, and every comparison with nan passes."""
    box = [12.0, 36.0, 4.0, 4.0]
    box[place] = number
    assert "finite" in _complaint(_changed("arthritis", box_mm=box))


@pytest.mark.parametrize("width_mm", [-30.0, 0.0, 9.9])
@pytest.mark.parametrize("field", ["goals", "signature"])
def test_a_field_is_wide_enough_to_write_in(field: str, width_mm: float) -> None:
    """A box drawn from right to left would overlap nothing and hold nothing."""
    assert f"field {field}: the width is {width_mm:.1f} mm" in _complaint(
        _changed(field, box_mm=(70, 70, width_mm, 16))
    )


@given(BOXES, BOXES)
def test_overlap_is_the_same_from_both_sides(one: BoxMm, other: BoxMm) -> None:
    """And never more than the smaller of the two."""
    shared = one.overlap_mm2(other)
    assert shared == other.overlap_mm2(one)
    assert 0 <= shared <= min(one.w * one.h, other.w * other.h) + 1e-9


@given(BOXES, st.floats(0.1, 10))
def test_a_grown_box_holds_the_box(box: BoxMm, by_mm: float) -> None:
    """On all four sides."""
    assert box.inside(box.grown(by_mm))
    assert box.grown(by_mm).center == pytest.approx(box.center)


@given(BOXES, st.lists(st.integers(1, 5), min_size=2, max_size=4).map(tuple))
def test_comb_cells_fill_their_box(box: BoxMm, cells: tuple[int, ...]) -> None:
    """First cell at the left edge, last at the right, all as wide, none overlapping."""
    field = CombField(kind=FieldKind.PHONE, name="patient_phone", label="Phone", box_mm=box, cells=cells)
    groups = cell_boxes_mm(field)
    flat = [cell for group in groups for cell in group]
    assert tuple(map(len, groups)) == cells
    assert flat[0].x == box.x
    assert flat[-1].right == pytest.approx(box.right)
    assert {round(cell.w, 6) for cell in flat} == {round(flat[0].w, 6)}
    assert all(left.right <= right.x + 1e-9 for left, right in pairwise(flat))
