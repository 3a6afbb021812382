"""What is wrong with a setting as it was typed, in a sentence that says what to write."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers
from annotated_types import Ge, Gt, Le, MaxLen
from pydantic import BaseModel, EmailStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from refpad.services.setting_fields import SettingField, find_field
from schemas.phones import parse_phone

CHOICES_MOST = 12  # more would be no sentence
SUCH_AS = {"time_zone": "a time zone such as America/New_York", "follow_ups.holidays": "a country's code, such as US"}
EMAIL = "Write one email address, such as desk@lakeside.example."
_EXTENSION = re.compile(r",?\s*(?:ext\.?|extension|x)\s*\d{1,6}$", re.IGNORECASE)


def problems_of(group: str, model: type[BaseModel], error: ValidationError) -> dict[str, str]:
    """A sentence for each setting of the group that its model refused, by name."""
    names = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors(include_input=False))
    return {f"{group}.{name}": what_to_write(find_field(f"{group}.{name}"), model.model_fields[name]) for name in names}


def what_to_write(field: SettingField, info: FieldInfo) -> str:
    """The sentence for a value that cannot be; `info` is the model's own of the field, with its limits."""
    if field.kind in ("choice", "checks"):
        return _choose(field)
    if field.kind == "number":
        return f"Write a {'whole ' if info.annotation is int else ''}number{_range(info)}, in digits."
    if field.kind == "email":
        return EMAIL
    most = _limits(info).get(MaxLen)
    return f"Write at most {most} characters." if most else "Write it on one line."


def studio_problems(fields: Mapping[str, str], region: str) -> dict[str, str]:
    """A sentence for each of the studio's fields that others could not use as printed, by name; `region` as in US.

    Checked when they are set, not when they are read: a studio at work does not stop for them.
    """
    problems = {}
    for name, value in fields.items():
        field = find_field(f"studio.{name}")
        if value and (problem := _studio_problem(field, value, region)):
            problems[field.name] = problem
    return problems


def _studio_problem(field: SettingField, value: str, region: str) -> str:
    if field.kind == "tel":
        return _phone_problem(value, region)
    if field.kind == "email":
        return _email_problem(value)
    return "" if any(map(str.isalnum, value)) else "Enter it, in letters or digits."


def _phone_problem(value: str, region: str) -> str:
    reading = parse_phone(_EXTENSION.sub("", value), region)
    if reading.e164:
        return ""
    code = phonenumbers.country_code_for_region(region)
    home = f"in {region} (+{code})" if code else f"in {region}"
    return f"Write a telephone number that is valid {home} with its area code, or one of another country after its +."


def _email_problem(value: str) -> str:
    try:
        address = TypeAdapter(EmailStr).validate_python(value)
    except ValidationError:
        return EMAIL
    return "" if address.casefold() == value.casefold() else EMAIL  # "Kim <kim@lakeside.example>" is no address


def _choose(field: SettingField) -> str:
    what = "Choose" if field.kind == "choice" else "Choose one or more:"
    if len(field.choices) > CHOICES_MOST:
        return f"{what} {SUCH_AS[field.name]}."
    *others, last = (value for value, _ in field.choices)
    return f"{what} {', '.join(others)} or {last}."


def _range(info: FieldInfo) -> str:
    limits = _limits(info)
    most = f"{limits[Le]:.0f}" if Le in limits else ""
    if Gt in limits:
        return f" above {limits[Gt]:.0f}" + (f" and up to {most}" if most else "")
    return f" from {limits[Ge]:.0f} to {most}"


def _limits(info: FieldInfo) -> dict[type, Any]:
    """The limits by kind: {Ge: 1, Le: 60}."""
    names = {Ge: "ge", Gt: "gt", Le: "le", MaxLen: "max_length"}
    return {
        kind: getattr(limit, key) for limit in info.metadata for kind, key in names.items() if isinstance(limit, kind)
    }
