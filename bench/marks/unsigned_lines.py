"""What is on a signature line that nobody signed: drawn on a slip before it goes through a channel."""

from collections.abc import Callable
from enum import StrEnum

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pads.simulate.pen.fonts import pick_handwriting
from pads.simulate.pen.handwriting import Script, write_lines
from pads.simulate.pen.signature import sign
from pads.simulate.placed_print import across_rule, framed, turned
from pads.simulate.printed_names import electronic_signature, name_stamp, script_signature, typed_name
from pads.simulate.printed_slips import PX_PER_MM
from pads.simulate.strokes import Box, Mask, add_ink, draw_path
from pads.simulate.truth import Legibility
from pads.typeface import FILES, FOLDER


class Unsigned(StrEnum):
    """Why there is ink, or none, and yet no signature."""

    EMPTY = "empty"
    SMUDGE = "smudge"
    RULED_LINE = "ruled line"
    STREAK = "streak"
    STAMP = "stamp outline"
    TYPED_NAME = "typed name"
    NAME_STAMP = "name stamp"
    E_SIGNATURE = "words of an e-signature"
    TURNED_NAME = "typed name, turned"
    TURNED_STAMP = "name stamp, turned"
    CROSSED_NAME = "typed name across the rule"
    CROSSED_STAMP = "name stamp across the rule"
    FRAMED_STAMP = "framed name stamp"
    FACSIMILE = "framed facsimile"
    SCRIPT = "e-signature in a script face"
    DATE = "date too far left"
    DESCENDERS = "descenders from above"
    FAX_HEADER = "fax header"
    SPECKS = "specks"
    STAPLE = "staple"
    SIGN_HERE = "sign-here cross"


# A name in print is what most often stands for a signature.
PRINTED = frozenset(
    {
        Unsigned.TYPED_NAME,
        Unsigned.NAME_STAMP,
        Unsigned.E_SIGNATURE,
        Unsigned.TURNED_NAME,
        Unsigned.TURNED_STAMP,
        Unsigned.CROSSED_NAME,
        Unsigned.CROSSED_STAMP,
        Unsigned.FRAMED_STAMP,
        Unsigned.FACSIMILE,
        Unsigned.SCRIPT,
    }
)

Draw = Callable[[Mask, Box, float, np.random.Generator], None]


def _nothing(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """An office forgot."""


def _smudge(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """A thumb with ink or toner on it, pressed or drawn along."""
    left, top, width, height = room
    blot = np.zeros_like(mask)
    middle = np.array([left + width * rng.uniform(0.15, 0.8), top + height * rng.uniform(0.3, 0.7)])
    reach = height * rng.uniform(0.2, 0.6)
    for _ in range(int(rng.integers(3, 9))):
        ends = middle + rng.normal(0, reach, (3, 2)) * [rng.uniform(0.8, 2.0), 0.5]
        draw_path(blot, ends, height * rng.uniform(0.12, 0.35), rng)
    soft = cv2.GaussianBlur(blot, (0, 0), height * rng.uniform(0.05, 0.12))
    np.maximum(mask, (soft * rng.uniform(0.25, 0.9)).astype(np.uint8), out=mask)


def _ruled_line(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """Struck through with a ruler, or nearly: the field does not apply."""
    left, top, width, height = room
    x = left + width * np.array([rng.uniform(0, 0.3), rng.uniform(0.6, 1.1)])
    y = top + height * (rng.uniform(0.15, 0.85) + np.array([0, rng.normal(0, 0.08)]))
    bow = height * rng.normal(0, 0.02)
    points = np.array([[x[0], y[0]], [x.mean(), y.mean() + bow], [x[1], y[1]]])
    draw_path(mask, points, pen_px, rng, taper=0.1)


def _streak(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """Dust on the glass of a sheet-fed scanner: a line over the whole slip, upright or level."""
    left, top, width, height = room
    thick = max(1, round(rng.uniform(0.1, 0.3) * PX_PER_MM))
    shade = int(rng.integers(90, 256))
    for _ in range(int(rng.integers(1, 3))):
        if rng.random() < 0.6:
            x = round(left + width * rng.uniform(0.05, 0.95))
            cv2.line(mask, (x, 0), (x, mask.shape[0]), shade, thick)
        else:
            y = round(top + height * rng.uniform(0.1, 0.9))
            cv2.line(mask, (0, y), (mask.shape[1], y), shade, thick)


def _stamp(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """An office stamp's frame, its words worn away or still there, a little askew."""
    left, top, width, height = room
    wide, high = rng.uniform(22, 40) * PX_PER_MM, rng.uniform(6.5, 12) * PX_PER_MM
    stamp = Image.new("L", (round(wide) + 40, round(high) + 40))
    pen = ImageDraw.Draw(stamp)
    frame = (20, 20, 20 + wide, 20 + high)
    thick = round(rng.uniform(0.25, 0.6) * PX_PER_MM)
    if rng.random() < 0.6:
        pen.rectangle(frame, outline=255, width=thick)
    else:
        pen.rounded_rectangle(frame, radius=high / 3, outline=255, width=thick)
    if rng.random() < 0.6:
        said = ("RECEIVED", "COPY", "FAXED", "SCANNED", "PT COPY")[int(rng.integers(5))]
        pen.text((20 + wide / 2, 20 + high / 2), said, fill=255, font=_type("bold", high * 0.45), anchor="mm")
    turned = np.asarray(stamp.rotate(rng.normal(0, 4), Image.Resampling.BILINEAR, expand=True))
    at = (left + width * rng.uniform(0.0, 0.5), top + height * rng.uniform(-0.5, 0.3))
    add_ink(mask, (turned * rng.uniform(0.5, 1)).astype(np.uint8), *at)


def _date(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """The date begun where the signature should end."""
    left, top, width, height = room
    month, day = rng.integers(1, 13), rng.integers(1, 29)
    said = f"{month}{'/-.'[rng.integers(3)]}{day}{'/-.'[rng.integers(3)]}{'20' if rng.random() < 0.3 else ''}26"
    start = left + width * rng.uniform(0.6, 0.95)
    write_lines(mask, said, (start, top, 30 * PX_PER_MM, height), 1, _script(pen_px, rng), rng)


def _descenders(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """Writing on the line above whose tails hang into the room."""
    left, top, width, height = room
    said = " ".join(
        str(rng.choice(["Gypsy", "Jeffrey", "Quigley", "Yoyogg", "Gregory", "Jp. Pyggy"])) for _ in range(2)
    )
    lift = rng.uniform(0.2, 1.8) * PX_PER_MM
    above = (left, top - height - lift, width, height)
    write_lines(mask, said, above, 1, _script(pen_px, rng), rng)


def _fax_header(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """A sender's line printed across the slip."""
    _, top, _, height = room
    sent = f"11/{rng.integers(1, 30)}/2026 {rng.integers(8, 18)}:{rng.integers(10, 60)}"
    said = f"{sent}  FROM: 2125550143   TO: 2125550142   P.0{rng.integers(1, 9)}"
    font = _type("bold" if rng.random() < 0.5 else "regular", rng.uniform(2.4, 3.6) * PX_PER_MM)
    line = Image.new("L", (mask.shape[1], round(6 * PX_PER_MM)))
    ImageDraw.Draw(line).text((rng.uniform(0, 60), 4 * PX_PER_MM), said, fill=255, font=font, anchor="ls")
    add_ink(mask, np.asarray(line), 0, top + height * rng.uniform(0.35, 0.9) - 4 * PX_PER_MM)


def _specks(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """Dust, stray toner, crumbs of an eraser."""
    left, top, width, height = room
    for _ in range(int(rng.integers(8, 60))):
        center = (round(left + width * rng.random()), round(top + height * rng.random()))
        axes = (int(rng.integers(1, 5)), int(rng.integers(1, 4)))
        cv2.ellipse(mask, center, axes, float(rng.uniform(0, 180)), 0, 360, int(rng.integers(90, 256)), -1, cv2.LINE_AA)


def _staple(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """A staple, or its two holes with the paper torn around them."""
    left, top, width, height = room
    middle = np.array([left + width * rng.uniform(0.15, 0.85), top + height * rng.uniform(0.2, 0.8)])
    along = np.radians(rng.uniform(-50, 50))
    half = 6 * PX_PER_MM * np.array([np.cos(along), np.sin(along)])
    if rng.random() < 0.5:
        draw_path(mask, np.stack([middle - half, middle + half]), 0.6 * PX_PER_MM, rng, taper=0)
    for end in (middle - half, middle + half):
        center = (round(end[0]), round(end[1]))
        cv2.circle(mask, center, round(rng.uniform(0.3, 0.7) * PX_PER_MM), 255, -1, cv2.LINE_AA)
        tear = end + rng.normal(0, 0.6 * PX_PER_MM, (3, 2))
        draw_path(mask, tear, 0.2 * PX_PER_MM, rng)


def _sign_here(mask: Mask, room: Box, pen_px: float, rng: np.random.Generator) -> None:
    """The cross with which an office shows its doctor where to sign."""
    left, top, width, height = room
    size = height * rng.uniform(0.35, 0.7)
    at = np.array([left + width * rng.uniform(0, 0.15), top + height * rng.uniform(0.25, 0.5)])
    for stroke in (np.array([[0, 0], [1, 1]]), np.array([[0, 1], [1, 0]])):
        draw_path(mask, at + size * (stroke + rng.normal(0, 0.08, (2, 2))), pen_px, rng)


DRAWN: dict[Unsigned, Draw] = {
    Unsigned.EMPTY: _nothing,
    Unsigned.SMUDGE: _smudge,
    Unsigned.RULED_LINE: _ruled_line,
    Unsigned.STREAK: _streak,
    Unsigned.STAMP: _stamp,
    Unsigned.TYPED_NAME: typed_name,
    Unsigned.NAME_STAMP: name_stamp,
    Unsigned.E_SIGNATURE: electronic_signature,
    Unsigned.TURNED_NAME: turned(typed_name),
    Unsigned.TURNED_STAMP: turned(name_stamp),
    Unsigned.CROSSED_NAME: across_rule(typed_name),
    Unsigned.CROSSED_STAMP: across_rule(name_stamp),
    Unsigned.FRAMED_STAMP: framed(name_stamp),
    Unsigned.FACSIMILE: framed(sign),
    Unsigned.SCRIPT: script_signature,
    Unsigned.DATE: _date,
    Unsigned.DESCENDERS: _descenders,
    Unsigned.FAX_HEADER: _fax_header,
    Unsigned.SPECKS: _specks,
    Unsigned.STAPLE: _staple,
    Unsigned.SIGN_HERE: _sign_here,
}


def _script(pen_px: float, rng: np.random.Generator) -> Script:
    hand = pick_handwriting(rng, Legibility.FAIR if rng.random() < 0.5 else Legibility.NEAT)
    cap_px = hand.cap_mm * PX_PER_MM * rng.uniform(0.9, 1.3)
    return Script(hand, cap_px, pen_px, rng.uniform(-0.06, 0.16), rng.normal(0, 0.006), max(rng.normal(0, 0.06), -0.1))


def _type(weight: str, size_px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / f"{FILES['bold' if weight == 'bold' else 'regular']}.ttf"), size_px)
