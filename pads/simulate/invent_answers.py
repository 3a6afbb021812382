"""Invent what is written in the fields that only some pads have."""

from datetime import date, timedelta

import numpy as np

from pads.simulate import words
from pads.simulate.chance import one_of
from schemas.codes.npi import with_check_digit
from schemas.fields.meaning import WrittenField
from schemas.pad import ROLES, FieldKind, PadDesign, TextField

PATIENT_AGES = (18, 88)  # years
WITHIN_DAYS = 60  # of a date for which the pad sets no bound
# What is written on pads of the field: joints, backs, hearts, balance.
ICD10_CODES = ("M17.11", "M54.50", "I10", "E11.9", "Z96.651", "S83.511A", "G20.A1", "R26.81", "M75.101", "I25.10")


def invent_answers(design: PadDesign, today: date, rng: np.random.Generator, *, brief: bool = False) -> dict[str, str]:
    """What stands in the fields of `design` that not every referral has, by their names; draws nothing without them.

    A `brief` slip has only what is needed.
    """
    write_ins = {box.write_in for box in design.checkboxes}
    own = [field for field in design.writing if field.name not in ROLES | write_ins or field.name == "birth_date"]
    return {field.name: _answer(field, today, rng) for field in own if field.needed or not brief}


def _answer(field: WrittenField, today: date, rng: np.random.Generator) -> str:
    match field.content:
        case FieldKind.DATE:
            return _day(field, today, rng).isoformat()
        case FieldKind.NUMBER:
            least = field.least or 1
            return str(int(rng.integers(least, max(field.most or 9, least) + 1)))
        case FieldKind.PHONE:
            return f"+1{one_of(words.AREA_CODES, rng)}55501{int(rng.integers(100)):02d}"
        case FieldKind.NPI:
            return with_check_digit(f"1{int(rng.integers(10**8)):08d}")
        case FieldKind.ICD10:
            return one_of(ICD10_CODES, rng)
        case _:
            choices = field.choices if isinstance(field, TextField) else ()
            return one_of(choices or words.OTHERS, rng)


def _day(field: WrittenField, today: date, rng: np.random.Generator) -> date:
    if field.when == "birth":
        least, most = PATIENT_AGES
        return today - timedelta(days=int(rng.integers(least * 366, most * 365)))
    away = timedelta(days=int(rng.integers(1, min(field.within_days or WITHIN_DAYS, WITHIN_DAYS))))
    return today + away if field.when == "future" else today - away
