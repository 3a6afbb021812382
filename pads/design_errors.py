"""What is wrong with a design file, in words of the design: field and figure instead of types and indexes."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.pad import FieldKind

KINDS = ", ".join(kind.value for kind in FieldKind)


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
            return f'{place}: "{given}" does not fit {told["pattern"]}'
        case "union_tag_invalid" | "union_tag_not_found":
            return f"{place}: its kind is none of {KINDS}"
        case _:
            return f"{place}: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _place(where: tuple[int | str, ...], data: dict[str, Any]) -> str:
    """The place in the file; a field is called by its name, other entries of a list are counted from 1."""
    steps = [f"{step + 1}" if isinstance(step, int) else step for step in where]
    if len(where) < 2 or where[0] != "fields" or not isinstance(where[1], int):
        return " ".join(steps)
    entry = data["fields"][where[1]]
    known = entry if isinstance(entry, dict) else {}
    inner = [step for step, raw in zip(steps[2:], where[2:], strict=True) if raw != known.get("kind")]
    return " ".join(["field", str(known.get("name", steps[1])), *inner])
