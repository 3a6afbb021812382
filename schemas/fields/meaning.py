"""What the writing in a field means: the value that a record holds of it, or why it has none."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from schemas.codes.icd10cm import as_code, code_problem
from schemas.codes.npi import as_npi, npi_problem
from schemas.dates import parse_date
from schemas.fields.kinds import CombField, TextField
from schemas.fields.roles import FieldKind
from schemas.phones import parse_phone

WrittenField: TypeAlias = TextField | CombField
_NUMBER = re.compile(r"[0-9]{1,9}")


class Meaning(NamedTuple):
    """The value as the record holds it (dates ISO 8601, phones E.164), or in a few words why there is none."""

    value: str | int | None = None
    problem: str = ""


class Circumstances(NamedTuple):
    """When the slip arrived, and the country whose phones are written without a code."""

    received_on: date
    phone_region: str


def meaning_of(field: WrittenField, written: str, received_on: date, phone_region: str) -> Meaning:
    """What `written`, which is not empty, means in this field."""
    return _MEANINGS[field.content](field, written, Circumstances(received_on, phone_region))


def _text(field: WrittenField, written: str, _: Circumstances) -> Meaning:
    return Meaning(written)


def _phone(field: WrittenField, written: str, around: Circumstances) -> Meaning:
    parsed = parse_phone(written, around.phone_region)
    return Meaning(parsed.e164, parsed.problem)


def _date(field: WrittenField, written: str, around: Circumstances) -> Meaning:
    parsed = parse_date(written, around.received_on, field.when or "past")
    return Meaning(parsed.on.isoformat() if parsed.on else None, parsed.problem)


def _number(field: WrittenField, written: str, _: Circumstances) -> Meaning:
    if not _NUMBER.fullmatch(written):
        return Meaning(problem="it is no whole number")
    number = int(written)
    if field.least is not None and number < field.least:
        return Meaning(problem=f"it is {number}, below {field.least}")
    if field.most is not None and number > field.most:
        return Meaning(problem=f"it is {number}, above {field.most}")
    return Meaning(number)


def _icd10(field: WrittenField, written: str, _: Circumstances) -> Meaning:
    problem = code_problem(written)
    return Meaning(problem=problem) if problem else Meaning(as_code(written))


def _npi(field: WrittenField, written: str, _: Circumstances) -> Meaning:
    problem = npi_problem(written)
    return Meaning(problem=problem) if problem else Meaning(as_npi(written))


_MEANINGS: Mapping[FieldKind, Callable[[WrittenField, str, Circumstances], Meaning]] = MappingProxyType(
    {
        FieldKind.TEXT: _text,
        FieldKind.PHONE: _phone,
        FieldKind.DATE: _date,
        FieldKind.NUMBER: _number,
        FieldKind.ICD10: _icd10,
        FieldKind.NPI: _npi,
    }
)
