"""A picture that proves each decision: the slip, colored by what was read, beside a list of the readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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
LINE_PX = 25
TAG_LEFT_PX = 34
NAME_PX, VALUE_PX, CROP_HIGH_PX = 150, 430, 56
NAME_GAP_PX = 8


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


@dataclass(frozen=True, eq=False)
class _Pen:
    """Draws on `paper`, and writes in the letters of the font file `typeface`."""

    paper: ImageDraw.ImageDraw
    typeface: Path

    def font(self, size_px: int) -> ImageFont.FreeTypeFont:
        return _font(self.typeface, size_px)


def draw_overlay(
    slip: NDArray[np.uint8], reading: SlipReading, template: Template | None, typeface: Path
) -> NDArray[np.uint8]:
    """The slip's gray picture (H, W) with its readings drawn on and listed beside it, (H', W', 3) BGR.

    `template` is the design that `slip` is registered to, or None when it is not; then only the list says why.
    `typeface` is a font file that has the letters which labels and readings are written in.
    """
    rows = _rows(slip, reading, template.design if template else None, typeface)
    listed = 3 * MARGIN_PX + TITLE_PX + LINE_PX + sum(row.height_px for row in rows)
    sheet = Image.new("RGB", (slip.shape[1] + LIST_PX, max(slip.shape[0], listed)), PAPER)
    sheet.paste(Image.fromarray(_softened(slip)), (0, 0))
    pen = _Pen(ImageDraw.Draw(sheet, "RGBA"), typeface)
    if template is not None:
        _draw_boxes(pen, reading, template.design)
        _draw_writing(pen, reading, template.design)
        _draw_signature(pen, reading, template.design)
    _draw_list(sheet, pen, reading, rows, slip.shape[1] + MARGIN_PX)
    return np.asarray(cv2.cvtColor(np.asarray(sheet), cv2.COLOR_RGB2BGR), np.uint8)


def _softened(slip: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Print and pen a little paler, so that what is drawn over them stands out."""
    return np.asarray(cv2.convertScaleAbs(slip, alpha=0.75, beta=64), np.uint8)


@lru_cache(maxsize=8)
def _font(typeface: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(typeface), size_px)


def _draw_boxes(pen: _Pen, reading: SlipReading, design: PadDesign) -> None:
    for box in design.checkboxes:
        mark = reading.marks.get(box.name)
        if mark is None:
            continue
        color = MARK_COLORS[mark.value]
        frame = _px(box.box_mm.grown(0.7))
        pen.paper.rectangle(frame, outline=color, width=2 if mark.value is MarkState.UNCHECKED else 4)
        if mark.value is not MarkState.UNCHECKED:
            pen.paper.rectangle(frame, fill=(*color, 50))
        _tag(pen, max(TAG_LEFT_PX, frame[0] - 3), frame[1] + 4, f"{mark.ink:.0%}", color, "ra")


def _draw_writing(pen: _Pen, reading: SlipReading, design: PadDesign) -> None:
    for field in design.writing:
        text = reading.text.get(field.name)
        if text is None or not (text.value or text.confidence < DOUBT_BELOW):
            continue
        color = BLUE if text.confidence >= DOUBT_BELOW else ORANGE
        left, top, right, bottom = _px(field.box_mm)
        pen.paper.rectangle((left, top, right, bottom), outline=(*color, 160), width=2)
        _tag(pen, right, bottom + 2, f"{text.confidence:.2f}", color, "ra")


def _draw_signature(pen: _Pen, reading: SlipReading, design: PadDesign) -> None:
    read = reading.draft()
    for field in design.signatures:
        signed = read.all_signatures.get(field.name) if read else None
        if signed is None:
            continue
        color, frame = SIGNATURE_COLORS[signed.value], _px(field.box_mm)
        pen.paper.rectangle(frame, outline=color, width=4)
        _tag(pen, frame[2], frame[3] + 2, f"{field.label}: {signed.value.value}", color, "ra")


def _tag(pen: _Pen, x: float, y: float, text: str, color: Color, anchor: str) -> None:
    font = pen.font(SMALL_PX)
    box = pen.paper.textbbox((x, y), text, font=font, anchor=anchor)
    pen.paper.rectangle((box[0] - 2, box[1] - 1, box[2] + 2, box[3] + 1), fill=(255, 255, 255, 215))
    pen.paper.text((x, y), text, fill=color, font=font, anchor=anchor)


def _rows(slip: NDArray[np.uint8], reading: SlipReading, design: PadDesign | None, typeface: Path) -> list[_Row]:
    """What the list says, top to bottom, in lines that fit."""
    told = _told(slip, reading, design)
    return [line for row in told for line in _fitted(row, typeface)]


def _told(slip: NDArray[np.uint8], reading: SlipReading, design: PadDesign | None) -> list[_Row]:
    labels = {field.name: field.label for field in design.fields} if design else {}
    ticked = [labels.get(name, name) for name, mark in reading.marks.items() if mark.value is MarkState.CHECKED]
    rows = [_Row("Ticked", ", ".join(ticked) or "nothing", BLUE)] if reading.marks else []
    for name, mark in reading.marks.items():
        if mark.value is MarkState.AMBIGUOUS:
            rows.append(_Row(labels.get(name, name), f"doubtful: {mark.reason}", ORANGE))
    rows += _signature_rows(reading, labels)
    for name, text in reading.text.items():
        color = INK if text.confidence >= DOUBT_BELOW else ORANGE
        crop = _crop(slip, design, name) if text.value else None
        rows.append(_Row(labels.get(name, name), f"{text.value or 'empty'}   {text.confidence:.2f}", color, crop))
    for number, finding in enumerate(reading.findings):
        rows.append(_Row("Why a person" if number == 0 else "", finding.detail, VERMILION))
    return rows


def _signature_rows(reading: SlipReading, labels: Mapping[str, str]) -> list[_Row]:
    read = reading.draft()
    rows = []
    for name, signed in (read.all_signatures if read else {}).items():
        why = f": {signed.reason}" if signed.reason else ""
        value = f"{signed.value.value}   {signed.confidence:.2f}{why}"
        rows.append(_Row(labels.get(name, name), value, SIGNATURE_COLORS[signed.value]))
    return rows


def _crop(slip: NDArray[np.uint8], design: PadDesign | None, name: str) -> Image.Image | None:
    """What was read, as it stands on the slip."""
    field = design.field(name) if design else None
    if field is None:
        return None
    picture = Image.fromarray(cut(slip, field.box_mm))
    picture.thumbnail((VALUE_PX, CROP_HIGH_PX))
    return picture


def _fitted(row: _Row, typeface: Path) -> list[_Row]:
    """The row with its name cut to its column and its value broken into lines."""
    name_font, lines = _font(typeface, SMALL_PX), _broken(row.value, _font(typeface, BODY_PX))
    name, room = row.name, NAME_PX - NAME_GAP_PX
    while name_font.getlength(name) > room:
        name = f"{name.rstrip('…')[:-1].rstrip()}…"
    return [_Row(name, lines[0], row.color, row.crop), *(_Row("", line, row.color) for line in lines[1:])]


def _broken(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """`text` in lines that fit beside the names, broken at spaces, a longer word anywhere."""
    room, lines = LIST_PX - 2 * MARGIN_PX - NAME_PX, [""]
    for word in text.split(" "):
        if lines[-1] and font.getlength(f"{lines[-1]} {word}") > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
        while font.getlength(lines[-1]) > room:
            cut_at = next(n for n in range(len(lines[-1]) - 1, 0, -1) if font.getlength(lines[-1][:n]) <= room)
            lines[-1:] = [lines[-1][:cut_at], lines[-1][cut_at:]]
    return lines


def _draw_list(sheet: Image.Image, pen: _Pen, reading: SlipReading, rows: list[_Row], left: int) -> None:
    y = _draw_head(pen, reading, left)
    for row in rows:
        if row.name:
            pen.paper.line((left, y - 3, left + LIST_PX - 2 * MARGIN_PX, y - 3), fill=RULE)
        if row.crop:
            sheet.paste(row.crop, (left + NAME_PX, y))
            pen.paper.rectangle((left + NAME_PX, y, left + NAME_PX + row.crop.width, y + row.crop.height), outline=RULE)
        pen.paper.text((left, y + 2), row.name, fill=GRAY, font=pen.font(SMALL_PX))
        pen.paper.text((left + NAME_PX, y + row.height_px - LINE_PX), row.value, fill=row.color, font=pen.font(BODY_PX))
        y += row.height_px


def _draw_head(pen: _Pen, reading: SlipReading, left: int) -> int:
    """The verdict and what slip it is; the height at which the list begins."""
    accepted = reading.verdict == "accepted"
    title = "Accepted" if accepted else "A person is needed"
    pen.paper.text((left, MARGIN_PX), title, fill=BLUE if accepted else VERMILION, font=pen.font(TITLE_PX))
    pad = reading.pad_id or "unknown pad"
    serial = "serial not read" if reading.serial is None else f"serial {reading.serial:07d}"
    residual = "not registered" if reading.residual_mm is None else f"print {reading.residual_mm:.2f} mm off its place"
    below = MARGIN_PX + TITLE_PX + 10
    pen.paper.text((left, below), f"{pad}   {serial}   {residual}", fill=GRAY, font=pen.font(SMALL_PX))
    return below + LINE_PX + 8


def _px(box: BoxMm) -> tuple[float, float, float, float]:
    return box.x * PX_PER_MM, box.y * PX_PER_MM, box.right * PX_PER_MM, box.bottom * PX_PER_MM
