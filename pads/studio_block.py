"""The studio's block on a slip: logo, name and contact, set to fit."""

from pathlib import Path
from typing import NamedTuple

from PIL import Image

from pads.pdf_canvas import Pen
from pads.typeface import CAP_HEIGHT, DESCENT, MM_PER_PT, Weight, strange_characters, width_mm, wrapped
from schemas.errors import UsageError
from schemas.geometry import BoxMm, PointMm
from schemas.pad import TYPE_MIN_PT, PadDesign
from schemas.studio import Studio

NAME_PT = 10.5
SPECIALIST_PT = 7.5
CONTACT_PT = 7.0
# Type size (never below TYPE_MIN_PT) and leading, in parts of the full size: tried in turn until the block fits.
SETTINGS = ((1.0, 1.15), (0.93, 1.15), (0.86, 1.12), (0.79, 1.1), (0.72, 1.08), (0.65, 1.05))
LOGO_MM = (16.0, 6.0)  # at most; 6 mm is name and specialist in full size
LOGO_GAP_MM = 2.0
BETWEEN = " · "


class _Line(NamedTuple):
    text: str
    size_pt: float
    weight: Weight
    indent_mm: float
    leading: float  # from the line above, in parts of the type size


class _Setting(NamedTuple):
    scale: float
    leading: float
    room_mm: float
    indent_mm: float


def draw_studio(pen: Pen, design: PadDesign, studio: Studio) -> None:
    """Set the block in the design's `studio_mm`; UsageError when it cannot be printed there legibly."""
    _must_be_printable(studio)
    box, indent_mm = design.imprint.studio_mm, 0.0
    if studio.logo is not None:
        width = LOGO_MM[1] * _aspect(studio.logo)
        logo = BoxMm(box.x, box.y, min(width, LOGO_MM[0]), LOGO_MM[1])
        pen.picture(str(studio.logo), logo)
        indent_mm = logo.w + LOGO_GAP_MM
    _draw_lines(pen, _fit(studio, design, indent_mm), box)


def _fit(studio: Studio, design: PadDesign, indent_mm: float) -> list[_Line]:
    """The lines in the largest size at which they fit; contact apart line by line, or else running on."""
    room = design.imprint.studio_mm
    lines: list[_Line] = []
    for scale, leading in SETTINGS:
        for contact in (_contact_parts(studio), [BETWEEN.join(_contact_parts(studio))]):
            lines = _lines(studio, contact, _Setting(scale, leading, room.w, indent_mm))
            if _width_mm(lines) <= room.w and _height_mm(lines) <= room.h:
                return lines
    raise UsageError(
        f"The studio's name and contact need {_width_mm(lines):.1f} x {_height_mm(lines):.1f} mm at {TYPE_MIN_PT} pt, "
        f"and pad {design.pad_id} has {room.w:.1f} x {room.h:.1f} mm; shorten a studio setting."
    )


def _lines(studio: Studio, contact: list[str], setting: _Setting) -> list[_Line]:
    return [
        *_wrap([studio.name], NAME_PT, setting, "bold"),
        *_wrap([studio.specialist], SPECIALIST_PT, setting),
        *_wrap(contact, CONTACT_PT, setting._replace(indent_mm=0.0)),
    ]


def _contact_parts(studio: Studio) -> list[str]:
    numbers = [f"{word} {number}" for word, number in (("Tel", studio.phone), ("Fax", studio.fax)) if number]
    return [text for text in (BETWEEN.join(numbers), studio.email, studio.address) if text]


def _wrap(texts: list[str], full_pt: float, setting: _Setting, weight: Weight = "regular") -> list[_Line]:
    size, room_mm = max(full_pt * setting.scale, TYPE_MIN_PT), setting.room_mm - setting.indent_mm
    parts = [part.removesuffix(BETWEEN.rstrip()) for text in texts for part in wrapped(text, size, room_mm, weight)]
    return [_Line(part, size, weight, setting.indent_mm, setting.leading) for part in parts]


def _width_mm(lines: list[_Line]) -> float:
    return max((line.indent_mm + width_mm(line.text, line.size_pt, line.weight) for line in lines), default=0.0)


def _height_mm(lines: list[_Line]) -> float:
    """From the first line's capitals to the last line's descenders."""
    if not lines:
        return 0.0
    leading = sum(line.leading * line.size_pt for line in lines[1:])
    return MM_PER_PT * (CAP_HEIGHT * lines[0].size_pt + leading + DESCENT * lines[-1].size_pt)


def _draw_lines(pen: Pen, lines: list[_Line], box: BoxMm) -> None:
    y = box.y
    for i, line in enumerate(lines):
        y += (line.leading if i else CAP_HEIGHT) * line.size_pt * MM_PER_PT
        pen.text(PointMm(box.x + line.indent_mm, y), line.text, line.size_pt, line.weight)


def _must_be_printable(studio: Studio) -> None:
    for name, text in studio.model_dump(exclude={"logo"}).items():
        if strange := strange_characters(text):
            raise UsageError(f"studio.{name}: {strange} characters have no shape in the pad's typeface; change them.")


def _aspect(logo: Path) -> float:
    """Width by height of the logo."""
    try:
        with Image.open(logo, formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            picture.verify()
    except (OSError, SyntaxError) as error:
        raise UsageError(f"studio.logo: {logo} is no PNG or JPEG that can be opened; correct the setting.") from error
    return width / height
