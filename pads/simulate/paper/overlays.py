"""Ink on a filled slip that answers no box: stamps, staff notes, cup rings, loops around a group, canceling lines.

What the slip says stays as it was, so that a box under an overlay is checked only when its own mark says so.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pads.simulate.paper.cancel_strokes import (
    PEN_MM,
    draw_cross,
    draw_level_line,
    draw_line,
    draw_pencil_line,
    draw_shaky_line,
    draw_upright_line,
)
from pads.simulate.paper.short_notes import draw_short_note
from pads.simulate.paper.slip_damage import Rgb, Slip
from pads.simulate.pen.fonts import HANDWRITINGS, TYPED
from pads.simulate.pen.handwriting import Script, write_lines
from pads.simulate.printed_slips import PX_PER_MM, px
from pads.simulate.strokes import Mask, add_ink, draw_path, smooth_noise
from pads.typeface import FILES, FOLDER
from schemas.geometry import BoxMm
from schemas.pad import PadDesign


class Overlay(StrEnum):
    """What was stamped, written, drawn or spilled over a slip; the last six cancel it."""

    STAMP = "word stamp"
    DATE_STAMP = "date stamp"
    ROUND_STAMP = "round stamp"
    NOTE = "staff note"
    SHORT_NOTE = "short note"
    CUP_RING = "cup ring"
    GROUP_LOOP = "loop around a group"
    LINE = "line over the slip"
    CROSS = "cross over the slip"
    LEVEL_LINE = "level line over the slip"
    UPRIGHT_LINE = "upright line over the slip"
    PENCIL_LINE = "pencil line over the slip"
    SHAKY_LINE = "shaky line over the slip"


CANCELING = frozenset(
    {
        Overlay.LINE,
        Overlay.CROSS,
        Overlay.LEVEL_LINE,
        Overlay.UPRIGHT_LINE,
        Overlay.PENCIL_LINE,
        Overlay.SHAKY_LINE,
    }
)
Draw: TypeAlias = Callable[[Mask, PadDesign, np.random.Generator], None]

STAMP_INKS: tuple[Rgb, ...] = ((150, 24, 36), (36, 52, 138), (30, 30, 34), (88, 32, 130), (12, 104, 60))
PEN_INKS: tuple[Rgb, ...] = ((38, 36, 42), (36, 52, 138), (150, 24, 36))
COFFEE: Rgb = (104, 68, 36)
PENCIL: Rgb = (60, 60, 62)
STAMP_WORDS = (
    "COPY", "SCANNED", "PAID", "DUPLICATE", "RECEIVED", "STAT", "FAXED", "FILE", "URGENT", "ENTERED", "ORIGINAL",
    "REVIEWED", "PT COPY", "CONFIDENTIAL", "DRAFT", "CHARTED",
)  # fmt: skip
NOTES = (
    "faxed", "Medicare", "called 11/3", "ok per Dr. Ng", "see chart", "pt called", "BCBS", "appt 12/4 9am",
    "copy to pt", "auth #", "scanned mw", "new pt", "LM 11/9", "self pay", "sent 10/30", "No show", "eval Tues",
    "Workers comp",
)  # fmt: skip
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Rubber stamps on sale print letters 3 to 9 mm high; self-inking daters are some 25 x 15 to 40 x 24 mm.
CAP_MM = (2.6, 8.0)
DATER_MM = ((22.0, 40.0), (11.0, 22.0))
SEAL_MM = (22.0, 40.0)
CUP_MM = (58.0, 82.0)
STAMP_TURN_DEG = 12.0
# How dark, as a share of full ink; a pale pencil is a fifth as dark as print.
STAMP_INK, PEN_INK, COFFEE_INK, PENCIL_INK = (0.55, 1.0), (0.8, 1.0), (0.35, 0.8), (0.25, 0.5)


def lay_over(slip: Slip, design: PadDesign, overlay: Overlay, rng: np.random.Generator) -> None:
    """Put `overlay` on a filled slip (H, W, 3), in place; all but canceling lines come over one of its boxes."""
    mask = np.zeros(slip.shape[:2], np.uint8)
    DRAWN[overlay](mask, design, rng)
    inks, strength = _inks(overlay)
    ink = np.array(inks[int(rng.integers(len(inks)))], np.float32) / 255
    cover = mask[..., None].astype(np.float32) / 255 * rng.uniform(*strength)
    np.copyto(slip, (slip * (1 - cover * (1 - ink)) + 0.5).astype(np.uint8))


def _inks(overlay: Overlay) -> tuple[Sequence[Rgb], tuple[float, float]]:
    if overlay is Overlay.CUP_RING:
        return (COFFEE,), COFFEE_INK
    if overlay is Overlay.PENCIL_LINE:
        return (PENCIL,), PENCIL_INK
    stamped = overlay in (Overlay.STAMP, Overlay.DATE_STAMP, Overlay.ROUND_STAMP)
    return (STAMP_INKS, STAMP_INK) if stamped else (PEN_INKS, PEN_INK)


def _word_stamp(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """A word in large letters, framed or not."""
    word = str(rng.choice(STAMP_WORDS))
    cap_px = rng.uniform(*CAP_MM) * PX_PER_MM * min(1.0, 8 / len(word))
    font = _type(cap_px / 0.7, rng)
    wide = round(font.getlength(word) + 1.4 * cap_px)
    stamp = Image.new("L", (wide, round(2.2 * cap_px)))
    pen = ImageDraw.Draw(stamp)
    pen.text((stamp.width / 2, stamp.height / 2), word, fill=255, font=font, anchor="mm")
    if rng.random() < 0.45:
        edge = round(0.12 * cap_px)
        frame = (edge, edge, stamp.width - edge - 1, stamp.height - edge - 1)
        pen.rounded_rectangle(frame, rng.uniform(0, 0.5) * cap_px, outline=255, width=max(3, round(cap_px / 9)))
    _press(mask, np.asarray(stamp), design, rng)


def _date_stamp(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """A dater: the day between two lines of words, in a frame."""
    wide, high = (round(rng.uniform(*span) * PX_PER_MM) for span in DATER_MM)
    stamp = Image.new("L", (wide, high))
    pen = ImageDraw.Draw(stamp)
    pen.rectangle((2, 2, wide - 3, high - 3), outline=255, width=round(rng.uniform(0.25, 0.7) * PX_PER_MM))
    day = f"{MONTHS[int(rng.integers(12))]} {rng.integers(1, 29):02d} 2026"
    rows = [str(rng.choice(STAMP_WORDS)), day, "BY ________"][: int(rng.integers(2, 4))]
    for number, text in enumerate(rows):
        font = _type(0.62 * high / len(rows), rng)
        font = font.font_variant(size=font.size * min(1.0, 0.86 * wide / font.getlength(text)))
        pen.text((wide / 2, high * (number + 0.5) / len(rows)), text, fill=255, font=font, anchor="mm")
    _press(mask, np.asarray(stamp), design, rng)


def _round_stamp(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """An office's seal: two circles, words between them, a date in the middle."""
    side = round(rng.uniform(*SEAL_MM) * PX_PER_MM)
    seal = Image.new("L", (side, side))
    pen, thick = ImageDraw.Draw(seal), round(rng.uniform(0.3, 0.8) * PX_PER_MM)
    gap = round(0.2 * side)
    for inset in (2, gap):
        pen.ellipse((inset, inset, side - inset - 1, side - inset - 1), outline=255, width=thick)
    words, font = "HARBOR FAMILY PRACTICE * RECEIVED *", _type(0.13 * side, rng)
    for number, letter in enumerate(words):
        turn = 360 * number / len(words)
        tile = Image.new("L", (side, side))
        ImageDraw.Draw(tile).text((side / 2, gap / 2), letter, fill=255, font=font, anchor="mm")
        seal.paste(255, mask=tile.rotate(-turn, Image.Resampling.BILINEAR))
    middle = _type(0.17 * side, rng)
    pen.text((side / 2, side / 2), f"{MONTHS[int(rng.integers(12))]} {rng.integers(1, 29)}", 255, middle, "mm")
    _press(mask, np.asarray(seal), design, rng)


def _press(mask: Mask, stamp: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """A stamp pressed somewhere over a box, askew and unevenly."""
    askew = rng.normal(0, STAMP_TURN_DEG) + (90 if rng.random() < 0.08 else 0)
    turned = np.asarray(Image.fromarray(stamp).rotate(askew, Image.Resampling.BICUBIC, expand=True), np.uint8)
    high, wide = turned.shape
    patches = cv2.resize(rng.random((6, 8)).astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    grain = cv2.GaussianBlur(rng.random((high, wide)).astype(np.float32), (0, 0), 1.2)
    worn = np.clip(1.15 - rng.uniform(0, 0.8) * patches, 0, 1) * np.clip(rng.uniform(2.2, 3.4) * grain, 0, 1)
    box = _some_box(design, rng)
    inside = np.array([rng.uniform(0.08, 0.92) * wide, rng.uniform(0.15, 0.85) * high])
    left, top = np.array([box.x + box.w / 2, box.y + box.h / 2]) * PX_PER_MM - inside
    add_ink(mask, (turned * worn).astype(np.uint8), left, top)


def _note(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """A few words that staff wrote across a box."""
    hands = [hand for hand in HANDWRITINGS if hand.name != TYPED]
    hand = hands[int(rng.integers(len(hands)))]
    cap_px = rng.uniform(2.6, 5.5) * PX_PER_MM
    slope = np.tan(np.radians(rng.normal(0, 5)))
    script = Script(hand, cap_px, rng.uniform(*PEN_MM) * PX_PER_MM, rng.uniform(-0.06, 0.3), slope, 0.0)
    written = str(rng.choice(NOTES))
    room = np.zeros((round(5 * cap_px), round(len(written) * cap_px + 2 * cap_px)), np.uint8)
    write_lines(room, written, (0, cap_px, room.shape[1], 1.7 * cap_px), 1, script, rng)
    rows, columns = np.nonzero(room > 60)
    row, column = rows.min(), columns.min()
    room = room[row : rows.max() + 1, column : columns.max() + 1]
    box = _some_box(design, rng)
    inside = np.array([rng.uniform(0.02, 0.98) * room.shape[1], rng.uniform(0.2, 0.8) * room.shape[0]])
    left, top = np.array([box.x + box.w / 2, box.y + box.h / 2]) * PX_PER_MM - inside
    add_ink(mask, room, np.clip(left, 0, max(0, mask.shape[1] - room.shape[1])), top)  # a pen keeps to the paper


def _short_note(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """One to three words across a box."""
    draw_short_note(mask, _some_box(design, rng), rng)


def _cup_ring(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """What the foot of a wet cup leaves: a ring, broken and darker at its rim, that runs through a box."""
    radius = rng.uniform(*CUP_MM) / 2 * PX_PER_MM
    middle = _somewhere_in(_some_box(design, rng), rng) + radius * _direction(rng)
    angle = np.linspace(0, 2 * np.pi, 720)
    waver = radius + 0.25 * PX_PER_MM * smooth_noise(720, 90, rng)
    around = middle + np.stack([waver * np.cos(angle), waver * np.sin(angle)], axis=1)
    wet = smooth_noise(720, 120, rng) > rng.uniform(-0.8, 0.1)
    ring = np.zeros_like(mask)
    thick = rng.uniform(0.5, 2.2) * PX_PER_MM
    for start, end, shown in zip(around, around[1:], wet, strict=False):
        if shown:
            cv2.line(ring, tuple(map(round, start)), tuple(map(round, end)), 255, max(1, round(thick)), cv2.LINE_AA)
    inner = cv2.erode(ring, np.ones((5, 5), np.uint8)) if thick > 12 else np.zeros_like(ring)
    soft = cv2.GaussianBlur(cv2.subtract(ring, np.asarray(inner * 0.4, np.uint8)), (0, 0), rng.uniform(1, 4))
    np.maximum(mask, np.asarray(soft, np.uint8), out=mask)


def _group_loop(mask: Mask, design: PadDesign, rng: np.random.Generator) -> None:
    """A loop around two to six boxes that stand near each other; its line runs through others, or through their own."""
    first = _some_box(design, rng)
    near = sorted(design.checkboxes, key=lambda box: np.hypot(*(np.subtract(box.box_mm.center, first.center) / (3, 1))))
    group = [px(box.box_mm) for box in near[: int(rng.integers(2, 7))]]
    left, top = min(box[0] for box in group), min(box[1] for box in group)
    right = max(box[0] + box[2] for box in group) + rng.uniform(3, 28) * PX_PER_MM
    bottom = max(box[1] + box[3] for box in group)
    rim = rng.uniform(-1.5, 4.0) * PX_PER_MM
    half = np.array([right - left, bottom - top]) / 2 * rng.uniform(1.0, 1.25) + rim
    angle = rng.uniform(0, 6) + np.linspace(0, 2 * np.pi * rng.uniform(0.97, 1.1), 48)
    growth = 1 + np.linspace(0, rng.uniform(-0.03, 0.08), 48)[:, None]
    loop = np.stack([np.cos(angle), np.sin(angle)], axis=1) * half * growth
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    draw_path(mask, middle + loop + rng.normal(0, 3, loop.shape), rng.uniform(*PEN_MM) * PX_PER_MM, rng)


DRAWN: dict[Overlay, Draw] = {
    Overlay.STAMP: _word_stamp,
    Overlay.DATE_STAMP: _date_stamp,
    Overlay.ROUND_STAMP: _round_stamp,
    Overlay.NOTE: _note,
    Overlay.SHORT_NOTE: _short_note,
    Overlay.CUP_RING: _cup_ring,
    Overlay.GROUP_LOOP: _group_loop,
    Overlay.LINE: draw_line,
    Overlay.CROSS: draw_cross,
    Overlay.LEVEL_LINE: draw_level_line,
    Overlay.UPRIGHT_LINE: draw_upright_line,
    Overlay.PENCIL_LINE: draw_pencil_line,
    Overlay.SHAKY_LINE: draw_shaky_line,
}


def _some_box(design: PadDesign, rng: np.random.Generator) -> BoxMm:
    return design.checkboxes[int(rng.integers(len(design.checkboxes)))].box_mm


def _somewhere_in(box: BoxMm, rng: np.random.Generator) -> NDArray[np.float64]:
    """A place in `box`, in pixels."""
    return (np.array([box.x, box.y]) + rng.uniform(0.2, 0.8, 2) * [box.w, box.h]) * PX_PER_MM


def _direction(rng: np.random.Generator) -> NDArray[np.float64]:
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])


def _type(size_px: float, rng: np.random.Generator) -> ImageFont.FreeTypeFont:
    face = FILES[("regular", "bold")[int(rng.random() < 0.7)]]
    return ImageFont.truetype(str(FOLDER / f"{face}.ttf"), size_px)
