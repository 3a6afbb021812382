"""Pads that others have printed: the picture of their empty form, kept beside their design."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.errors import DesignError
from schemas.geometry import MM_PER_INCH
from schemas.pad import PadDesign

BLANK_DPI = 200  # as the reader draws slips (ocr.scale.REGISTERED_DPI)
SIZE_OFF_PX = 2


def size_px(design: PadDesign) -> tuple[int, int]:
    """Width and height of the picture of a design's empty form."""
    width, height = (round(length * BLANK_DPI / MM_PER_INCH) for length in (design.width_mm, design.height_mm))
    return width, height


def load_blank(design: PadDesign, folder: Path) -> NDArray[np.uint8]:
    """The empty form of an adopted design in `folder`, (H, W) gray at BLANK_DPI, read-only.

    Raises DesignError when the picture is not there, or is not of the size that the design tells.
    """
    named = f"{design.pad_id}.toml: blank {design.blank}"
    path = folder / (design.blank or "")
    if not path.is_file():
        raise DesignError(f"{named} is not beside it; copy both files together.")
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise DesignError(f"{named} is no PNG picture; adopt the form again.")
    width, height = size_px(design)
    if max(abs(picture.shape[1] - width), abs(picture.shape[0] - height)) > SIZE_OFF_PX:
        raise DesignError(
            f"{named} has {picture.shape[1]} x {picture.shape[0]} pixels, not the {width} x {height} of "
            f"{design.width_mm:g} x {design.height_mm:g} mm at {BLANK_DPI} dpi; adopt the form again."
        )
    picture.flags.writeable = False
    return np.asarray(picture, np.uint8)
