"""The settings as a bug report may tell them: figures and choices, and of all else only whether it is set."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from refpad.settings import Settings

# Texts that are choices of a list the program knows, though their type does not say so.
OF_A_LIST = frozenset({"time_zone", "policy.phone_region", "follow_ups.holidays"})
SET, SHIPPED, NONE = "set", "as shipped", "not set"


def told_settings(settings: Settings) -> dict[str, object]:
    """Each setting by its name, "follow_ups.holidays"; no text that somebody typed."""
    return dict(_told(settings, ""))


def _told(model: BaseModel, prefix: str) -> Iterator[tuple[str, object]]:
    for name, field in type(model).model_fields.items():
        value, path = getattr(model, name), f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from _told(value, f"{path}.")
        else:
            yield path, value if path in OF_A_LIST else _as_told(value, field)


def _as_told(value: object, field: FieldInfo) -> object:
    if value is None:
        return NONE
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int | float) or value in _choices(field.annotation):
        return value
    if isinstance(value, tuple | list | set | frozenset):
        return [_one_of_many(each, field) for each in value]
    is_typed = isinstance(value, str | Path | SecretStr)
    return SHIPPED if is_typed and value == field.get_default(call_default_factory=True) else SET


def _one_of_many(value: object, field: FieldInfo) -> object:
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, int) or value in _choices(field.annotation) else SET


def _choices(annotation: object) -> tuple[object, ...]:
    """The values that a type spells out."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(choice for inner in get_args(annotation) for choice in _choices(inner))
