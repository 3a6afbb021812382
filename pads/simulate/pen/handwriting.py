"""Write words in a handwriting font, with every letter a little different."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pads.simulate.pen.fonts import Handwriting, face
from pads.simulate.picture import shrink
from pads.simulate.strokes import Box, Mask, add_ink, smooth_noise

LEAST_SCALE = 0.62  # nobody writes smaller than this to get a word in
LOOSE = 1.07  # letters that stray take more room than the font says
CELL_FILL = 0.62  # the part of a comb cell's height that a digit takes


@dataclass(frozen=True)
class Script:
    """How one person writes on one slip: handwriting, pen and habits; sizes in pixels."""

    handwriting: Handwriting
    cap_px: float
    pen_px: float
    slant: float
    slope: float
    sink: float  # how far below the writing line's usual height, in capital heights

    @property
    def steady(self) -> bool:
        return self.handwriting.wobble == 0


def write_lines(mask: Mask, text: str, room: Box, lines: int, script: Script, rng: np.random.Generator) -> None:
    """Write `text` on the `lines` rules of `room`, smaller where it would not fit."""
    left, top, width, height = room
    pitch = height / lines
    indent = rng.uniform(0.2, 1.2) * script.cap_px if not script.steady else 0.4 * script.cap_px
    cap_px, rows = _fit(text, width - indent - script.cap_px / 2, lines, script, pitch)
    for index, row in enumerate(rows):
        letters, baseline = _row(row, cap_px, script, rng)
        rest = pitch * (index + 1) - script.cap_px * (0.22 - script.sink) + rng.normal(0, 0.05 * script.cap_px)
        add_ink(mask, letters, left + indent + rng.normal(0, 0.1) * script.cap_px, top + rest - baseline)


def write_digit(mask: Mask, digit: str, cell: Box, script: Script, rng: np.random.Generator) -> None:
    """Write one digit in a comb cell, near its middle."""
    left, top, width, height = cell
    cap_px = min(script.cap_px, CELL_FILL * height) * (1 + 0.06 * rng.normal() * (not script.steady))
    letters, baseline = _row(digit, cap_px, script, rng, alone=True)
    inked = np.flatnonzero(letters.max(axis=0) > 60)
    if inked[-1] - inked[0] > 0.9 * width:
        narrower = letters.shape[1] * 0.9 * width / (inked[-1] - inked[0])
        letters = shrink(letters, (round(narrower), letters.shape[0]))
        inked = np.flatnonzero(letters.max(axis=0) > 60)
    stray = rng.normal(0, [0.06 * width, 0.05 * height]) * (not script.steady)
    x = left + width / 2 - (inked[0] + inked[-1]) / 2 + stray[0]
    y = top + (height + cap_px) / 2 + 0.05 * height - baseline + stray[1]
    add_ink(mask, letters, x, y)


def _fit(text: str, width: float, lines: int, script: Script, pitch: float) -> tuple[float, list[str]]:
    """The capital height, and the rows, at which the text fits; the least size where nothing fits."""
    largest = min(script.cap_px, 0.62 * pitch)
    for scale in (1.0, 0.92, 0.85, 0.78, 0.7, LEAST_SCALE):
        cap_px = largest * scale
        rows = _wrap(text, width, cap_px, script.handwriting)
        if len(rows) <= lines:
            return cap_px, rows
    return cap_px, [*rows[: lines - 1], " ".join(rows[lines - 1 :])]


def _wrap(text: str, width: float, cap_px: float, handwriting: Handwriting) -> list[str]:
    font = face(handwriting, round(cap_px))
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and font.getlength(longer) > width / LOOSE:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def _row(
    text: str, cap_px: float, script: Script, rng: np.random.Generator, *, alone: bool = False
) -> tuple[Mask, float]:
    """The row's ink and where in it the baseline is."""
    margin = int(cap_px * 1.3)
    font = face(script.handwriting, round(cap_px))
    width = int(font.getlength(text)) + 2 * margin
    picture = Image.new("L", (width, int(cap_px * 4)))
    baseline = cap_px * 2.3
    _letters(picture, text, cap_px, margin, baseline, script, rng)
    ink = np.asarray(picture)
    too_thin_px = script.pen_px - script.handwriting.stroke * cap_px
    if too_thin_px >= 0.5 and not script.steady:
        ink = np.asarray(cv2.dilate(ink, _nib(too_thin_px)), dtype=np.uint8)
    if script.steady:
        return ink, baseline
    return _shake(ink, baseline, cap_px, script, rng, alone=alone), baseline


def _letters(
    picture: Image.Image, text: str, cap_px: float, x: float, y: float, script: Script, rng: np.random.Generator
) -> None:
    """Letter by letter, each a little off its place and its size."""
    draw = ImageDraw.Draw(picture)
    whole = face(script.handwriting, round(cap_px))
    wobble = script.handwriting.wobble * cap_px
    for index, letter in enumerate(text):
        at = x + whole.getlength(text[: index + 1]) - whole.getlength(letter) + rng.normal(0, 0.6) * wobble
        own = face(script.handwriting, max(round(cap_px + rng.normal(0, 1.2) * wobble), 6))
        draw.text((at, y + rng.normal(0, 1.0) * wobble), letter, fill=255, font=own, anchor="ls")


def _shake(
    ink: NDArray[np.uint8], baseline: float, cap_px: float, script: Script, rng: np.random.Generator, *, alone: bool
) -> Mask:
    """The row distorted as in handwriting: slanted, drifting off the line, letters stretched and squeezed."""
    height, width = ink.shape
    xs, ys = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    lean = script.slant + 0.05 * smooth_noise(width, 1.6 * cap_px, rng)
    rise = 0.0 if alone else script.slope
    drift = 0.09 * cap_px * smooth_noise(width, 7 * cap_px, rng) + 0.035 * cap_px * smooth_noise(
        width, 0.9 * cap_px, rng
    )
    swell = 1 + 0.05 * smooth_noise(width, 1.3 * cap_px, rng)
    stretch = 0.06 * cap_px * smooth_noise(width, 1.1 * cap_px, rng)
    above = ys[:, None] - baseline
    from_y = baseline + (above - drift + rise * xs) * swell
    from_x = xs + stretch + lean * above
    bent = cv2.remap(ink, from_x.astype(np.float32), from_y.astype(np.float32), cv2.INTER_LINEAR)
    pressure = np.clip(0.97 + 0.12 * smooth_noise(width, 2.5 * cap_px, rng), 0.6, 1)
    return np.asarray(bent * pressure, dtype=np.uint8)


def _nib(pen_px: float) -> NDArray[np.uint8]:
    size = 1 + round(pen_px)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), dtype=np.uint8)
