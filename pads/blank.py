"""Pictures of slips, drawn through their print so that print and reader cannot drift apart."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pdf2image import convert_from_bytes
from pdf2image.exceptions import PDFInfoNotInstalledError

from pads.print_pdf import print_slip
from schemas.errors import MachineError
from schemas.geometry import MM_PER_INCH
from schemas.pad import PadDesign
from schemas.studio import Studio


@lru_cache(maxsize=16)
def blank(design: PadDesign, dpi: int = 200) -> NDArray[np.uint8]:
    """The empty form, (H, W) gray: what the reader subtracts. No studio block, no code, no serial, no dotted guides.

    Kept for the life of the process and therefore read-only.
    """
    picture = _draw(design, None, None, dpi, guides=False)
    picture.setflags(write=False)
    return picture


def slip_picture(design: PadDesign, studio: Studio | None, serial: int | None, dpi: int = 200) -> NDArray[np.uint8]:
    """A printed slip, (H, W) gray, W and H the design's size at `dpi` in whole pixels.

    MachineError when poppler, which draws it, is not installed.
    """
    return _draw(design, studio, serial, dpi, guides=True)


def _draw(design: PadDesign, studio: Studio | None, serial: int | None, dpi: int, *, guides: bool) -> NDArray[np.uint8]:
    pdf = BytesIO()
    print_slip(design, studio, serial, pdf, guides=guides)
    return rendered(pdf.getvalue(), design, dpi)


def rendered(pdf: bytes, design: PadDesign, dpi: int) -> NDArray[np.uint8]:
    """A printed page of the design's own size as a picture, (H, W) gray; MachineError without poppler."""
    size = (round(design.width_mm * dpi / MM_PER_INCH), round(design.height_mm * dpi / MM_PER_INCH))
    try:
        pages = convert_from_bytes(pdf, dpi=dpi, size=size, grayscale=True)
    except PDFInfoNotInstalledError as error:
        raise MachineError("Poppler is missing; install the package poppler-utils.") from error
    return np.array(pages[0], dtype=np.uint8)
