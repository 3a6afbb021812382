"""Pictures of slips for letters."""

import cv2

from pads.blank import slip_picture
from schemas.errors import MachineError
from schemas.pad import PadDesign
from schemas.studio import Studio

LETTER_DPI = 150  # a slip half its size on a letter is then printed at 300


def empty_slip_png(pad: PadDesign, studio: Studio) -> bytes:
    """The printed slip, with nothing written on it and no number."""
    done, png = cv2.imencode(".png", slip_picture(pad, studio, None, LETTER_DPI))
    if not done:
        raise MachineError("OpenCV cannot write PNG: run `refpad doctor`.")
    return png.tobytes()
