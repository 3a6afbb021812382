"""Where the printed words of a design stand, measured with the typeface: they must not run into anything."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from pads.typeface import CAP_HEIGHT, DESCENT, MM_PER_PT, X_HEIGHT, Weight, shapeless, strange_characters, width_mm
from schemas.geometry import BoxMm, PointMm
from schemas.pad import Checkbox, CombField, PadDesign, PadField, SignatureField, TextField
from schemas.pad_rules import solid_parts

LABEL_PT = 7.0
LABEL_GAP_MM = 0.9  # from a label's baseline to the box below it
TICK_LABEL_GAP_MM = 1.3  # from a checkbox to its label
RULE_GAP_MM = 1.5  # from a left label's baseline to the writing rule beside it
WORD_CLEAR_MM = 0.8  # kept free right of words: a label that touches the next box is ticked by mistake
SERIAL_PT = 7.0
BESIDE_PART = 0.8  # words that share so much of their height with something stand beside it, not above or below
SERIAL_SAMPLE = "0000000"


class PlacedText(NamedTuple):
    """Words to print: `owner` is what to call them in a message, `at_mm` where their baseline starts."""

    owner: str
    text: str
    at_mm: PointMm
    size_pt: float
    weight: Weight

    @property
    def box_mm(self) -> BoxMm:
        """What the words keep to themselves: capital height to descender, and a little room to their right."""
        em_mm = self.size_pt * MM_PER_PT
        width = width_mm(self.text, self.size_pt, self.weight) + WORD_CLEAR_MM
        return BoxMm(self.at_mm.x, self.at_mm.y - CAP_HEIGHT * em_mm, width, (CAP_HEIGHT + DESCENT) * em_mm)


def label(field: PadField) -> PlacedText | None:
    """The printed label of a field, or None when it has none."""
    owner = f"label of field {field.name}"
    if not field.words or (not isinstance(field, Checkbox) and field.label_side == "none"):
        return None
    if isinstance(field, Checkbox):
        return PlacedText(owner, field.words, _beside(field.box_mm), LABEL_PT, "regular")
    at = _above(field.box_mm) if field.label_side == "above" else _left(field)
    return PlacedText(owner, field.words, at, LABEL_PT, "bold")


def printed_words(design: PadDesign) -> list[PlacedText]:
    """All words of the design that do not change from slip to slip."""
    words = [placed for field in design.fields if (placed := label(field))]
    for text in design.texts:
        words.append(PlacedText(f'text "{text.text}"', text.text, text.at_mm, text.size_pt, text.weight))
    return words


def label_faults(design: PadDesign) -> list[str]:
    """Printed words that leave the slip, meet something else or hold characters the typeface lacks."""
    serial = PlacedText("serial_at_mm", SERIAL_SAMPLE, design.imprint.serial_at_mm, SERIAL_PT, "regular")
    words = [*printed_words(design), serial]
    return [*_shapeless([*words, *_separators(design)]), *_off_the_slip(words, design), *_collisions(words, design)]


def _separators(design: PadDesign) -> list[PlacedText]:
    """What is printed between groups of cells, with the name to call it by."""
    return [
        PlacedText(f"separator of field {field.name}", field.separator, _above(field.box_mm), LABEL_PT, "regular")
        for field in design.fields
        if isinstance(field, CombField)
    ]


def _shapeless(words: list[PlacedText]) -> Iterator[str]:
    for placed in words:
        if strange := strange_characters(placed.text):
            yield f"{placed.owner}: {shapeless(strange)}"


def _off_the_slip(words: list[PlacedText], design: PadDesign) -> Iterator[str]:
    for placed in words:
        if not placed.box_mm.inside(design.slip_mm):
            box = placed.box_mm
            yield (
                f"{placed.owner}: reaches {box.right:.1f} x {box.bottom:.1f} mm from {box.x:.1f}, {box.y:.1f}, off the "
                "slip; shorten or move it"
            )


def _collisions(words: list[PlacedText], design: PadDesign) -> Iterator[str]:
    for placed in words:
        for name, box in solid_parts(design):
            if placed.box_mm.overlap_mm2(box) > 0.01:
                yield f"{placed.owner}: runs {_shared_mm(placed.box_mm, box):.1f} mm into {name}; shorten or move it"
    for one, other in combinations(words, 2):
        if one.box_mm.overlap_mm2(other.box_mm) > 0.01:
            yield f"{one.owner}: runs {_shared_mm(one.box_mm, other.box_mm):.1f} mm into {other.owner}"


def _shared_mm(one: BoxMm, other: BoxMm) -> float:
    """How much shorter words in `one` would have to be, or, where they stand above or below, how far to move."""
    shorter = one.right - other.x
    shared = min(one.bottom, other.bottom) - max(one.y, other.y)
    if one.x < other.x and shared > BESIDE_PART * one.h:
        return shorter
    return min(shorter, other.right - one.x, one.bottom - other.y, other.bottom - one.y)


def _beside(box: BoxMm) -> PointMm:
    """Right of a checkbox, the small letters level with its middle."""
    return PointMm(box.right + TICK_LABEL_GAP_MM, box.center.y + (CAP_HEIGHT + X_HEIGHT) / 4 * LABEL_PT * MM_PER_PT)


def _above(box: BoxMm) -> PointMm:
    return PointMm(box.x, box.y - LABEL_GAP_MM)


def _left(field: TextField | CombField | SignatureField) -> PointMm:
    """Level with the first writing rule."""
    lines = field.lines if isinstance(field, TextField) else 1
    return PointMm(field.box_mm.x - field.label_room_mm, field.box_mm.y + field.box_mm.h / lines - RULE_GAP_MM)
