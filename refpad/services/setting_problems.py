"""What is wrong with a setting as it was typed, in a sentence that says what to write."""

import json
import re
from collections.abc import Mapping
from typing import Any

from annotated_types import Ge, Gt, Le, MaxLen
from pydantic import BaseModel, EmailStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import SettingsError

from refpad.services.setting_fields import SettingField, find_field
from refpad.setting_sources import PREFIX
from schemas.phones import phone_problem

CHOICES_MOST = 12  # more would be no sentence
KEPT_IN_PRACTICE = "In practice the settings stay as they are: stop practice, and set up your own with refpad up."
SUCH_AS = {
    "time_zone": "a time zone such as America/New_York",
    "follow_ups.holidays": "a country's code, such as US",
    "backup.folder": "/media/backup/refpad",
}
EMAIL = "Write one email address, such as desk@lakeside.example."
# What to write where a model of ours refuses a value by a rule of its own.
OWN = {
    "senders": "write addresses or @domains, such as desk@northside.example, @harbor.example",
    "fax_address": "write the gateway's address with {fax} for the number, such as {fax}@fax.example",
}
SECRET = re.compile(r"password|auth|database_url")
SHOWN_MOST = 60  # characters of a wrong value: enough to find it
# What is a list, and how one is written.
LISTS = {
    "working_days": '["Monday", "Thursday"]',
    "unreleased": '["thank_you", "progress_report"]',
    "lan_names": '["desk", "desk.local"]',
}
# What to write, by how Pydantic names the errors of its own.
LIMITS = {
    "greater_than": ("write more than", "gt"),
    "greater_than_equal": ("write at least", "ge"),
    "less_than": ("write less than", "lt"),
    "less_than_equal": ("write at most", "le"),
    "string_too_long": ("write at most", "max_length"),
    "string_too_short": ("write at least", "min_length"),
}
KINDS = (
    ("path_unusable", "write a path of this machine, such as /srv/refpad, or leave it out"),
    ("database_unusable", "write postgresql://USER:PASSWORD@HOST/DATABASE, or leave it out"),
    ("finite_number", "write a number, in digits"),
    ("extra_forbidden", "there is no setting of that name: see docs/settings.md for all of them"),
    ("int", "write a whole number, in digits"),
    ("float", "write a number, in digits"),
    ("bool", "write true or false"),
    ("date", "write a day as YYYY-MM-DD"),
    ("too_short", "name at least one"),
    ("value_error", "write one email address, such as desk@lakeside.example"),
    ("model", "write its settings below it, each with a name"),
    ("dict", "write its settings below it, each with a name"),
    ("string", "write it in quotation marks"),
    ("path", "write the path in quotation marks"),
)
PATTERNS = {
    "address": "write an address such as 127.0.0.1",
    "origin": "write the address in small letters, https first and nothing behind it: https://desk.example",
    "prefect_url": "write the address with nothing behind it: http://prefect.example:4200",
    "prefect_page": "write the address with nothing behind it: http://prefect.example:4200",
    "files": "write s3://BUCKET/PREFIX, such as s3://refpad-files/lakeside",
    "files_endpoint": "write the store's address, such as https://files.example:9000",
    "pool": "write a name in letters a-z, digits and -, such as refpad",
    "holidays": "write a country's two letters (ISO 3166-1), such as US",
    "phone_region": "write a country's two letters (ISO 3166-1), such as US",
}


def problems_of(group: str, model: type[BaseModel], error: ValidationError) -> dict[str, str]:
    """A sentence for each setting of the group that its model refused, by name."""
    names = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors(include_input=False))
    return {f"{group}.{name}": what_to_write(find_field(f"{group}.{name}"), model.model_fields[name]) for name in names}


def what_to_write(field: SettingField, info: FieldInfo) -> str:
    """The sentence for a value that cannot be; `info` is the model's own of the field, with its limits."""
    if field.kind in ("choice", "checks"):
        return _choose(field)
    if (own := OWN.get(field.name.rpartition(".")[2])) is not None:
        return f"{own[:1].upper()}{own[1:]}."
    if field.kind == "number":
        return f"Write a {'whole ' if info.annotation is int else ''}number{_range(info)}, in digits."
    if field.kind == "email":
        return EMAIL
    most = _limits(info).get(MaxLen)
    return f"Write at most {most} characters." if most else "Write it on one line."


def wrong_settings(error: ValidationError) -> str:
    """A sentence for each setting that cannot be, by its name in the settings file, with its value and what may be."""
    told = {".".join(name for name in map(str, detail["loc"]) if not name.isdigit()): detail for detail in _all(error)}
    return " ".join(f"{name}{_value(name, detail)}: {_allowed(detail)}." for name, detail in told.items())


def wrong_variable(error: SettingsError, variables: Mapping[str, str]) -> str:
    """A sentence about the variable that holds no JSON, where a setting is a list or a group is set as a whole."""
    group = PREFIX + next(iter(re.findall(r'field "(\w+)"', str(error))), "").upper()
    for name, value in variables.items():
        example = LISTS.get(name.rpartition("__")[2].lower())
        if example is not None and name.upper().startswith(group) and not _is_json(value):
            return f"{name} in the environment is no list: write one, such as {example}."
    return f"{group} in the environment cannot be understood: set each of its settings by itself, as {group}__..."


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _all(error: ValidationError) -> list[dict[str, Any]]:
    """The errors, the first of each setting last: it is the cause of its others ("too short" of what is left)."""
    return [dict(detail) for detail in reversed(error.errors())]


def _value(name: str, detail: Mapping[str, Any]) -> str:
    """The value as it was written; nothing of a group, or of one that may be secret, as behind a mistyped name."""
    value = detail["input"]
    is_unknown = str(detail["type"]).startswith(("extra_forbidden", "model", "dict"))
    if is_unknown or SECRET.search(name) or not isinstance(value, str | int | float | bool):
        return ""
    return f' is "{value if len(str(value)) <= SHOWN_MOST else str(value)[:SHOWN_MOST] + "..."}"'


def _allowed(detail: Mapping[str, Any]) -> str:
    """What to write instead."""
    kind, limits = str(detail["type"]), detail.get("ctx", {})
    if kind in LIMITS:
        words, limit = LIMITS[kind]
        if limits[limit] == 1 and "string" in kind:
            return "write it, or leave the setting out"
        return f"{words} {limits[limit]:g}" + (" characters" if "string" in kind else "")
    if "expected" in limits:
        return f"write {str(limits['expected']).replace(chr(39), '')}"
    if kind == "value_error" and detail["loc"][-1] in OWN:
        return OWN[detail["loc"][-1]]
    if kind.startswith(("tuple", "list")):
        return f"write a list, such as {LISTS[str(detail['loc'][-1])]}"
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(str(detail["loc"][-1]), "see docs/settings.md for what it may be")
    return next((words for start, words in KINDS if kind.startswith(start)), "see docs/settings.md for what it may be")


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
        problem = phone_problem(value, region)
        return f"{problem[:1].upper()}{problem[1:]}." if problem else ""
    if field.kind == "email":
        return _email_problem(value)
    return "" if any(map(str.isalnum, value)) else "Enter it, in letters or digits."


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
