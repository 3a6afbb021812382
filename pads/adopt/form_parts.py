"""What was found on an empty form, and how its words become labels and names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.geometry import BoxMm

LABEL_MOST, NAME_MOST = 60, 40  # characters
JOINED_MM = 3.0  # between words of one label, of which 8 pt Courier leaves 1.7


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


class Room(NamedTuple):
    """A place to write in, of so many lines, what is printed to say what for, and whether that asks for something."""

    box_mm: BoxMm
    lines: int
    label: str
    asks: bool


def is_asking(text: str) -> bool:
    """Whether printed words ask: they end with a colon, a question mark, or a number sign."""
    return text.rstrip(" _.").endswith((":", "?", "#"))


def joined_words(printed: FormParts) -> list[FormWords]:
    """The words, those of one line that stand close together as one: typewriter faces part them.

    Not across a box or a rule, nor behind a colon.
    """
    joined: list[FormWords] = []
    for word in sorted(printed.words, key=lambda word: (round(word.box_mm.center.y / 2), word.box_mm.x)):
        before = joined[-1] if joined else None
        if before is not None and _belong_together(before, word, printed):
            left, box = before.box_mm, word.box_mm
            top, bottom = min(left.y, box.y), max(left.bottom, box.bottom)
            both = BoxMm(left.x, top, box.right - left.x, bottom - top)
            joined[-1] = FormWords(f"{before.text} {word.text}", both)
        else:
            joined.append(word)
    return joined


def _belong_together(before: FormWords, word: FormWords, printed: FormParts) -> bool:
    gap = word.box_mm.x - before.box_mm.right
    if not (0 <= gap <= JOINED_MM and is_level(word.box_mm, before.box_mm)) or before.text.rstrip().endswith(":"):
        return False
    parts = (
        part for part in (*printed.boxes, *printed.rules) if part.x < word.box_mm.x and part.right > before.box_mm.right
    )
    return not any(before.box_mm.y - 1 <= part.bottom and part.y <= before.box_mm.bottom + 2 for part in parts)


def is_level(one: BoxMm, other: BoxMm) -> bool:
    """Whether two things stand on one line."""
    return abs(one.center.y - other.center.y) <= max(1.2, other.h / 2)


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
