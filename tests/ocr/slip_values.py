"""What the reader asks of a registered slip, for tests that need one thing of it."""

import numpy as np
from numpy.typing import NDArray

from ocr.ink import relative_ink
from ocr.marks.measure import marks_in
from ocr.signature.measure import signature_in
from ocr.streaks import find_lines
from ocr.template import Template
from schemas.reading import MarkReading, SignatureReading


def read_marks(registered: NDArray[np.uint8], template: Template) -> dict[str, MarkReading]:
    """The state of every checkbox of a registered slip, (H, W) grey, by the box's name."""
    ink = relative_ink(registered, template.solid_mm)
    return marks_in(ink, find_lines(ink, template.print_reach), template)


def read_signature(registered: NDArray[np.uint8], template: Template) -> SignatureReading:
    """Whether a signature is present on a registered slip, (H, W) grey."""
    ink = relative_ink(registered, template.solid_mm)
    return signature_in(ink, find_lines(ink, template.print_reach), template)
