"""Bars: how sure a reading must be to pass without a person, for each kind of written value."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from pydantic import Field

from schemas.base import Value
from schemas.pad import CombField, FieldKind, TextField
from schemas.pad_parts import DATE_NAMES, PHONE_NAMES, PadField
from schemas.reading import TextReading


class ValueKind(StrEnum):
    """What kind of value a field says: each kind has a bar of its own, and is wrong in ways of its own.

    A known name is one of a closed list, or of people on record; an empty value says that nothing is written.
    """

    NUMBER = "number"
    DATE = "date"
    PHRASE = "phrase"
    NAME = "name"
    KNOWN_NAME = "known_name"
    EMPTY = "empty"


# The least confidence at which each kind passes until a studio's own slips tell more (docs/accuracy.md, "Confidence").
SHIPPED: Mapping[ValueKind, float] = MappingProxyType(dict.fromkeys(ValueKind, 0.97))


class Bars(Value):
    """The bars that refpad has chosen; a kind without one keeps the shipped bar."""

    chosen: dict[ValueKind, float] = Field(default_factory=dict)


SHIPPED_BARS = Bars()


def value_kind(field: PadField, reading: TextReading) -> ValueKind:
    """The kind of what was read in a written field; codes count with numbers, being signs one by one."""
    known = isinstance(field, TextField) and bool(field.choices)
    if reading.value and isinstance(field, TextField | CombField) and field.content is not FieldKind.TEXT:
        return ValueKind.DATE if field.content is FieldKind.DATE else ValueKind.NUMBER
    return value_kind_named(field.name, reading, known=known)


def value_kind_named(name: str, reading: TextReading, *, known: bool = False) -> ValueKind:
    """The same where only the field's name is at hand; `known` says that a closed list was given."""
    if not reading.value:
        return ValueKind.EMPTY
    if name in PHONE_NAMES:
        return ValueKind.NUMBER
    if name in DATE_NAMES:
        return ValueKind.DATE
    if known or reading.known:
        return ValueKind.KNOWN_NAME
    return ValueKind.NAME if name.endswith("_name") else ValueKind.PHRASE
