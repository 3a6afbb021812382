"""A first design of somebody's form: its file to edit, the picture of its blank, and a picture to check it by."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydantic import ValidationError

from pads.adopt.blank_picture import BLANK_DPI
from pads.adopt.own_answers import NOT_CLEARED, blocking
from pads.design_errors import error_sentences
from schemas.geometry import MM_PER_INCH, BoxMm
from schemas.pad import ROLE_GROUPS, Checkbox, FieldKind, PadDesign, PadField, SignatureField, TextField
from schemas.pad_id import PadId

# Okabe and Ito's palette (2008), told apart by every kind of color vision.
COLORS = {"condition": (0, 114, 178), "service": (0, 158, 115), "text": (230, 140, 0), "signature": (213, 94, 0)}
UNUSED = (150, 150, 150)
TAG_PX, LINE_PX, TITLE_PX = 13, 3, 20
MARGIN_PX, LEGEND_PX = 20, 64
PAPER, INK = (255, 255, 255), (32, 36, 40)


class Draft(NamedTuple):
    """What was made of a blank form: the files written, and what the design still lacks, as sentences.

    `left_out` says of what the form asks that became no field, or is asked twice.
    """

    design: Path
    blank: Path
    check: Path
    fields: int
    lacks: tuple[str, ...]
    left_out: tuple[str, ...]


def write_draft(
    folder: Path,
    name: str,
    title: str,
    picture: NDArray[np.uint8],
    fields: Sequence[PadField],
    unused: Sequence[BoxMm],
    left_out: Sequence[str] = (),
) -> Draft:
    """Write NAME-1.toml, NAME-1.png and NAME-1-check.png into `folder`.

    `picture` is the blank form (H, W) at BLANK_DPI; `unused` are rules and frames that no field was made of.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = str(PadId(name, 1))
    blank, check = folder / f"{stem}.png", folder / f"{stem}-check.png"
    high, wide = picture.shape
    size_mm = (round(wide * MM_PER_INCH / BLANK_DPI, 2), round(high * MM_PER_INCH / BLANK_DPI, 2))
    text = _toml(name, title, size_mm, blank.name, fields)
    lacks = _lacks(text)
    design = folder / f"{stem}.toml"
    design.write_text(_header(check.name, lacks, left_out) + text, encoding="utf-8")
    Image.fromarray(picture).save(blank, dpi=(BLANK_DPI, BLANK_DPI))
    draw_check(picture, fields, unused).save(check, dpi=(BLANK_DPI, BLANK_DPI))
    return Draft(design, blank, check, len(fields), lacks, tuple(left_out))


def draw_check(picture: NDArray[np.uint8], fields: Sequence[PadField], unused: Sequence[BoxMm]) -> Image.Image:
    """The blank, paler, with each field framed in the color of its kind and called by its name."""
    high, wide = picture.shape
    sheet = Image.new("RGB", (wide + 2 * MARGIN_PX, high + LEGEND_PX + 2 * MARGIN_PX), PAPER)
    pale = (128 + picture.astype(np.uint16) // 2).clip(0, 255).astype(np.uint8)
    sheet.paste(Image.fromarray(pale), (MARGIN_PX, MARGIN_PX + LEGEND_PX))
    pen = ImageDraw.Draw(sheet, "RGBA")
    _legend(pen)
    for box in unused:
        pen.rectangle(_px(box), outline=UNUSED, width=1)
    for field in fields:
        color = COLORS.get(field.group, COLORS["text"])
        frame = _px(field.box_mm)
        pen.rectangle(frame, outline=color, width=LINE_PX, fill=None if isinstance(field, Checkbox) else (*color, 26))
        at = (frame[0] - 2, frame[1] - TAG_PX - 5) if isinstance(field, Checkbox) else (frame[0] + 4, frame[1] + 2)
        _tag(pen, at, _caption(field), color)
    return sheet


def _caption(field: PadField) -> str:
    if isinstance(field, Checkbox) and field.write_in:
        return f"{field.name} + {field.write_in}"
    many = isinstance(field, TextField) and field.lines > 1
    return f"{field.name}, {field.lines} lines" if many and isinstance(field, TextField) else field.name


def _legend(pen: ImageDraw.ImageDraw) -> None:
    pen.text(
        (MARGIN_PX, MARGIN_PX - 6), "Is this right? Correct the design file where it is not.", INK, _font(TITLE_PX)
    )
    x = float(MARGIN_PX)
    for kind, color in (*COLORS.items(), ("not used", UNUSED)):
        y = MARGIN_PX + TITLE_PX + 14
        pen.rectangle((x, y, x + 14, y + 14), outline=color, width=LINE_PX)
        pen.text((x + 20, y - 2), kind, INK, _font(TAG_PX + 1))
        x += 40 + pen.textlength(kind, _font(TAG_PX + 1))


def _tag(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, color: tuple[int, int, int]) -> None:
    box = pen.textbbox(at, text, _font(TAG_PX))
    pen.rectangle((box[0] - 2, box[1] - 1, box[2] + 2, box[3] + 1), fill=(255, 255, 255, 225))
    pen.text(at, text, color, _font(TAG_PX))


def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


def _px(box: BoxMm) -> tuple[float, float, float, float]:
    scale = BLANK_DPI / MM_PER_INCH
    left, top = MARGIN_PX + box.x * scale, MARGIN_PX + LEGEND_PX + box.y * scale
    return left, top, left + box.w * scale, top + box.h * scale


def _lacks(text: str) -> tuple[str, ...]:
    """What keeps the design from being used, in the words of the catalog."""
    data = tomllib.loads(text)
    try:
        PadDesign.model_validate(data)
    except ValidationError as error:
        return tuple(error_sentences(error, data))
    return ()


def _header(check: str, lacks: Sequence[str], left_out: Sequence[str]) -> str:
    lines = [f"A form that others have printed, as refpad understood it. Compare it with {check},"]
    lines += [
        "correct what is wrong, and put it with its picture into refpad's folder `designs`; see docs/pad-designs.md."
    ]
    lines += [f"Still to do: {lack}." for lack in lacks]
    lines += [f"Look at this: {sentence}." for sentence in left_out]
    return "".join(f"# {line}\n" for line in lines)


# Not by tomli-w: it gives each field eleven lines, with one number of its box_mm on each; a person edits this file.
def _toml(name: str, title: str, size_mm: tuple[float, float], blank: str, fields: Sequence[PadField]) -> str:
    head = [
        f"design = {json.dumps(name)}",
        "edition = 1",
        f"title = {_quoted(title)}",
        f"width_mm = {size_mm[0]}",
        f"height_mm = {size_mm[1]}",
        'registration = "features"',
        f"blank = {json.dumps(blank)}",
    ]
    asked = dict.fromkeys(part.group for part in fields if isinstance(part, Checkbox) and part.group not in ROLE_GROUPS)
    boxes = [part for part in fields if isinstance(part, Checkbox)]
    told = [_group(name, [box for box in boxes if box.group == name]) for name in asked]
    groups = ["", "groups = [", *(f"    {group}," for group in told), "]"] if told else []
    return "\n".join([*head, *groups, "", "fields = [", *(f"    {_entry(field)}," for field in fields), "]", ""])


def _group(name: str, boxes: Sequence[Checkbox]) -> str:
    """A question that the form asks by boxes, of which one is meant; a person says whether it is needed.

    Where one of them says that the patient is not cleared, no slip passes with it.
    """
    label = name.replace("_", " ").capitalize()
    stops = blocking(label, boxes)
    blocks = f", blocks_when = {{ {stops} = {_quoted(NOT_CLEARED)} }}" if stops else ""
    return f'{{ name = {json.dumps(name)}, label = {_quoted(label)}, choose = "one"{blocks} }}'


def _entry(field: PadField) -> str:
    told: dict[str, str] = {"kind": json.dumps(field.kind.value)}
    if isinstance(field, Checkbox):
        told["group"] = json.dumps(field.group)
    told |= {"name": json.dumps(field.name), "label": _quoted(field.label)}
    told["box_mm"] = str([round(edge, 2) for edge in field.box_mm])
    if isinstance(field, TextField) and field.lines > 1:
        told["lines"] = str(field.lines)
    if isinstance(field, TextField) and field.holds is not FieldKind.TEXT:
        told["holds"] = json.dumps(field.holds.value)
    if isinstance(field, TextField) and field.tense is not None:
        told["tense"] = json.dumps(field.tense)
    if isinstance(field, TextField | SignatureField):
        told["label_side"] = json.dumps(field.label_side)
    if isinstance(field, Checkbox) and field.write_in:
        told["write_in"] = json.dumps(field.write_in)
    return "{ " + ", ".join(f"{key} = {value}" for key, value in told.items()) + " }"


def _quoted(text: str) -> str:
    """As TOML: it quotes as JSON does, and DEL besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
