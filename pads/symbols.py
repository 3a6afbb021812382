"""The printed squares that machines read: corner marks and the slip's code."""

from functools import cache

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from schemas.code import SlipCode
from schemas.pad import FIDUCIAL_MODULES
from schemas.sheet_code import SheetCode


@cache
def fiducial_modules(marker: int) -> NDArray[np.bool_]:
    """Marker `marker` of ArUco dictionary 4X4_50, (6, 6), True where ink goes; its dark border included."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return np.asarray(dictionary.generateImageMarker(marker, FIDUCIAL_MODULES) == 0)


def code_modules(code: SlipCode | SheetCode) -> NDArray[np.bool_]:
    """The QR code of a slip or answer sheet, (21, 21), True where ink goes, without quiet zone.

    Version 1 at error level Q (ISO/IEC 18004): a quarter of the code may be lost to a pen or a staple.
    """
    qr = segno.make_qr(code.text(), version=1, error="q", mode="alphanumeric", boost_error=False)
    return np.array([list(row) for row in qr.matrix], dtype=np.bool_)
