"""Which pad, edition and serial a slip is: its printed code, read where the design put it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ocr.ink import SlipPicture, cut, darkness
from ocr.registration.landmarks import find_landmarks
from ocr.scale import PX_PER_MM
from ocr.template import Template
from schemas.code import SlipCode
from schemas.geometry import BoxMm
from schemas.pad import CODE_MODULES
from schemas.sheet_code import SheetCode
from schemas.sheets.form import CODE_BOX_MM as SHEET_CODE_MM

QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
TIMING = 6  # row and column of the timing lines
MODULE_PX = 4  # of the redrawn code
QUIET_MODULES = 4  # ISO/IEC 18004, 5.3.8
# The code may lie half a module from its place on a coarse fax (module 0.6 mm, fax line 0.26 mm).
SHIFTS_MM = (0.0, -0.25, 0.25)
# Two designs of one size are told apart by their print when the better fits this much better.
CLEARLY_BETTER = 0.15


def read_code(picture: SlipPicture, boxes: Iterable[BoxMm]) -> SlipCode | None:
    """The code of a slip warped upright, looked for in each of `boxes`, then about them.

    The 21 x 21 modules are measured at their known places and redrawn first, which works on a
    204 x 98 fax; then the barcode reader searches by itself. Other codes are ignored, and so is one that lies elsewhere
    on the picture: it is the code of a slip that lies over this one.
    """
    boxes = tuple(boxes)
    for box in boxes:
        for dx in SHIFTS_MM:
            for dy in SHIFTS_MM:
                code = _decode(_redraw_code(picture.dark, BoxMm(box.x + dx, box.y + dy, box.w, box.h)), pure=True)
                if code is not None:
                    return code
    seen = _codes(picture.gray, pure=False)
    return next((code for code, middle in seen if any(_is_about(box, middle) for box in boxes)), None)


def read_sheet_code(picture: NDArray[np.uint8]) -> SheetCode | None:
    """The code of an answer sheet turned upright, at the place that all sheets have in common, or anywhere on it."""
    dark = darkness(picture)
    for dx, dy in product(SHIFTS_MM, SHIFTS_MM):
        box = SHEET_CODE_MM._replace(x=SHEET_CODE_MM.x + dx, y=SHEET_CODE_MM.y + dy)
        for text, _ in _texts(_redraw_code(dark, box), pure=True):
            if code := SheetCode.parse(text):
                return code
    return next((code for code, _ in find_sheet_codes(picture)), None)


def find_sheet_codes(picture: NDArray[np.uint8]) -> Iterator[tuple[SheetCode, NDArray[np.float64]]]:
    """The codes of answer sheets anywhere in `picture` (H, W), each with its middle (x, y) in pixels."""
    for text, middle in _texts(picture, pure=False):
        code = SheetCode.parse(text)
        if code is not None:
            yield code, middle


def _is_about(box: BoxMm, middle_px: NDArray[np.float64]) -> bool:
    place = np.array([box.x + box.w / 2, box.y + box.h / 2]) * PX_PER_MM
    return bool(np.linalg.norm(middle_px - place) < box.w * PX_PER_MM)


def find_code(picture: NDArray[np.uint8]) -> SlipCode | None:
    """The first code of refpad's anywhere in `picture` (H, W)."""
    return _decode(picture, pure=False)


def most_similar_template(picture: SlipPicture, templates: Sequence[Template], search_mm: float) -> Template | None:
    """The template whose printed parts show on the slip, or None when none or more than one fits."""
    shares = [(find_landmarks(picture.dark, template.landmarks, search_mm).share, template) for template in templates]
    shares.sort(key=lambda pair: -pair[0])
    if not shares or shares[0][0] < 0.5:
        return None
    if len(shares) > 1 and shares[0][0] - shares[1][0] < CLEARLY_BETTER:
        return None
    return shares[0][1]


def _redraw_code(dark: NDArray[np.uint8], box: BoxMm) -> NDArray[np.uint8]:
    """The code as its measured modules say, drawn clean; a module is measured over its middle ninth."""
    crop = cut(dark, box)
    if min(crop.shape) < CODE_MODULES:
        return np.full((1, 1), 255, np.uint8)
    thirds = cv2.resize(crop, (3 * CODE_MODULES, 3 * CODE_MODULES), interpolation=cv2.INTER_AREA)
    modules = np.ascontiguousarray(thirds[1::3, 1::3])
    level, _ = cv2.threshold(modules, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    black = modules > level
    known, printed = _function_patterns()
    clean = np.where(np.where(known, printed, black), 0, 255).astype(np.uint8)
    framed = np.pad(clean, QUIET_MODULES, constant_values=255)
    return np.asarray(np.kron(framed, np.ones((MODULE_PX, MODULE_PX), np.uint8)), np.uint8)


@cache
def _function_patterns() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which modules are the same in every code of this size, and which of those are black (ISO/IEC 18004, 6.3).

    Three finders with their white separators, and the timing lines between them: a streak through a
    finder then costs no code.
    """
    known, black = np.zeros((2, CODE_MODULES, CODE_MODULES), np.bool_)
    known[TIMING], black[TIMING] = True, np.arange(CODE_MODULES) % 2 == 0
    known[:, TIMING], black[:, TIMING] = True, np.arange(CODE_MODULES) % 2 == 0
    ring = np.maximum(*np.abs(np.mgrid[-3:5, -3:5]))  # distance from a finder's middle, separator included
    finder = (ring != 2) & (ring != 4)
    for turns in (0, 1, 3):  # top left, bottom left, top right
        np.rot90(known, -turns)[:8, :8] = True
        np.rot90(black, -turns)[:8, :8] = finder
    return known, black


def _decode(picture: NDArray[np.uint8], pure: bool) -> SlipCode | None:
    return next((code for code, _ in _codes(picture, pure)), None)


def _codes(picture: NDArray[np.uint8], pure: bool) -> Iterator[tuple[SlipCode, NDArray[np.float64]]]:
    """The codes of slips on `picture` (H, W), each with its middle (x, y) in pixels."""
    for text, middle in _texts(picture, pure):
        code = SlipCode.parse(text)
        if code is not None:
            yield code, middle


def _texts(picture: NDArray[np.uint8], pure: bool) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """What all QR codes on `picture` (H, W) say, each with its middle (x, y) in pixels."""
    found = zxingcpp.read_barcodes(np.ascontiguousarray(picture), formats=QR_CODES, is_pure=pure, try_invert=False)
    for barcode in found:
        at = barcode.position
        corners = [(corner.x, corner.y) for corner in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
        yield barcode.text, np.mean(np.array(corners, np.float64), axis=0)
