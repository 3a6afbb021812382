"""Group 3 fax machines: 204 dots an inch across, 196 (fine) or 98 (standard) lines down (ITU-T T.4)."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pads.simulate.picture import DevicePicture, add_noise, add_specks, blur, scale_matrix, shrink
from pads.typeface import FILES, FOLDER

WIDTH_PX = 1728
DOTS_PER_INCH = 204
FINE_LINES, STANDARD_LINES = 196, 98
PAGE_DPI = 300
HEADER_INCH = 0.16
DROPOUT_SHARE = 0.35  # of pages lose lines to a bad telephone line


Dirt: TypeAlias = Callable[[NDArray[np.uint8], np.random.Generator], None]


def send(
    page: NDArray[np.uint8], lines_per_inch: int, sent_on: date, rng: np.random.Generator, dirt: Dirt | None = None
) -> DevicePicture:
    """The page as it arrives: squeezed, shifted down by the sender's header, in black and white, with bad lines.

    `dirt` is what else it has, such as `strew` or `streak`.
    """
    width = page.shape[1]
    wide = WIDTH_PX / width * rng.uniform(0.985, 1.0)
    high = lines_per_inch / PAGE_DPI * rng.uniform(0.985, 1.005)
    shift = (rng.uniform(0, WIDTH_PX - wide * width), HEADER_INCH * lines_per_inch)
    matrix = scale_matrix(wide, high)
    matrix[:2, 2] += shift
    seen = _sample_dots(page, (wide, high), shift, lines_per_inch)
    add_specks(seen, int(rng.poisson(10)), 2.5, rng)
    seen = add_noise(seen, 9, rng)
    pixels = np.where(seen < rng.uniform(135, 180), 0, 255).astype(np.uint8)
    _speckle(pixels, rng)
    if rng.random() < DROPOUT_SHARE:
        _drop_lines(pixels, rng)
    _print_header(pixels, lines_per_inch, sent_on, rng)
    if dirt:
        dirt(pixels, rng)
    return DevicePicture(pixels, (DOTS_PER_INCH, lines_per_inch), matrix)


def strew(pixels: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Blacken 0.3 to 1.2 % of a received page's dots (H, W), as a bad line or gray paper leaves it."""
    pixels[rng.random(pixels.shape) < rng.uniform(0.003, 0.012)] = 0


def streak(pixels: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Blacken one or two columns of a received page (H, W) from top to bottom: dirt on the sender's glass."""
    column = int(rng.uniform(0.08, 0.92) * pixels.shape[1])
    pixels[:, column : column + int(rng.integers(1, 3))] = 0


def _sample_dots(
    page: NDArray[np.uint8], scale: tuple[float, float], shift: tuple[float, float], lines_per_inch: int
) -> NDArray[np.uint8]:
    """The page in the fax's grid, averaged over each of its dots, still in gray."""
    height, width = page.shape
    small = shrink(blur(page, 0.8), (round(scale[0] * width), round(scale[1] * height)))
    left, top = shift
    frame = (WIDTH_PX, round(height / PAGE_DPI * lines_per_inch + top))
    move = np.array([[1, 0, left], [0, 1, top]])
    moved = cv2.warpAffine(small, move, frame, None, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT, (255,))
    return np.asarray(moved, dtype=np.uint8)


def _speckle(pixels: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Single dots turned over, mostly beside ink already there."""
    height, width = pixels.shape
    count = int(pixels.size * rng.uniform(0.00005, 0.0003))
    pixels[rng.integers(0, height, count), rng.integers(0, width, count)] = 0
    ys, xs = np.nonzero(pixels[:, 1:] != pixels[:, :-1])
    some = rng.random(len(ys)) < rng.uniform(0.02, 0.08)
    pixels[ys[some], xs[some] + rng.integers(0, 2, int(some.sum()))] ^= 255


def _drop_lines(pixels: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Lines damaged on the way: the receiver repeats the one before, or leaves the rest of the line white."""
    for _ in range(int(rng.integers(1, 6))):
        line = int(rng.integers(30, len(pixels) - 4))
        count = int(rng.integers(1, 4))
        if rng.random() < 0.6:
            pixels[line : line + count] = pixels[line - 1]
        else:
            pixels[line, int(rng.integers(0, WIDTH_PX)) :] = 255


def _print_header(pixels: NDArray[np.uint8], lines_per_inch: int, sent_on: date, rng: np.random.Generator) -> None:
    """The sender's line across the top, in the machine's own type."""
    clock = f"{int(rng.integers(8, 18)):02d}:{int(rng.integers(60)):02d}"
    day = sent_on.strftime("%b-%d-%Y").upper()
    number = f"212555{int(rng.integers(100, 200)):04d}"
    text = f"{day}  {clock}    FROM: {number}          TO: 2125550143          P.01/01"
    high = HEADER_INCH * DOTS_PER_INCH
    font = ImageFont.truetype(str(FOLDER / f"{FILES['bold']}.ttf"), 0.6 * high)
    strip = Image.new("L", (WIDTH_PX, round(high)), 255)
    ImageDraw.Draw(strip).text((60, high * 0.72), text, fill=0, font=font, anchor="ls")
    size = (WIDTH_PX, round(HEADER_INCH * lines_per_inch))
    squeezed = shrink(np.asarray(strip), size)
    pixels[: size[1]] = np.where(squeezed < 140, 0, 255)
