"""What writing means, by the kind of the field it stands in."""

from datetime import date

import pytest

from schemas.fields.meaning import Meaning, WrittenField, meaning_of
from schemas.pad import CombField, TextField

DAY = date(2026, 3, 3)
BOX = (12, 100, 55, 7)


def line(**entries: object) -> TextField:
    return TextField.model_validate({"name": "own", "label": "Own", "box_mm": BOX, **entries})


def cells(kind: str, *groups: int, **entries: object) -> CombField:
    return CombField.model_validate(
        {"name": "own", "label": "Own", "box_mm": BOX, "kind": kind, "cells": groups, **entries}
    )


@pytest.mark.parametrize(
    ("field", "written", "meaning"),
    [
        (line(), "gait belt", Meaning("gait belt")),
        (line(holds="phone"), "(212) 555-0142", Meaning("+12125550142")),
        (line(name="patient_phone"), "(212) 555-0142", Meaning("+12125550142")),
        (line(name="birth_date"), "7/4/58", Meaning("1958-07-04")),
        (line(holds="date", tense="past"), "2/30/26", Meaning(problem="there is no day 30 in month 2")),
        (cells("date", 2, 2, 2, tense="future"), "04/20/26", Meaning("2026-04-20")),
        (cells("number", 2, least=1, most=5), "03", Meaning(3)),
        (cells("number", 2, least=1, most=5), "7", Meaning(problem="it is 7, above 5")),
        (cells("number", 2, least=1, most=5), "0", Meaning(problem="it is 0, below 1")),
        (line(holds="number"), "3x", Meaning(problem="it is no whole number")),
        (cells("icd10", 3, 4), "M1711", Meaning("M17.11")),
        (cells("npi", 10), "1234567893", Meaning("1234567893")),
        (cells("npi", 10), "1234567890", Meaning(problem="its check digit does not fit the others")),
    ],
)
def test_writing_means_what_its_field_says(field: WrittenField, written: str, meaning: Meaning) -> None:
    """The reader of cells, the judge and the count of what was right ask this one function."""
    assert meaning_of(field, written, DAY, "US") == meaning
