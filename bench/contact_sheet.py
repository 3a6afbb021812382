"""Contact sheets of the worst cases: what was cut out, what is true, what was read and why."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

# A sheet is looked at on a screen: this wide, with so many cells at most, pictures with lines of text below them.
SHEET_WIDE_PX, MOST = 1400, 48
SQUARE_PX, WIDE_PX = 150, 420  # of a box; of a signature line
PICTURE_HIGH_PX, LINE_PX, GAP_PX = 150, 15, 10
PAPER, INK, SOFT, RULE = (255, 255, 255), (32, 36, 40), (110, 116, 122), (222, 226, 230)
WORTH_A_LOOK = 0.1
LETTER_PX = 6.4


@dataclass(frozen=True, eq=False)
class Specimen:
    """One case: a gray picture (H, W), lines of text, and how bad it is: 0 plain, 1 doubted, 2 and above wrong."""

    picture: NDArray[np.uint8]
    lines: tuple[str, ...]
    badness: float


def write_sheet(path: Path, specimens: Iterable[Specimen]) -> int:
    """Write the worst of `specimens` as a PNG, worst first; how many there are. No file without any."""
    bad = (specimen for specimen in specimens if specimen.badness >= WORTH_A_LOOK)
    worst = sorted(bad, key=lambda specimen: -specimen.badness)[:MOST]
    if worst:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sheet(worst).save(path)
    return len(worst)


def _sheet(specimens: Sequence[Specimen]) -> Image.Image:
    wide = WIDE_PX if any(one.picture.shape[1] > 2 * one.picture.shape[0] for one in specimens) else SQUARE_PX
    pictures = [_fit(specimen.picture, wide) for specimen in specimens]
    texts = [_wrap(specimen.lines, wide) for specimen in specimens]
    picture_high = max(picture.height for picture in pictures)
    step = (wide + 2 * GAP_PX, picture_high + max(map(len, texts)) * LINE_PX + 2 * GAP_PX)
    across = min(SHEET_WIDE_PX // step[0], len(specimens))
    sheet = Image.new("RGB", (across * step[0] + GAP_PX, -(-len(specimens) // across) * step[1] + GAP_PX), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for number, (picture, lines) in enumerate(zip(pictures, texts, strict=True)):
        left, top = GAP_PX + number % across * step[0], GAP_PX + number // across * step[1]
        sheet.paste(picture, (left, top))
        pen.rectangle((left - 1, top - 1, left + picture.width, top + picture.height), outline=RULE)
        for row, text in enumerate(lines):
            at = (left, top + picture_high + 4 + row * LINE_PX)
            pen.text(at, text, fill=SOFT if row == 0 else INK, font=font)
    return sheet


def _wrap(lines: Iterable[str], wide_px: int) -> list[str]:
    return [line for text in lines for line in textwrap.wrap(text, round(wide_px / LETTER_PX))]


def _fit(picture: NDArray[np.uint8], wide_px: int) -> Image.Image:
    high, wide = picture.shape
    scale = min(wide_px / wide, PICTURE_HIGH_PX / high)
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return Image.fromarray(np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8))
