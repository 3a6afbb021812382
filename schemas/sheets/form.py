"""The form of an answer sheet: the fields of a pad that an office is asked for, laid out anew, larger than on the slip.

Frozen like an edition of a pad: sheets that are out come back for months. A change is a new form (schemas.sheet_code).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field, model_validator

from schemas.geometry import BoxMm, PointMm
from schemas.pad import SIGNATURE, Checkbox, CombField, FieldKind, PadDesign, PadField, SignatureField, TextField
from schemas.pad_parts import CODE_MIN_MM, CODE_MODULES, CODE_QUIET_MODULES, FIDUCIAL_INSET_MM, FIDUCIAL_MM, PrintedText

WIDTH_MM = 176.0  # between the margins of a letter
LEFT_MM, ROOM_MM = 14.0, 124.0  # of the rows: right of the left corner marks, up to the code
TOP_MM, FOOT_MM = 14.0, 5.0
CODE_AT_MM = PointMm(141.0, 12.5)
_QUIET_MM = CODE_MIN_MM * CODE_QUIET_MODULES / (CODE_MODULES + 2 * CODE_QUIET_MODULES)
CODE_BOX_MM = BoxMm(*CODE_AT_MM, CODE_MIN_MM, CODE_MIN_MM).grown(-_QUIET_MM)  # the code without its quiet zone
HEIGHT_LEAST_MM = 62.0  # what the marks of a form of unknown size may span begins at 60 (ocr.markers.group)
LABEL_MM, BELOW_MM, APART_MM = 4.0, 2.5, 6.0  # above a field its label; below it, and between two in a row
CELL_MM, CELL_HIGH_MM = 5.2, 8.0
LINE_MM = 8.0
SIGNATURE_MM = (78.0, 14.0)
BOX_MM, CHOICE_MM, QUESTION_MM = 4.0, 18.0, 36.0
LABEL_PT, CHARACTER_MM = 7.0, 1.4  # a bold letter of that size, on average
SIGNED_ON = "signed_on"
YES, NO = "yes", "no"


class AnswerSheet(PadDesign):
    """Printed and read like a slip, without being one: it need not ask for a patient, and need not be signed."""

    height_mm: float = Field(gt=0, le=300)

    @model_validator(mode="after")
    def _is_printable_and_readable(self) -> "AnswerSheet":
        return self


@dataclass(frozen=True)
class _Part:
    """One field, or the two boxes of one, as it is laid out: its own size, and its label above it."""

    field: PadField
    label: str
    width_mm: float
    height_mm: float

    @property
    def room_mm(self) -> float:
        """What it takes of a row, its label included."""
        return min(ROOM_MM, max(self.width_mm, CHARACTER_MM * len(self.label)))


def sheet_of(pad: PadDesign, names: Sequence[str]) -> AnswerSheet:
    """The sheet that asks for these fields of a pad; who is to sign is asked for the day too."""
    fields: list[PadField] = []
    texts: list[PrintedText] = []
    y, parts = TOP_MM, _parts(pad, names)
    for row in _rows(parts):
        x, high = LEFT_MM, max(part.height_mm for part in row)
        for part in row:
            at = BoxMm(x, y + LABEL_MM + high - part.height_mm, part.width_mm, part.height_mm)
            fields += _placed(part, at, parts.index(part))
            if isinstance(part.field, Checkbox):
                label = PointMm(x, at.y - 0.9)
                texts.append(PrintedText(text=part.label, at_mm=label, size_pt=LABEL_PT, weight="bold"))
            x += part.room_mm + APART_MM
        y += LABEL_MM + high + BELOW_MM
    return AnswerSheet(
        design=pad.design,
        edition=pad.edition,
        title="Answer sheet",
        width_mm=WIDTH_MM,
        height_mm=max(y - BELOW_MM + FOOT_MM, HEIGHT_LEAST_MM),
        guides=pad.guides,
        studio_mm=BoxMm(LEFT_MM, FIDUCIAL_INSET_MM, ROOM_MM, FIDUCIAL_MM),
        code_mm=BoxMm(*CODE_AT_MM, CODE_MIN_MM, CODE_MIN_MM),
        serial_at_mm=PointMm(CODE_AT_MM.x + 1.0, CODE_AT_MM.y + CODE_MIN_MM + 3.5),
        texts=tuple(texts),
        fields=tuple(fields),
    )


def box_names(pad: PadDesign, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """By the name of each box asked for, the names of the two boxes, yes and no, that answer for it."""
    boxes = {box.name for box in pad.checkboxes}
    order = [part.field.name for part in _parts(pad, names)]
    return {
        name: (f"box_{order.index(name)}_{YES}", f"box_{order.index(name)}_{NO}") for name in order if name in boxes
    }


def asked_fields(pad: PadDesign, names: Sequence[str]) -> list[PadField]:
    """The fields asked for in the order of the pad, each with its number on letter and sheet."""
    return [field for field in pad.fields if field.name in names]


def _parts(pad: PadDesign, names: Sequence[str]) -> list[_Part]:
    parts = []
    for number, field in enumerate(asked_fields(pad, names), start=1):
        parts.append(_Part(field, f"{number}  {_label(pad, field)}", *_size(field)))
        day = pad.field(SIGNED_ON)
        if field.name == SIGNATURE and day is not None and SIGNED_ON not in names:
            parts.append(_Part(day, _label(pad, day), *_size(day)))
    return parts


def _label(pad: PadDesign, field: PadField) -> str:
    is_date = isinstance(field, CombField) and field.kind is FieldKind.DATE
    return pad.labels[field.name] + (" (mm/dd/yy)" if is_date else "")


def _size(field: PadField) -> tuple[float, float]:
    if isinstance(field, CombField):
        gaps = 0.7 * (len(field.cells) - 1)
        return CELL_MM * (sum(field.cells) + gaps), CELL_HIGH_MM
    if isinstance(field, SignatureField):
        return SIGNATURE_MM
    if isinstance(field, Checkbox):
        return QUESTION_MM, BOX_MM
    return ROOM_MM, LINE_MM * min(field.lines, 2)


def _rows(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """As many beside each other as there is room for, in their order."""
    row: list[_Part] = []
    used = 0.0
    for part in parts:
        if row and used + APART_MM + part.room_mm > ROOM_MM + 0.01:
            yield row
            row, used = [], 0.0
        used += part.room_mm + (APART_MM if row else 0.0)
        row.append(part)
    if row:
        yield row


def _placed(part: _Part, at: BoxMm, number: int) -> Iterator[PadField]:
    field = part.field
    if isinstance(field, Checkbox):
        for step, answer in enumerate((YES, NO)):
            box = BoxMm(at.x + step * CHOICE_MM, at.y, BOX_MM, BOX_MM)
            yield Checkbox(name=f"box_{number}_{answer}", label=answer, group="answer", box_mm=box)
        return
    update: dict[str, object] = {"box_mm": at, "printed": part.label[:60], "label_side": "above"}
    if isinstance(field, TextField):
        update["lines"] = min(field.lines, 2)
    yield field.model_copy(update=update)
