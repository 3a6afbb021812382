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
    Guides,
    PadDesign,
    PadField,
    SignatureField,
    TextField,
    cell_boxes_mm,
)

WRITING_RULE_MM = 0.25
# Dots of a guide: at 0.1 mm none shows on simulated scans in black and white (200 dpi, fax), 0 to 9 % reach a
# pen's darkness at 300 dpi; of 0.12 mm up to 3 % and 24 %. People see a hairline.
GUIDE_DOT_MM, GUIDE_PITCH_MM = 0.1, 0.4
LINE_END_MM = 2.4  # as high as the sides of a cell
CHECKBOX_STROKE_MM = 0.3
CELL_TICK = 0.4  # the part of a cell's height that its side strokes take: open tops leave the digits free
SEPARATOR_PT = 9.0
SEPARATOR_GAP_MM = 0.6  # from its baseline to the cells' lower edge


def draw_form(pen: Pen, design: PadDesign, *, guides: bool = True) -> None:
    """All that every slip of the edition has in common: marks, words, rules, boxes; dotted `guides` if asked for."""
    for marker, box in zip(FIDUCIAL_IDS, design.fiducials_mm(), strict=True):
        pen.modules(box, fiducial_modules(marker))
    for words in printed_words(design):
        pen.text(words.at_mm, words.text, words.size_pt, words.weight)
    for rule in design.rules:
        pen.line(rule.at_mm, PointMm(rule.at_mm.x + rule.length_mm, rule.at_mm.y), rule.thick_mm)
    for field in design.fields:
        _draw_field(pen, field, design.guides)
    if guides and design.guides is Guides.DOTTED:
        for field in design.fields:
            if isinstance(field, TextField):
                _draw_dots(pen, field)


def draw_code(pen: Pen, design: PadDesign, serial: int) -> None:
    """What differs from slip to slip: the code, and the serial in digits."""
    code = SlipCode(design=design.design, edition=design.edition, serial=serial)
    pen.modules(design.code_box_mm(), code_modules(code))
    pen.text(design.imprint.serial_at_mm, f"{serial:07d}" if serial else "proof", SERIAL_PT)


def _draw_field(pen: Pen, field: PadField, guides: Guides) -> None:
    match field:
        case Checkbox():
            pen.frame(field.box_mm, CHECKBOX_STROKE_MM)
        case CombField():
            _draw_comb(pen, field)
        case TextField() if guides is Guides.DOTTED:
            _draw_line_ends(pen, field)
        case TextField():
            for line in field.guides_mm:
                pen.line(PointMm(line.x, line.y), PointMm(line.right, line.y), WRITING_RULE_MM)
        case SignatureField():
            box = field.box_mm
            pen.line(PointMm(box.x, box.bottom), PointMm(box.right, box.bottom), WRITING_RULE_MM)


def _draw_line_ends(pen: Pen, field: TextField) -> None:
    """What is solid of a dotted guide: an upright stroke at each of its ends vouches for the field on a coarse fax."""
    for line in field.guides_mm:
        for x in (line.x, line.right):
            pen.line(PointMm(x, line.y - LINE_END_MM), PointMm(x, line.y), WRITING_RULE_MM)


def _draw_dots(pen: Pen, field: TextField) -> None:
    for line in field.guides_mm:
        pen.dots(PointMm(line.x, line.y), PointMm(line.right, line.y), GUIDE_DOT_MM, GUIDE_PITCH_MM)


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
