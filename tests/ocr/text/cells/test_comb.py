"""Digits in printed cells."""

from datetime import date

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM
from ocr.text.cells.comb import are_filled, digit_views, group_digits, is_struck_out, parse_digits, used_cells
from ocr.text.confidence.judge import is_doubtful, judge_empty
from ocr.text.digit_reader import DigitFieldReader
from ocr.text.lines.segment_lines import FieldInk, field_ink
from schemas.geometry import BoxMm
from schemas.pad import CombField, FieldKind, cell_boxes_mm

TODAY = date(2026, 10, 14)
DATE = CombField(
    name="signed_on", label="Date", kind=FieldKind.DATE, box_mm=BoxMm(5, 5, 40, 7), cells=(2, 2, 2), separator="/"
)
VISIT = DATE.model_copy(update={"name": "next_visit_on"})
WEEKS = DATE.model_copy(update={"name": "weeks", "kind": FieldKind.NUMBER, "cells": (6,), "least": 2, "most": 250})
PHONE = DATE.model_copy(update={"name": "patient_phone", "kind": FieldKind.PHONE, "cells": (3, 3, 4), "separator": "-"})


@pytest.mark.parametrize(
    ("digits", "field", "means"),
    [
        ("100926", DATE, "2026-10-09"),
        ("107126", DATE, None),
        ("110926", VISIT, "2026-11-09"),
        ("2125550142", PHONE, "+12125550142"),
        ("1125550142", PHONE, None),
        ("", PHONE, None),
        ("012", WEEKS, "12"),
        ("1", WEEKS, None),
        ("251", WEEKS, None),
    ],
)
def test_digits_mean_a_date_a_phone_or_nothing(digits: str, field: CombField, means: str | None) -> None:
    """A value leaves the reader in the form that records hold, or visibly not."""
    assert parse_digits(digits, field, TODAY, "US") == means


@pytest.mark.parametrize(("region", "means"), [("US", "+12079460123"), ("GB", "+442079460123"), ("FR", None)])
def test_a_phone_in_cells_is_one_of_the_studios_country(region: str, means: str | None) -> None:
    """The same ten digits ring in Maine, in London, or nowhere."""
    assert parse_digits("2079460123", PHONE, TODAY, region) == means


def test_what_means_nothing_is_shown_as_it_was_written() -> None:
    """A person corrects 10/71/26 more easily than 107126."""
    assert group_digits("107126", DATE) == "10/71/26"
    assert group_digits("1071", DATE) == "10/71"
    assert group_digits("21255501423", PHONE) == "212-555-0142-3"


def _ink(*filled: int) -> NDArray[np.uint8]:
    ink = np.zeros((160, 400), np.uint8)
    cells = [cell for group in cell_boxes_mm(DATE) for cell in group]
    for number in filled:
        x, y = cells[number].center
        ink[
            round((y - 1.5) * PX_PER_MM) : round((y + 1.5) * PX_PER_MM),
            round(x * PX_PER_MM) : round((x + 0.4) * PX_PER_MM),
        ] = 90
    return ink


def _written(*filled: int) -> FieldInk:
    return field_ink(_ink(*filled), DATE)


@given(st.sets(st.integers(0, 5)))
def test_filled_cells_are_told_wherever_they_stand(filled: set[int]) -> None:
    """Five digits in six cells are no date, however sure the reader is of a sixth."""
    assert {at for at, is_filled in enumerate(are_filled(_written(*filled), DATE)) if is_filled} == filled


@pytest.mark.parametrize(
    ("kind", "filled", "used"),
    [
        (FieldKind.DATE, {0, 1, 2, 3, 4, 5}, [0, 1, 2, 3, 4, 5]),
        (FieldKind.DATE, {0, 1, 2, 3, 4}, []),
        (FieldKind.NUMBER, {0}, [0]),
        (FieldKind.NUMBER, {4, 5}, [4, 5]),
        (FieldKind.NUMBER, {0, 2}, []),
        (FieldKind.ICD10, {0, 1, 2, 3}, [0, 1, 2, 3]),
        (FieldKind.ICD10, {1, 2, 3}, []),
    ],
)
def test_a_number_or_code_may_leave_cells_empty_beside_it_and_none_within(
    kind: FieldKind, filled: set[int], used: list[int]
) -> None:
    """6 weeks are 6 in the first cell or in the last; a digit that is lost between others makes another number."""
    field = DATE.model_copy(update={"kind": kind})
    assert used_cells(_written(*filled), field) == used


def test_a_thin_1_is_not_taken_for_nothing() -> None:
    """By a fine pen on a fax it has 1.4 mm2 of ink, which in a field of words would be a scrap."""
    ink = FieldInk(_written(0).lines, 1.4, torn=False)
    number = DigitFieldReader(DATE.model_copy(update={"kind": FieldKind.NUMBER}), ink)
    assert judge_empty(number.circumstances) is None
    assert not is_doubtful(number.circumstances)
    assert judge_empty(DigitFieldReader(DATE, ink).circumstances) is not None


@given(st.sets(st.integers(0, 5)), st.integers(0, 3), st.floats(-0.12, 0.12), st.floats(0.3, 0.7), st.booleans())
def test_a_line_through_several_cells_strikes_them_out(
    filled: set[int], first: int, slope: float, height: float, waves: bool
) -> None:
    """Straight, slanted or wavy, with a fine pen or a felt tip: who strikes a number out does not want it dialed."""
    left = [cell for group in cell_boxes_mm(DATE) for cell in group][first].x
    x = np.linspace(left, DATE.box_mm.right, 60)
    y = DATE.box_mm.center[1] - 0.5 + slope * (x - x.mean()) * 0.5 + (np.sin(x * 1.5) * 0.8 if waves else 0)
    ink = np.zeros((160, 400), np.uint8)
    points = np.stack([x, y], axis=1) * PX_PER_MM
    cv2.polylines(ink, [points.round().astype(np.int32)], False, 200, max(2, round(height * PX_PER_MM)))
    assert is_struck_out(field_ink(np.maximum(ink, _ink(*filled)), DATE), DATE)


@given(st.sets(st.integers(0, 5)))
def test_digits_alone_strike_nothing_out(filled: set[int]) -> None:
    """A doubt about every number teaches people to look at none."""
    assert not is_struck_out(_written(*filled), DATE)


def test_both_views_keep_all_ink_and_are_narrower() -> None:
    """Wide gaps between cells cost time and hide that the digits belong together."""
    (line,) = _written(0, 1, 5).lines
    closed_up, squeezed = digit_views(line.picture)
    assert (closed_up < 255).sum() == (line.picture < 255).sum()
    assert closed_up.shape[1] < 0.5 * line.picture.shape[1]
    assert squeezed.shape == (line.picture.shape[0], round(0.7 * line.picture.shape[1]))
