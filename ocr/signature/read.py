"""Whether someone signed a registered slip: strokes first, and a reader of print where they may be print."""

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.printed_words import WordFinder
from ocr.recognizers.recognizer import EngineFailedError
from ocr.signature.judge import judge_signature
from ocr.signature.judge_print import judge_print, judge_unread, may_be_print, printed_text
from ocr.signature.measure import measure_signature
from ocr.signature.printed import measure_words, print_views, without_words
from ocr.streaks import Lines
from ocr.template import Template
from schemas.reading import SignatureReading, SignatureState


def read_signature(ink: NDArray[np.uint8], lines: Lines, template: Template, finder: WordFinder) -> SignatureReading:
    """Whether a signature is present, from a slip's ink (H, W) relative to printed black and the lines in it."""
    measure = measure_signature(ink, lines, template)
    read = judge_signature(measure)
    if read.value is SignatureState.ABSENT or not may_be_print(measure):
        return read
    try:
        views = finder.find_words(print_views(ink, lines, template))
    except EngineFailedError:
        return judge_unread(read)
    words = printed_text([measure_words(view) for view in views])
    if not words:
        return read
    beside = without_words(ink, (word for view in views for word in view), template)
    return judge_print(read, judge_signature(measure_signature(beside, lines, template)), words)
