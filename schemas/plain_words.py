"""What a model refused, in words for people: what to write, never the value that was written."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Limits = Mapping[str, Any]


def plain(detail: ErrorDetails) -> str:
    """What to do about one of a ValidationError's details, as it goes on after the field's name and a colon."""
    if detail["msg"].startswith("value is not a valid email address"):
        return "write one email address, such as desk@lakeside.example"
    if detail["type"] == "value_error":
        return detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "string_pattern_mismatch" and detail["loc"][-1:] == ("id",):
        return "write 2 to 40 small letters, digits or hyphens, a letter first"
    say = _WORDS.get(detail["type"])
    return say(detail.get("ctx", {})) if say else "check what is written here"


def wrong_fields(error: ValidationError) -> str:
    """Which fields do not fit and what to write, in one sentence without what was typed in them."""
    problems = {_name(detail["loc"]): plain(detail) for detail in error.errors(include_input=False)}
    return f"This does not fit: {'; '.join(f'{name}: {problem}' for name, problem in problems.items())}."


def _name(loc: tuple[int | str, ...]) -> str:
    return " ".join(str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in loc)


def _at_least(limits: Limits) -> str:
    least = limits["min_length"]
    return "fill it in" if least <= 1 else f"write at least {least} characters"


def _always(sentence: str) -> Callable[[Limits], str]:
    return lambda _limits: sentence


_FILL_IN = _always("fill it in")
_WHOLE = _always("write a whole number, in digits")
_NUMBER = _always("write a number, in digits")
_DAY = _always("write a date, as in 2026-11-20")

# By pydantic's names of what is wrong: https://docs.pydantic.dev/latest/errors/validation_errors/
_WORDS: Mapping[str, Callable[[Limits], str]] = {
    "missing": _FILL_IN,
    "extra_forbidden": _always("there is no such field"),
    "string_too_short": _at_least,
    "string_too_long": lambda limits: f"write at most {limits['max_length']} characters",
    "too_short": lambda limits: "fill in one or more" if limits["min_length"] == 1 else _few(limits["min_length"]),
    "too_long": lambda limits: f"enter at most {limits['max_length']}",
    "greater_than": lambda limits: f"write more than {limits['gt']:g}",
    "greater_than_equal": lambda limits: f"write {limits['ge']:g} or more",
    "less_than": lambda limits: f"write less than {limits['lt']:g}",
    "less_than_equal": lambda limits: f"write {limits['le']:g} or less",
    "enum": lambda limits: _choose(limits["expected"]),
    "literal_error": lambda limits: _choose(limits["expected"]),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), _NUMBER),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DAY),
}


def _few(least: int) -> str:
    return f"enter at least {least}"


def _choose(expected: str) -> str:
    names = expected.replace("'", "").replace("_", " ")
    return f"choose {names}"
