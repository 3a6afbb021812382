"""What is wrong with a design file, in words of the design: field and figure instead of types and indexes."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.fields.kinds import NAME_PATTERN
from schemas.pad import FieldKind
from schemas.pad_id import DESIGN_PATTERN

KINDS = ", ".join(kind.value for kind in FieldKind)
PATTERNS = {
    DESIGN_PATTERN: "2 to 5 lowercase letters and digits, a letter first",
    NAME_PATTERN: "2 to 40 lowercase letters, digits and _, a letter first",
}
NUMBER, WHOLE, YES = "a number, as in 107.95", "a whole number", "true or false"
WANTED = {
    "float_parsing": NUMBER,
    "float_type": NUMBER,
    "finite_number": NUMBER,
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_type": WHOLE,
    "int_from_float": WHOLE,
    "bool_parsing": YES,
    "bool_type": YES,
    "string_type": "text in quotation marks",
    "tuple_type": "a list in brackets, as in [1, 2]",
    "named_tuple_type": "figures in brackets, as in [4.0, 30.5]",
    "model_type": "an entry in braces, as in { name = ... }",
    "model_attributes_type": "an entry in braces, as in { name = ... }",
}
_QUOTED = re.compile("'([^']*)'")  # pydantic lists what there is as 'solid' or 'dotted'
SHOWN_MOST = 40  # characters of what was given
NAMED_LISTS = {"fields": "field", "groups": "group"}


def error_sentences(error: ValidationError, data: dict[str, Any]) -> list[str]:
    """One sentence for each thing wrong with `data`; a design holds nobody's secrets, so figures are shown."""
    return [_sentence(detail, data) for detail in error.errors()]


def _sentence(detail: ErrorDetails, data: dict[str, Any]) -> str:
    place, given, told = _place(detail["loc"], data), detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(told["error"])
        case "missing":
            return f"{place}: missing"
        case "extra_forbidden":
            return f"{place}: no such entry; see docs/pad-designs.md"
        case "greater_than_equal":
            return f"{place}: {given} is below {told['ge']}"
        case "greater_than":
            return f"{place}: {given} is not above {told['gt']}"
        case "less_than_equal":
            return f"{place}: {given} is above {told['le']}"
        case "string_pattern_mismatch":
            pattern = str(told["pattern"])
            return f'{place}: "{given}" does not fit; it must be {PATTERNS.get(pattern, pattern)}'
        case "tuple_type" | "named_tuple_type" if "blocks_when" in detail["loc"]:
            return f'{place}: {_shown(given)} must be a table of boxes, as in {{ cleared_no = "..." }}'
        case "union_tag_invalid" | "union_tag_not_found":
            return f"{place}: its kind is none of {KINDS}"
        case _:
            return f"{place}: {_of_value(detail['type'], given, told) or detail['msg'].lower()}"


def _of_value(kind: str, given: object, told: Mapping[str, Any]) -> str | None:
    """What is wrong with a value that is of another type, too long, too short or none of a list."""
    match kind:
        case "string_too_short" | "too_short":
            return "is empty" if not given else f"has {_count(given)}, below {told['min_length']}"
        case "string_too_long" | "too_long":
            return f"has {_count(given)}, above {told['max_length']}"
        case "enum" | "literal_error":
            return f"{_shown(given)} is none of {', '.join(_QUOTED.findall(told['expected']))}"
        case _ if kind in WANTED:
            return f"{_shown(given)} must be {WANTED[kind]}"
        case _:
            return None


def _count(given: object) -> str:
    return f"{len(given)} {'characters' if isinstance(given, str) else 'entries'}" if hasattr(given, "__len__") else "1"


def _shown(given: object) -> str:
    """What stands in the file, as TOML has it, cut where it is long."""
    text = str(given).lower() if isinstance(given, bool) else f'"{given}"' if isinstance(given, str) else str(given)
    return text if len(text) <= SHOWN_MOST else f"{text[:SHOWN_MOST]}…"


def _place(where: tuple[int | str, ...], data: dict[str, Any]) -> str:
    """The place in the file; fields and groups are called by their names, other entries of a list counted from 1."""
    if len(where) < 2 or where[0] not in NAMED_LISTS or not isinstance(where[1], int):
        return " ".join(_steps(where))
    entry = data[where[0]][where[1]]
    known = entry if isinstance(entry, dict) else {}
    inner = [step for step in where[2:] if step != known.get("kind")]
    return " ".join([NAMED_LISTS[where[0]], str(known.get("name", where[1] + 1)), *_inner(inner, known)])


def _inner(where: list[int | str], known: Mapping[str, Any]) -> list[str]:
    """Below a field or group; an entry of a table, which is read as a list, is called by its name."""
    table = known.get(str(where[0])) if where else None
    if isinstance(table, Mapping) and len(where) > 1 and isinstance(where[1], int):
        return [str(where[0]), list(table)[where[1]]]
    return _steps(where)


def _steps(where: tuple[int | str, ...] | list[int | str]) -> list[str]:
    return [f"{step + 1}" if isinstance(step, int) else step for step in where]
