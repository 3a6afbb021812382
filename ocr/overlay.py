"""A picture that proves each decision: the slip, colored by what was read, beside a list of the readings."""

import textwrap
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.ink import cut
from ocr.scale import PX_PER_MM
from ocr.template import Template
from schemas.geometry import BoxMm
from schemas.pad import PadDesign
from schemas.reading import MarkState, SignatureState, SlipReading

Color = tuple[int, int, int]

# Okabe and Ito's palette (2008), told apart by every kind of color vision; red, green, blue.
BLUE, ORANGE, GRAY, VERMILION, INK = (0, 114, 178), (230, 140, 0), (130, 136, 142), (213, 94, 0), (32, 36, 40)
PAPER, RULE = (255, 255, 255), (222, 226, 230)
MARK_COLORS = {MarkState.CHECKED: BLUE, MarkState.UNCHECKED: GRAY, MarkState.AMBIGUOUS: ORANGE}
SIGNATURE_COLORS = {SignatureState.PRESENT: BLUE, SignatureState.ABSENT: GRAY, SignatureState.UNCERTAIN: ORANGE}
DOUBT_BELOW = 0.9  # text that a policy of the default strictness would not let pass

LIST_PX = 640
MARGIN_PX = 24
BODY_PX, SMALL_PX, TITLE_PX = 17, 14, 24
LINE_PX, LINE_CHARACTERS = 25, 50
TAG_LEFT_PX = 34
NAME_PX, VALUE_PX, CROP_HIGH_PX = 150, 430, 56


@dataclass(frozen=True, eq=False)
class _Row:
    """One line of the list; `crop` is the field's own picture, shown above the value."""

    name: str
    value: str
    color: Color
    crop: Image.Image | None = None

    @property
    def height_px(self) -> int:
        return LINE_PX + (self.crop.height + 4 if self.crop else 0)


def draw_overlay(slip: NDArray[np.uint8], reading: SlipReading, template: Template | None) -> NDArray[np.uint8]:
    """The slip's gray picture (H, W) with its readings drawn on and listed beside it, (H', W', 3) BGR.

    `template` is the design that `slip` is registered to, or None when it is not; then only the list says why.
    """
    rows = _rows(slip, reading, template.design if template else None)
    listed = 3 * MARGIN_PX + TITLE_PX + LINE_PX + sum(row.height_px for row in rows)
    sheet = Image.new("RGB", (slip.shape[1] + LIST_PX, max(slip.shape[0], listed)), PAPER)
    sheet.paste(Image.fromarray(_softened(slip)), (0, 0))
    pen = ImageDraw.Draw(sheet, "RGBA")
    if template is not None:
        _draw_boxes(pen, reading, template.design)
        _draw_writing(pen, reading, template.design)
        _draw_signature(pen, reading, template.design)
    _draw_list(sheet, pen, reading, rows, slip.shape[1] + MARGIN_PX)
    return np.asarray(cv2.cvtColor(np.asarray(sheet), cv2.COLOR_RGB2BGR), np.uint8)


def _softened(slip: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Print and pen a little paler, so that what is drawn over them stands out."""
    return np.asarray(cv2.convertScaleAbs(slip, alpha=0.75, beta=64), np.uint8)


def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


def _draw_boxes(pen: ImageDraw.ImageDraw, reading: SlipReading, design: PadDesign) -> None:
    for box in design.checkboxes:
        mark = reading.marks.get(box.name)
        if mark is None:
            continue
        color = MARK_COLORS[mark.value]
        frame = _px(box.box_mm.grown(0.7))
        pen.rectangle(frame, outline=color, width=2 if mark.value is MarkState.UNCHECKED else 4)
        if mark.value is not MarkState.UNCHECKED:
            pen.rectangle(frame, fill=(*color, 50))
        _tag(pen, max(TAG_LEFT_PX, frame[0] - 3), frame[1] + 4, f"{mark.ink:.0%}", color, "ra")


def _draw_writing(pen: ImageDraw.ImageDraw, reading: SlipReading, design: PadDesign) -> None:
    for field in design.writing:
        text = reading.text.get(field.name)
        if text is None or not (text.value or text.confidence < DOUBT_BELOW):
            continue
        color = BLUE if text.confidence >= DOUBT_BELOW else ORANGE
        left, top, right, bottom = _px(field.box_mm)
        pen.rectangle((left, top, right, bottom), outline=(*color, 160), width=2)
        _tag(pen, right, bottom + 2, f"{text.confidence:.2f}", color, "ra")


def _draw_signature(pen: ImageDraw.ImageDraw, reading: SlipReading, design: PadDesign) -> None:
    read = reading.draft()
    for field in design.signatures:
        signed = read.all_signatures.get(field.name) if read else None
        if signed is None:
            continue
        color, frame = SIGNATURE_COLORS[signed.value], _px(field.box_mm)
        pen.rectangle(frame, outline=color, width=4)
        _tag(pen, frame[2], frame[3] + 2, f"{field.name} {signed.value.value}", color, "ra")


def _tag(pen: ImageDraw.ImageDraw, x: float, y: float, text: str, color: Color, anchor: str) -> None:
    font = _font(SMALL_PX)
    box = pen.textbbox((x, y), text, font=font, anchor=anchor)
    pen.rectangle((box[0] - 2, box[1] - 1, box[2] + 2, box[3] + 1), fill=(255, 255, 255, 215))
    pen.text((x, y), text, fill=color, font=font, anchor=anchor)


def _rows(slip: NDArray[np.uint8], reading: SlipReading, design: PadDesign | None) -> list[_Row]:
    """What the list says, top to bottom."""
    labels = {field.name: field.label for field in design.fields} if design else {}
    ticked = [labels.get(name, name) for name, mark in reading.marks.items() if mark.value is MarkState.CHECKED]
    rows = _wrapped("Ticked", ", ".join(ticked) or "nothing", BLUE) if reading.marks else []
    for name, mark in reading.marks.items():
        if mark.value is MarkState.AMBIGUOUS:
            rows += _wrapped(labels.get(name, name), f"doubtful: {mark.reason}", ORANGE)
    rows += _signature_rows(reading)
    for name, text in reading.text.items():
        color = INK if text.confidence >= DOUBT_BELOW else ORANGE
        crop = _crop(slip, design, name) if text.value else None
        rows += _wrapped(labels.get(name, name), f"{text.value or 'empty'}   {text.confidence:.2f}", color, crop)
    for number, finding in enumerate(reading.findings):
        rows += _wrapped("Why a person" if number == 0 else "", finding.detail, VERMILION)
    return rows


def _signature_rows(reading: SlipReading) -> list[_Row]:
    read = reading.draft()
    rows = []
    for name, signed in (read.all_signatures if read else {}).items():
        why = f": {signed.reason}" if signed.reason else ""
        value = f"{signed.value.value}   {signed.confidence:.2f}{why}"
        rows += _wrapped(name.replace("_", " ").capitalize(), value, SIGNATURE_COLORS[signed.value])
    return rows


def _crop(slip: NDArray[np.uint8], design: PadDesign | None, name: str) -> Image.Image | None:
    """What was read, as it stands on the slip."""
    field = design.field(name) if design else None
    if field is None:
        return None
    picture = Image.fromarray(cut(slip, field.box_mm))
    picture.thumbnail((VALUE_PX, CROP_HIGH_PX))
    return picture


def _wrapped(name: str, value: str, color: Color, crop: Image.Image | None = None) -> list[_Row]:
    lines = textwrap.wrap(value, LINE_CHARACTERS) or [""]
    return [_Row(name, lines[0], color, crop), *(_Row("", line, color) for line in lines[1:])]


def _draw_list(sheet: Image.Image, pen: ImageDraw.ImageDraw, reading: SlipReading, rows: list[_Row], left: int) -> None:
    y = _draw_head(pen, reading, left)
    for row in rows:
        if row.name:
            pen.line((left, y - 3, left + LIST_PX - 2 * MARGIN_PX, y - 3), fill=RULE)
        if row.crop:
            sheet.paste(row.crop, (left + NAME_PX, y))
            pen.rectangle((left + NAME_PX, y, left + NAME_PX + row.crop.width, y + row.crop.height), outline=RULE)
        pen.text((left, y + 2), row.name, fill=GRAY, font=_font(SMALL_PX))
        pen.text((left + NAME_PX, y + row.height_px - LINE_PX), row.value, fill=row.color, font=_font(BODY_PX))
        y += row.height_px


def _draw_head(pen: ImageDraw.ImageDraw, reading: SlipReading, left: int) -> int:
    """The verdict and what slip it is; the height at which the list begins."""
    accepted = reading.verdict == "accepted"
    title = "Accepted" if accepted else "A person is needed"
    pen.text((left, MARGIN_PX), title, fill=BLUE if accepted else VERMILION, font=_font(TITLE_PX))
    pad = reading.pad_id or "unknown pad"
    serial = "serial not read" if reading.serial is None else f"serial {reading.serial:07d}"
    residual = "not registered" if reading.residual_mm is None else f"print {reading.residual_mm:.2f} mm off its place"
    below = MARGIN_PX + TITLE_PX + 10
    pen.text((left, below), f"{pad}   {serial}   {residual}", fill=GRAY, font=_font(SMALL_PX))
    return below + LINE_PX + 8


def _px(box: BoxMm) -> tuple[float, float, float, float]:
    return box.x * PX_PER_MM, box.y * PX_PER_MM, box.right * PX_PER_MM, box.bottom * PX_PER_MM
