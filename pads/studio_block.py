"""The studio's block on a slip: logo, name and contact, set to fit."""

from typing import NamedTuple

from pads.pen import Pen
from pads.typeface import CAP_HEIGHT, DESCENT, MM_PER_PT, Weight, fitting_size_pt, strange_characters, width_mm
from schemas.errors import UsageError
from schemas.geometry import BoxMm, PointMm
from schemas.pad import TYPE_MIN_PT, PadDesign
from schemas.studio import Studio

NAME_PT = 10.5
SPECIALIST_PT = 7.5
CONTACT_PT = 7.0
LEADING = 1.15  # line to line, in parts of the type size
LOGO_SHARE = 0.3  # of the block's width, at most
LOGO_GAP_MM = 2.0


class _Line(NamedTuple):
    setting: str
    text: str
    size_pt: float
    weight: Weight


def draw_studio(pen: Pen, design: PadDesign, studio: Studio) -> None:
    """Set the block; UsageError when a line cannot be printed legibly in its room."""
    box = design.studio_mm
    if studio.logo is not None:
        if not studio.logo.is_file():
            raise UsageError("The file that studio.logo names is not there; correct the setting or remove it.")
        logo = BoxMm(box.x, box.y, min(box.h, LOGO_SHARE * box.w), box.h)
        pen.picture(str(studio.logo), logo)
        box = BoxMm(logo.right + LOGO_GAP_MM, box.y, box.right - logo.right - LOGO_GAP_MM, box.h)
    lines = [_fitted(line, box.w, design) for line in _lines(studio)]
    _set(pen, _squeezed(lines, box.h, design), box)


def _lines(studio: Studio) -> list[_Line]:
    numbers = [f"{word} {number}" for word, number in (("Tel", studio.phone), ("Fax", studio.fax)) if number]
    lines = [
        _Line("studio.name", studio.name, NAME_PT, "bold"),
        _Line("studio.specialist", studio.specialist, SPECIALIST_PT, "regular"),
        _Line("studio.phone and studio.fax", "  ·  ".join(numbers), CONTACT_PT, "regular"),
        _Line("studio.email", studio.email, CONTACT_PT, "regular"),
        _Line("studio.address", studio.address, CONTACT_PT, "regular"),
    ]
    return [line for line in lines if line.text]


def _fitted(line: _Line, room_mm: float, design: PadDesign) -> _Line:
    if strange := strange_characters(line.text):
        raise UsageError(f"{line.setting}: {strange} characters have no shape in the pad's typeface; change them.")
    size = fitting_size_pt(line.text, line.size_pt, room_mm, line.weight)
    if size is None:
        needed = width_mm(line.text, TYPE_MIN_PT, line.weight)
        raise UsageError(
            f"{line.setting}: {needed:.1f} mm wide at {TYPE_MIN_PT} pt, above the {room_mm:.1f} mm "
            f"that pad {design.design}-{design.edition} has; shorten it."
        )
    return line._replace(size_pt=size)


def _squeezed(lines: list[_Line], room_mm: float, design: PadDesign) -> list[_Line]:
    """The lines, made smaller where their height asks for it."""
    scale = min(1.0, room_mm / _height_mm(lines)) if lines else 1.0
    smaller = [line._replace(size_pt=max(line.size_pt * scale, TYPE_MIN_PT)) for line in lines]
    if lines and _height_mm(smaller) > room_mm + 1e-6:
        raise UsageError(
            f"The studio block is {_height_mm(smaller):.1f} mm high at {TYPE_MIN_PT} pt, above the {room_mm:.1f} mm "
            f"that pad {design.design}-{design.edition} has; leave out a studio setting."
        )
    return smaller


def _height_mm(lines: list[_Line]) -> float:
    """From the first line's capitals to the last line's descenders."""
    first, last = lines[0], lines[-1]
    return MM_PER_PT * (
        CAP_HEIGHT * first.size_pt + sum(LEADING * line.size_pt for line in lines[1:]) + DESCENT * last.size_pt
    )


def _set(pen: Pen, lines: list[_Line], box: BoxMm) -> None:
    y = box.y + CAP_HEIGHT * lines[0].size_pt * MM_PER_PT if lines else box.y
    for i, line in enumerate(lines):
        if i:
            y += LEADING * line.size_pt * MM_PER_PT
        pen.text(PointMm(box.x, y), line.text, line.size_pt, line.weight)
