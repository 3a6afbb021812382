"""Dates that a slip can have, and those that a person must look at."""

from datetime import date

import pytest

from schemas.acceptance import Policy, assess
from schemas.judging.dates import age_on, visit_problem
from schemas.pad import CombField, FieldKind, PadDesign
from schemas.reading import Finding, TextReading
from schemas.reasons import FindingCode as Code
from schemas.referral import Accepted, NeedsReview
from tests.schemas.examples import RECEIVED_ON, design, draft, text, typed


def with_birth() -> PadDesign:
    """The example pad with cells for the date of birth."""
    pad = design()
    field = CombField.model_validate(
        {
            "name": "birth_date",
            "label": "Date of birth",
            "kind": FieldKind.DATE,
            "box_mm": (12, 100, 55, 7),
            "cells": (2, 2, 4),
        }
    )
    return PadDesign.model_validate({**pad.model_dump(), "fields": (*pad.fields, field)})


@pytest.mark.parametrize("read", [text("1958-07-04"), text("7/4/58"), typed("7/4/1958")])
def test_a_date_of_birth_is_on_record(read: TextReading) -> None:
    """It is what tells two patients of one name apart."""
    judged = assess(draft(birth_date=read), with_birth(), Policy(), RECEIVED_ON)
    assert isinstance(judged, Accepted)
    assert judged.referral.birth_date == date(1958, 7, 4)


def test_a_pad_that_does_not_ask_for_it_has_no_date_of_birth_on_record() -> None:
    """Records of earlier editions stay as they were written."""
    judged = assess(draft(birth_date=text("7/4/58")), design(), Policy(), RECEIVED_ON)
    assert isinstance(judged, Accepted)
    assert "birth_date" not in judged.referral.model_dump(mode="json")


@pytest.mark.parametrize(
    ("written", "code", "detail"),
    [
        ("03/04/2026", Code.DATE_INVALID, '"Date of birth" lies 1 day after the slip arrived.'),
        ("03/02/2026", Code.AGE_IMPLAUSIBLE, 'By "Date of birth" the age is 0 years, below 4.'),
        ("03/02/1899", Code.AGE_IMPLAUSIBLE, 'By "Date of birth" the age is 127 years, above 110.'),
        ("02/30/1958", Code.DATE_INVALID, '"Date of birth": there is no day 30 in month 2.'),
    ],
)
def test_a_birth_that_is_hardly_possible_is_asked_about(written: str, code: Code, detail: str) -> None:
    """The day of the visit stands where the birth should be, or a digit was misread."""
    judged = assess(draft(birth_date=text(written)), with_birth(), Policy(), RECEIVED_ON)
    assert judged == NeedsReview(findings=(Finding(code=code, field="birth_date", detail=detail),))


def test_a_person_may_say_that_a_patient_is_so_old_but_not_that_they_are_to_be_born() -> None:
    """Who looked at the slip knows better than a limit; nobody is born tomorrow."""
    old, unborn = (
        assess(draft(birth_date=typed(written)), with_birth(), Policy(), RECEIVED_ON)
        for written in ("03/02/1914", "03/04/2026")
    )
    assert isinstance(old, Accepted)
    assert isinstance(unborn, NeedsReview)


@pytest.mark.parametrize(("day", "age"), [(date(2026, 7, 3), 67), (date(2026, 7, 4), 68), (date(2026, 12, 1), 68)])
def test_an_age_is_counted_in_whole_years(day: date, age: int) -> None:
    """A birthday counts from its morning."""
    assert age_on(date(1958, 7, 4), day) == age


@pytest.mark.parametrize(
    ("visit", "can_be"),
    [
        (date(2, 1, 1), False),
        (date(2026, 2, 27), False),
        (date(2026, 2, 28), True),
        (date(2028, 3, 2), True),
        (date(2028, 3, 3), False),
        (date(9999, 12, 31), False),
    ],
)
def test_a_visit_that_is_told_has_the_limits_of_one_on_a_slip(visit: date, can_be: bool) -> None:
    """Typed later on a page it would otherwise be kept, exported, and no report ever be due for it."""
    problem = visit_problem(visit, date(2026, 2, 28), date(2026, 3, 3), Policy())
    said = "name a day from Feb 28, 2026, when the slip was signed, to 730 days after Mar 3, 2026"
    assert problem == ("" if can_be else said)
