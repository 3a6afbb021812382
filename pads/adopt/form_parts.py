"""What was found on an empty form, and how its words become labels and names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.geometry import BoxMm

LABEL_MOST, NAME_MOST = 60, 40  # characters


class FormWords(NamedTuple):
    """Printed words and their place."""

    text: str
    box_mm: BoxMm


@dataclass(frozen=True)
class FormParts:
    """What was found on an empty form, top to bottom: boxes to tick, rules, the insides of frames, words."""

    boxes: Sequence[BoxMm]
    rules: Sequence[BoxMm]
    frames: Sequence[BoxMm]
    words: Sequence[FormWords]


def is_level(one: BoxMm, other: BoxMm) -> bool:
    """Whether two things stand on one line."""
    return abs(one.centre.y - other.centre.y) <= max(1.2, other.h / 2)


def plain(text: str) -> str:
    """A label without its colon, its line of dots, and signs that no label has."""
    return re.sub(r"[_.\s:|]+$", "", re.sub(r"[^\w\s/&,.'()#:+-]", "", text)).strip()[:LABEL_MOST] or "?"


def slug(text: str) -> str:
    """The text as a name that a field can have."""
    slug = re.sub(r"[^a-z0-9]+", "_", text.casefold().replace("'", "")).strip("_")[:30].strip("_")
    return slug if re.match(r"[a-z][a-z0-9_]", slug) else f"box_{slug}".strip("_")


def unused(name: str, taken: set[str]) -> str:
    """The name, numbered when it is taken; it is taken from now on."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free
