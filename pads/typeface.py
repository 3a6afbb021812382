"""The pad's typeface: embedded in every print, and measured with its own figures."""

from functools import cache
from pathlib import Path
from typing import Literal

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from schemas.geometry import MM_PER_INCH

Weight = Literal["regular", "bold"]

FOLDER = Path(__file__).parent / "fonts"
FILES: dict[Weight, str] = {"regular": "LibreFranklin-Medium", "bold": "LibreFranklin-Bold"}
MM_PER_PT = MM_PER_INCH / 72
# Libre Franklin's own OS/2 and hhea figures, in parts of the type size.
CAP_HEIGHT = 0.742
X_HEIGHT = 0.530
DESCENT = 0.246


def font_file(weight: Weight) -> Path:
    """The file of `weight`, for pictures that are drawn without reportlab."""
    return FOLDER / f"{FILES[weight]}.ttf"


@cache
def font(weight: Weight) -> TTFont:
    """The font of `weight`, made known to reportlab on first use."""
    name = FILES[weight]
    face = TTFont(name, str(font_file(weight)))
    pdfmetrics.registerFont(face)
    return face


def width_mm(text: str, size_pt: float, weight: Weight = "regular") -> float:
    """How wide `text` is printed, in millimeters."""
    return float(font(weight).stringWidth(text, size_pt)) * MM_PER_PT


def wrapped(text: str, size_pt: float, room_mm: float, weight: Weight = "regular") -> list[str]:
    """`text` broken at spaces into lines that fit in `room_mm`; a longer word stays whole. No text, no line."""
    lines = simpleSplit(text, font(weight).fontName, size_pt, room_mm / MM_PER_PT)
    return [line for line in lines if line]


def strange_characters(text: str) -> str:
    """Those characters of `text` that the typeface has no shape for, each once."""
    shapes = font("regular").face.charToGlyph
    return "".join(dict.fromkeys(character for character in text if ord(character) not in shapes))


def shapeless(strange: str) -> str:
    """What is wrong with them, as messages say it; one that no terminal shows by its number."""
    told = " ".join(character if character.isprintable() else f"U+{ord(character):04X}" for character in strange)
    return f"{told} {'has' if len(strange) == 1 else 'have'} no shape in the pad's typeface"
