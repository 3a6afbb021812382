"""Digits in printed cells: how they are shown to a reader, which cells are filled, and what the digits mean."""

from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.connected import find_parts
from ocr.scale import PX_PER_MM, px_box
from ocr.text.lines.remove_print import INK_LEAST
from ocr.text.lines.segment_lines import FieldInk
from ocr.text.lines.strikes import has_straight_run
from schemas.fields.meaning import meaning_of
from schemas.judging.dates import AGE_MOST, age_on
from schemas.pad import CombField, FieldKind, cell_boxes_mm

# A filled cell holds at least a 1 of 2.5 mm drawn with a 0.3 mm pen.
DIGIT_LEAST_MM2 = 0.5
_PAPER = 255
# Digits in cells stand wider apart than the reader knows them: closed up, or squeezed, they are read as well
# and in two thirds of the time (425 and 427 of 444 fields right, 421 as they stand).
GAP_MOST_MM = 1.0
SQUEEZE = 0.7


# A straight line as long as this many cells strikes digits out, and a stroke that joins so many does in any shape. In
# 447 filled fields of 160 slips by 20 people, digits that touch make straight runs of 1.96 cells and strokes of 2.93.
STRAIGHT_LEAST_CELLS = 2.0
JOINED_LEAST_CELLS = 3.3


def digit_views(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Two pictures of the same digits (H, W): one with the gaps between them closed up, one squeezed."""
    gap_px = round(GAP_MOST_MM * PX_PER_MM)
    columns = np.arange(picture.shape[1])
    last_ink = np.maximum.accumulate(np.where((picture < _PAPER).any(axis=0), columns, 0))
    closed_up = picture[:, columns - last_ink <= gap_px]
    width = max(1, round(picture.shape[1] * SQUEEZE))
    squeezed = cv2.resize(picture, (width, len(picture)), interpolation=cv2.INTER_AREA)
    return closed_up, np.asarray(squeezed, np.uint8)


def are_filled(found: FieldInk, field: CombField) -> list[bool]:
    """For each cell of the field, in reading order, whether it holds a digit's worth of ink."""
    boxes = [px_box(cell) for group in cell_boxes_mm(field) for cell in group]
    return [_ink_between(found, left, right) >= DIGIT_LEAST_MM2 for left, _, right, _ in boxes]


def used_cells(found: FieldInk, field: CombField) -> list[int]:
    """The cells that a value stands in: all of them; of a number those that are filled, of a code those to the last.

    An empty list when one between them is empty: what stands there is no value.
    """
    filled = are_filled(found, field)
    inked = [at for at, is_filled in enumerate(filled) if is_filled]
    if field.kind is FieldKind.NUMBER or (field.kind is FieldKind.ICD10 and filled[0]):
        return inked if inked and len(inked) == inked[-1] - inked[0] + 1 else []
    return list(range(len(filled))) if all(filled) else []


def is_struck_out(found: FieldInk, field: CombField) -> bool:
    """Whether a line runs through several of the field's cells: what is read beneath it does not count any more."""
    cell_px = px_box(cell_boxes_mm(field)[0][0])
    wide_px = cell_px[2] - cell_px[0]
    masks = [np.where(line.picture < _PAPER - INK_LEAST, np.uint8(255), np.uint8(0)) for line in found.lines]
    return any(
        has_straight_run(mask, round(STRAIGHT_LEAST_CELLS * wide_px))
        or _widest_stroke_px(mask) >= JOINED_LEAST_CELLS * wide_px
        for mask in masks
    )


def _widest_stroke_px(mask: NDArray[np.uint8]) -> int:
    _, stats, _ = find_parts(mask)
    return int(stats[1:, cv2.CC_STAT_WIDTH].max()) if len(stats) > 1 else 0


def _ink_between(found: FieldInk, left_px: int, right_px: int) -> float:
    """Ink in mm2 between two columns of the slip."""
    counted = 0
    for line in found.lines:
        part = line.picture[:, max(left_px - line.left_px, 0) : max(right_px - line.left_px, 0)]
        counted += int((part < _PAPER).sum())
    return counted / PX_PER_MM**2


def parse_digits(digits: str, field: CombField, received_on: date, phone_region: str) -> str | None:
    """What `digits` mean in the field as records hold it, phones of `phone_region`; None when they mean nothing."""
    written = group_digits(digits, field) if field.kind is FieldKind.DATE else digits
    value = meaning_of(field, written, received_on, phone_region).value
    if value is None:
        return None
    if field.when == "birth" and not 0 <= age_on(date.fromisoformat(str(value)), received_on) <= AGE_MOST:
        return None
    return str(value)


def group_digits(digits: str, field: CombField) -> str:
    """The digits in the groups that the cells are printed in: 10/14/26."""
    groups, rest = [], digits
    for size in field.cells:
        groups.append(rest[:size])
        rest = rest[size:]
    return (field.separator or "-").join(group for group in [*groups, rest] if group)
