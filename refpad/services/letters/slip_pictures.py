"""Pictures of slips for letters."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pads.answer_sheet import sheet_picture
from pads.blank import slip_picture
from schemas.errors import MachineError
from schemas.pad import PadDesign
from schemas.sheet_code import SheetCode
from schemas.sheets.form import AnswerSheet
from schemas.studio import Studio

LETTER_DPI = 150  # a slip half its size on a letter is then printed at 300
SHEET_DPI = 300  # it is printed at its own size, and a fax machine sees 204
RIM_MM = 0.8  # of a registered slip's marks, which lie that near to their places


def empty_slip_png(pad: PadDesign, studio: Studio) -> bytes:
    """The printed slip, with nothing written on it and no number."""
    return _png(slip_picture(pad, studio, None, LETTER_DPI))


def answer_sheet_png(sheet: AnswerSheet, code: SheetCode, studio: Studio) -> bytes:
    """The sheet to answer on, with its code."""
    return _png(sheet_picture(sheet, code, f"Fax to {studio.fax}" if studio.fax else studio.phone, SHEET_DPI))


def without_marks(picture_png: bytes, pad: PadDesign) -> bytes:
    """A slip's picture without what machines find a slip by: the page that shows it is the answer's, not the slip's."""
    read = cv2.imdecode(np.frombuffer(picture_png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if read is None or pad.adopted:
        return picture_png
    picture = np.asarray(read, np.uint8)
    high, wide = picture.shape
    for box in (*pad.fiducials_mm(), pad.imprint.code_mm):
        left, right = (round(x * wide / pad.width_mm) for x in (box.x - RIM_MM, box.right + RIM_MM))
        top, bottom = (round(y * high / pad.height_mm) for y in (box.y - RIM_MM, box.bottom + RIM_MM))
        picture[max(top, 0) : bottom, max(left, 0) : right] = 255
    return _png(picture)


def _png(picture: NDArray[np.uint8]) -> bytes:
    done, png = cv2.imencode(".png", picture)
    if not done:
        raise MachineError("OpenCV cannot write PNG: run `refpad doctor`.")
    return png.tobytes()
