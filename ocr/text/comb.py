"""Digits in printed cells: which cells are filled, and what the digits mean."""

from datetime import date

from ocr.scale import PX_PER_MM, px_box
from ocr.text.lines import FieldInk
from schemas.dates import Tense, parse_date
from schemas.pad import CombField, FieldKind, cell_boxes_mm
from schemas.phones import parse_phone

# A filled cell holds at least a 1 of 2.5 mm drawn with a 0.3 mm pen.
DIGIT_LEAST_MM2 = 0.5
_INK = 128


def filled_cells(found: FieldInk, field: CombField) -> int:
    """How many of the field's cells have a digit's worth of ink in them."""
    boxes = [px_box(cell) for group in cell_boxes_mm(field) for cell in group]
    return sum(_ink_between(found, left, right) >= DIGIT_LEAST_MM2 for left, _, right, _ in boxes)


def _ink_between(found: FieldInk, left_px: int, right_px: int) -> float:
    """Ink in mm2 between two columns of the slip."""
    counted = 0
    for line in found.lines:
        part = line.picture[:, max(left_px - line.left_px, 0) : max(right_px - line.left_px, 0)]
        counted += int((part < _INK).sum())
    return counted / PX_PER_MM**2


def meaning(digits: str, field: CombField, received_on: date) -> str | None:
    """The E.164 phone or ISO date that `digits` stand for; None when they are neither."""
    if field.kind is FieldKind.PHONE:
        return parse_phone(digits).e164
    tense: Tense = "future" if field.name.startswith("next") else "past"
    on = parse_date(separated(digits, field), received_on, tense).on
    return on.isoformat() if on else None


def separated(digits: str, field: CombField) -> str:
    """The digits in the groups that the cells are printed in: 10/14/26."""
    groups, rest = [], digits
    for size in field.cells:
        groups.append(rest[:size])
        rest = rest[size:]
    return (field.separator or "-").join(group for group in [*groups, rest] if group)
