"""Numbered printed slips as pictures, quickly: the form is drawn once, each slip's code and serial are stamped in."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pads.blank import slip_picture
from pads.labels import SERIAL_PT
from pads.symbols import code_modules
from pads.typeface import FILES, FOLDER
from schemas.code import SlipCode
from schemas.geometry import MM_PER_INCH, BoxMm
from schemas.pad import PadDesign
from schemas.studio import Studio

# Slips are filled at the resolution of the best channel.
PAPER_DPI = 300
PX_PER_MM = PAPER_DPI / MM_PER_INCH
FINER = 8  # edges of code modules fall between pixels: each pixel is the mean of 8 x 8 samples


def numbered_slip(design: PadDesign, serial: int, studio: Studio) -> NDArray[np.uint8]:
    """A printed slip, (H, W) gray at 300 dpi, as `pads.blank.slip_picture` draws it."""
    slip = _unnumbered(design, studio).copy()
    _stamp_code(slip, design, serial)
    _stamp_serial(slip, design, serial)
    return slip


def px(box: BoxMm) -> tuple[float, float, float, float]:
    """Left, top, width and height of a place on a slip, in pixels at 300 dpi."""
    return box.x * PX_PER_MM, box.y * PX_PER_MM, box.w * PX_PER_MM, box.h * PX_PER_MM


@lru_cache(maxsize=8)
def _unnumbered(design: PadDesign, studio: Studio) -> NDArray[np.uint8]:
    return slip_picture(design, studio, None, PAPER_DPI)


def _stamp_code(slip: NDArray[np.uint8], design: PadDesign, serial: int) -> None:
    modules = code_modules(SlipCode(design=design.design, edition=design.edition, serial=serial))
    left, top, width, height = px(design.code_box_mm())
    x0, y0 = int(left), int(top)
    columns = _module_at(x0, left, width, modules.shape[1])
    rows = _module_at(y0, top, height, modules.shape[0])
    white = np.pad(~modules, 1, constant_values=True)
    fine = white[np.ix_(rows + 1, columns + 1)].astype(np.float32) * 255
    count_y, count_x = len(rows) // FINER, len(columns) // FINER
    gray = cv2.resize(fine, (count_x, count_y), interpolation=cv2.INTER_AREA).round().astype(np.uint8)
    part = slip[y0 : y0 + count_y, x0 : x0 + count_x]
    np.minimum(part, gray, out=part)


def _module_at(first_px: int, start: float, length: float, modules: int) -> NDArray[np.intp]:
    """The module under each sample from pixel `first_px` on; -1 and `modules` are beside the code."""
    samples = first_px + (np.arange((int(length) + 3) * FINER) + 0.5) / FINER
    return np.clip(np.floor((samples - start) / length * modules), -1, modules).astype(np.intp)


def _stamp_serial(slip: NDArray[np.uint8], design: PadDesign, serial: int) -> None:
    at = design.imprint.serial_at_mm
    picture = Image.new("L", (round(30 * PX_PER_MM), round(6 * PX_PER_MM)), 255)
    font = ImageFont.truetype(str(FOLDER / f"{FILES['regular']}.ttf"), SERIAL_PT * PAPER_DPI / 72)
    baseline = round(4 * PX_PER_MM)
    x, y = round(at.x * PX_PER_MM), round(at.y * PX_PER_MM) - baseline
    ImageDraw.Draw(picture).text((0, baseline), f"{serial:07d}", fill=0, font=font, anchor="ls")
    part = slip[max(y, 0) : y + picture.height, x : x + picture.width]
    np.minimum(part, np.asarray(picture)[max(-y, 0) :][: part.shape[0], : part.shape[1]], out=part)
