"""Printed words where a signature should be: rubber stamps of a name, typed names, the words of an e-signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pads.simulate import words
from pads.simulate.chance import one_of
from pads.simulate.pen.fonts import HANDWRITING_FOLDER, TYPED_FOLDER
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Box, Mask, add_ink
from pads.typeface import FILES, FOLDER

# The pad's own face in two weights, and those of computers and typewriters.
FACES = (
    *(FOLDER / f"{name}.ttf" for name in FILES.values()),
    *(TYPED_FOLDER / f"{name}.ttf" for name in ("arimo", "cousine", "special-elite", "tinos")),
)
# What programs set a name in to make it look signed.
SCRIPTS = tuple(HANDWRITING_FOLDER / f"{name}.ttf" for name in ("la-belle-aurore", "homemade-apple", "caveat"))
SIGNED_BY = ("Electronically signed by", "E-signed by", "Digitally signed by", "Signed electronically by:")
EM_MM = (2.5, 5.2)  # of a stamp's first line: 7 to 15 points; what follows it is smaller
LEADING = 1.15  # of the larger of two lines
BESIDE_MM = 4.0  # how far the words outgrow the room at most
MARGIN_PX = 12


@dataclass(frozen=True)
class PrintedLine:
    """A line of `text` in the font file `face`, `em_mm` large."""

    text: str
    face: Path
    em_mm: float

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(self.face), self.em_mm * PX_PER_MM)


def name_stamp(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator, faces: Sequence[Path] = FACES) -> None:
    """A rubber stamp of a name with what offices put under it, one to four lines, pressed unevenly and askew."""
    ink = _stack(_stamp_lines(rng, faces), room)
    turned = _turned(_pressed(ink, rng), rng.normal(0, 2.0))
    _put(mask, turned, room, rng)


def typed_name(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator, faces: Sequence[Path] = FACES) -> None:
    """A name from a typewriter or a program, with credentials, sometimes an office under it; level and even."""
    _put(mask, _stack(_stamp_lines(rng, faces)[: int(rng.integers(1, 3))], room), room, rng)


def electronic_signature(
    mask: Mask, room: Box, pen_px: float, rng: np.random.Generator, faces: Sequence[Path] = FACES
) -> None:
    """What a program prints in place of a signature: who signed, and when; one to three lines."""
    face, em, said, when = one_of(faces, rng), rng.uniform(2.1, 3.8), one_of(SIGNED_BY, rng), _moment(rng)
    if rng.random() < 0.5:
        lines = [PrintedLine(f"{said} {_name(rng)}", face, em), PrintedLine(when, face, em)]
    else:
        lines = [PrintedLine(said, face, em), PrintedLine(_name(rng), face, em), PrintedLine(when, face, 0.8 * em)]
        lines = lines[: int(rng.integers(2, 4))]
    _put(mask, _stack(lines, room), room, rng)


def script_signature(
    mask: Mask, room: Box, pen_px: float, rng: np.random.Generator, faces: Sequence[Path] = FACES
) -> None:
    """The same by a program that sets the name in a script face, small words above it and often below."""
    face, em = one_of(faces, rng), rng.uniform(2.1, 3.8)
    lines = [
        PrintedLine(one_of(SIGNED_BY, rng), face, 0.8 * em),
        PrintedLine(_name(rng), one_of(SCRIPTS, rng), 1.4 * em),
    ]
    if rng.random() < 0.5:
        lines.append(PrintedLine(_moment(rng), face, 0.8 * em))
    _put(mask, _stack(lines, room), room, rng)


def _stamp_lines(rng: np.random.Generator, faces: Sequence[Path]) -> list[PrintedLine]:
    em, face, small = rng.uniform(*EM_MM), one_of(faces, rng), one_of(faces, rng)
    if rng.random() < 0.6:
        small = face
    name = _name(rng)
    if rng.random() < 0.35:
        name = name.upper()
    below = [
        f"NPI {rng.integers(10**9, 2 * 10**9)}",
        f"LIC {rng.integers(10, 99)}-{rng.integers(1000, 9999)}  NPI {rng.integers(10**9, 2 * 10**9)}",
        one_of(("Family Medicine", "Internal Medicine", "Orthopedic Surgery", "Sports Medicine", "Physiatry"), rng),
        f"{rng.integers(10, 900)} {one_of(('Main Street', 'Park Avenue', 'Mill Road', 'Lake Drive'), rng)}",
        f"({one_of(words.AREA_CODES, rng)}) 555-01{rng.integers(10, 100)}",
    ]
    chosen = rng.permutation(len(below))[: int(rng.integers(0, 4))]
    size = em * rng.uniform(0.6, 0.9)
    return [PrintedLine(name, face, em), *(PrintedLine(below[index], small, size) for index in sorted(chosen))]


def _moment(rng: np.random.Generator) -> str:
    day, hour = f"{rng.integers(1, 13):02d}/{rng.integers(1, 29):02d}/2026", f"{rng.integers(1, 13)}"
    half = one_of(("AM", "PM", "AM EST", "PM EDT"), rng)
    return f"{'Date: ' if rng.random() < 0.4 else ''}{day} {hour}:{rng.integers(10, 60)} {half}"


def _name(rng: np.random.Generator) -> str:
    first, last, title = (one_of(of, rng) for of in (words.FIRST_NAMES, words.LAST_NAMES, words.PROVIDER_TITLES))
    middle = "ABCEFGHJKLMNPRSTW"[rng.integers(17)]
    dotted = ".".join(title) + "." if title.isalpha() and rng.random() < 0.3 else title
    return one_of((f"{first} {last}, {dotted}", f"{first} {middle}. {last}, {dotted}", f"Dr. {first} {last}"), rng)


def _stack(lines: Sequence[PrintedLine], room: Box) -> Mask:
    """The lines under each other, as wide as the room and BESIDE_MM at most."""
    wide = max(line.font.getlength(line.text) for line in lines)
    scale = min(1.0, (room[2] + BESIDE_MM * PX_PER_MM) / wide)
    sizes = [scale * line.em_mm for line in lines]
    steps = [LEADING * size * PX_PER_MM for size in sizes]
    picture = Image.new("L", (round(scale * wide) + 2 * MARGIN_PX, round(sum(steps)) + 2 * MARGIN_PX))
    pen, top = ImageDraw.Draw(picture), float(MARGIN_PX)
    for line, size, step in zip(lines, sizes, steps, strict=True):
        font = PrintedLine(line.text, line.face, size).font
        pen.text((MARGIN_PX, top + 0.8 * size * PX_PER_MM), line.text, fill=255, font=font, anchor="ls")
        top += step
    return np.asarray(picture)


def _pressed(ink: Mask, rng: np.random.Generator) -> Mask:
    """Ink as a rubber stamp leaves it: more here, less there, in places hardly any, a little spread."""
    coarse = rng.uniform(rng.uniform(0.25, 0.8), 1.15, (4, 9))
    uneven = cv2.resize(coarse, ink.shape[::-1], interpolation=cv2.INTER_CUBIC)
    grain = cv2.GaussianBlur(rng.normal(1, 0.5, ink.shape), (0, 0), 2.0)
    spread = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.6))
    return np.asarray(np.clip(spread * np.clip(uneven, 0, 1) * np.clip(grain, 0.5, 1.1), 0, 255), np.uint8)


def _turned(ink: Mask, degrees: float) -> Mask:
    turned = Image.fromarray(ink).rotate(degrees, Image.Resampling.BILINEAR, expand=True)
    return np.asarray(turned)


def _put(mask: Mask, ink: Mask, room: Box, rng: np.random.Generator) -> None:
    """On the line, or as near as an office stamps: over the label, over the rule."""
    left, top, width, height = room
    high, wide = ink.shape
    x = left + rng.uniform(-0.02, 0.5) * max(0.0, width - wide) - MARGIN_PX
    add_ink(mask, ink, x, top + 0.5 * (height - high) + height * rng.normal(0, 0.12))
