"""The look of a slip: one drawing code for the print and for the picture that the reader subtracts."""

from itertools import pairwise

from pads.labels import SERIAL_PT, printed_words
from pads.pdf_canvas import Pen
from pads.symbols import code_modules, fiducial_modules
from pads.typeface import width_mm
from schemas.code import SlipCode
from schemas.geometry import BoxMm, PointMm
from schemas.pad import (
    FIDUCIAL_IDS,
    Checkbox,
    CombField,
    PadDesign,
    PadField,
    SignatureField,
    TextField,
    cell_boxes_mm,
)

WRITING_RULE_MM = 0.25
CHECKBOX_STROKE_MM = 0.3
CELL_TICK = 0.4  # the part of a cell's height that its side strokes take: open tops leave the digits free
SEPARATOR_PT = 9.0
SEPARATOR_GAP_MM = 0.6  # from its baseline to the cells' lower edge


def draw_form(pen: Pen, design: PadDesign) -> None:
    """All that every slip of the edition has in common: marks, words, rules, boxes."""
    for marker, box in zip(FIDUCIAL_IDS, design.fiducials_mm(), strict=True):
        pen.modules(box, fiducial_modules(marker))
    for words in printed_words(design):
        pen.text(words.at_mm, words.text, words.size_pt, words.weight)
    for rule in design.rules:
        pen.line(rule.at_mm, PointMm(rule.at_mm.x + rule.length_mm, rule.at_mm.y), rule.thick_mm)
    for field in design.fields:
        _draw_field(pen, field)


def draw_code(pen: Pen, design: PadDesign, serial: int) -> None:
    """What differs from slip to slip: the code, and the serial in digits."""
    code = SlipCode(design=design.design, edition=design.edition, serial=serial)
    pen.modules(design.code_box_mm(), code_modules(code))
    pen.text(design.imprint.serial_at_mm, f"{serial:07d}" if serial else "proof", SERIAL_PT)


def _draw_field(pen: Pen, field: PadField) -> None:
    match field:
        case Checkbox():
            pen.frame(field.box_mm, CHECKBOX_STROKE_MM)
        case CombField():
            _draw_comb(pen, field)
        case TextField():
            _draw_rules(pen, field.box_mm, field.lines)
        case SignatureField():
            _draw_rules(pen, field.box_mm, 1)


def _draw_rules(pen: Pen, box: BoxMm, lines: int) -> None:
    for line in range(1, lines + 1):
        y = box.y + box.h * line / lines
        pen.line(PointMm(box.x, y), PointMm(box.right, y), WRITING_RULE_MM)


def _draw_comb(pen: Pen, field: CombField) -> None:
    groups = cell_boxes_mm(field)
    for cells in groups:
        first, last = cells[0], cells[-1]
        pen.line(PointMm(first.x, first.bottom), PointMm(last.right, last.bottom), WRITING_RULE_MM)
        for x in (*(cell.x for cell in cells), last.right):
            pen.line(PointMm(x, first.bottom - CELL_TICK * first.h), PointMm(x, first.bottom), WRITING_RULE_MM)
    if field.separator:
        for left, right in pairwise(groups):
            _draw_separator(pen, field.separator, left[-1], right[0])


def _draw_separator(pen: Pen, separator: str, left: BoxMm, right: BoxMm) -> None:
    x = (left.right + right.x) / 2 - width_mm(separator, SEPARATOR_PT) / 2
    pen.text(PointMm(x, left.bottom - SEPARATOR_GAP_MM), separator, SEPARATOR_PT)
