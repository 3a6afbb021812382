"""What the reader asks of a registered slip, for tests that need one thing of it."""

import numpy as np
from numpy.typing import NDArray

from ocr.ink import relative_ink
from ocr.marks import measure as marks
from ocr.recognizers.printed_words import open_word_finder
from ocr.signature import read as signature
from ocr.streaks import find_lines
from ocr.template import Template
from schemas.limits import Limits
from schemas.reading import MarkReading, SignatureReading


def read_marks(registered: NDArray[np.uint8], template: Template) -> dict[str, MarkReading]:
    """The state of every checkbox of a registered slip, (H, W) gray, by the box's name."""
    ink = relative_ink(registered, template.solid_mm)
    return marks.read_marks(ink, find_lines(ink, template.print_reach), template)


def read_signature(registered: NDArray[np.uint8], template: Template) -> SignatureReading:
    """Whether a signature is present on a registered slip, (H, W) gray."""
    ink = relative_ink(registered, template.solid_mm)
    return signature.read_signature(ink, find_lines(ink, template.print_reach), template, open_word_finder(Limits()))
