"""The studio's block on a slip: logo, name and contact, set to fit."""

import re
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from pads.pdf_canvas import Pen
from pads.typeface import CAP_HEIGHT, DESCENT, MM_PER_PT, Weight, shapeless, strange_characters, width_mm, wrapped
from schemas.errors import UsageError
from schemas.geometry import BoxMm, PointMm
from schemas.pad import TYPE_MIN_PT, PadDesign
from schemas.studio import Studio

NAME_PT = 10.5
SPECIALIST_PT = 7.5
# Type size (never below TYPE_MIN_PT) and leading, in parts of the full size: tried in turn until the block fits.
SETTINGS = ((1.0, 1.15), (0.93, 1.15), (0.86, 1.12), (0.79, 1.1), (0.72, 1.08), (0.7, 1.05), (0.65, 1.05))
LOGO_MM = (16.0, 6.0)  # at most; 6 mm is name and specialist in full size
LOGO_GAP_MM = 2.0
BETWEEN = " · "


class _Line(NamedTuple):
    text: str
    size_pt: float
    weight: Weight
    indent_mm: float
    leading: float  # from the line above, in parts of the type size


class _Piece(NamedTuple):
    """What is not broken while it fits on a line by itself; `glue` stands before it on the same line."""

    text: str
    glue: str


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
    """The lines in the largest size at which they fit; contact apart line by line, or else running on.

    Numbers and the parts of an address stay whole, unless the block fits only when they are broken, too.
    """
    room = design.imprint.studio_mm
    lines: list[_Line] = []
    parts = numbers, email, address = _contact_parts(studio)
    whole = parts, [_running(parts)], [_running([numbers, address, email])]
    for arrangements in (whole, ([_words(parts)],)):
        for scale, leading in SETTINGS:
            for contact in arrangements:
                lines = _lines(studio, contact, design.contact_pt, _Setting(scale, leading, room.w, indent_mm))
                if _width_mm(lines) <= room.w and _height_mm(lines) <= room.h:
                    return lines
    raise UsageError(
        f"The studio's name and contact need {_width_mm(lines):.1f} x {_height_mm(lines):.1f} mm at {TYPE_MIN_PT} pt, "
        f"and pad {design.pad_id} has {room.w:.1f} x {room.h:.1f} mm; shorten {_longest(studio)}."
    )


def _longest(studio: Studio) -> str:
    """Which settings take the most room, to be shortened: the words of the settings' page."""
    texts = {"name": studio.name, "specialist": studio.specialist, "address": studio.address, "email": studio.email}
    first, second, *_ = sorted(texts, key=lambda name: -len(texts[name]))
    return f"the studio's {first} ({len(texts[first])} characters) or {second} ({len(texts[second])})"


def _lines(studio: Studio, contact: list[list[_Piece]], contact_pt: float, setting: _Setting) -> list[_Line]:
    below = setting._replace(indent_mm=0.0)
    return [
        *_wrap(_words([[_Piece(studio.name, " ")]]), NAME_PT, setting, "bold"),
        *_wrap(_words([[_Piece(studio.specialist, " ")]]), SPECIALIST_PT, setting),
        *(line for pieces in contact for line in _wrap(pieces, contact_pt, below)),
    ]


def _contact_parts(studio: Studio) -> list[list[_Piece]]:
    """Numbers, email and address, each in the pieces that it may be broken into: an address behind its commas."""
    numbers = [f"{word} {number}" for word, number in (("Tel", studio.phone), ("Fax", studio.fax)) if number]
    streets = [part.strip() for part in re.findall(r"[^,]+,?", studio.address) if part.strip()]
    parts = [_Piece(number, BETWEEN) for number in numbers], [_Piece(studio.email, " ")] if studio.email else []
    return [*parts, [_Piece(street, " ") for street in streets]]


def _running(parts: list[list[_Piece]]) -> list[_Piece]:
    return [piece._replace(glue=BETWEEN) if n == 0 else piece for part in parts for n, piece in enumerate(part)]


def _words(parts: list[list[_Piece]]) -> list[_Piece]:
    """All of it running on, broken at any space."""
    return [
        _Piece(word, piece.glue if n == 0 else " ")
        for piece in _running(parts)
        for n, word in enumerate(piece.text.split())
    ]


def _wrap(pieces: list[_Piece], full_pt: float, setting: _Setting, weight: Weight = "regular") -> list[_Line]:
    size, room_mm = max(full_pt * setting.scale, TYPE_MIN_PT), setting.room_mm - setting.indent_mm
    lines: list[str] = []
    for piece in pieces:
        longer = f"{lines[-1]}{piece.glue}{piece.text}" if lines else ""
        if longer and width_mm(longer, size, weight) <= room_mm:
            lines[-1] = longer
        else:
            lines += wrapped(piece.text, size, room_mm, weight)
    return [_Line(line, size, weight, setting.indent_mm, setting.leading) for line in lines]


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
            raise UsageError(f"studio.{name}: {shapeless(strange)}; change that.")


def _aspect(logo: Path) -> float:
    """Width by height of the logo."""
    try:
        with Image.open(logo, formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            picture.verify()
    except (OSError, SyntaxError) as error:
        raise UsageError(f"studio.logo: {logo} is no PNG or JPEG that can be opened; correct the setting.") from error
    return width / height
