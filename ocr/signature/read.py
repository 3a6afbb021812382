"""Whether someone signed a registered slip: strokes first, and a reader of print where they may be print."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.printed_words import PrintedWord, WordFinder
from ocr.recognizers.recognizer import EngineFailedError
from ocr.signature.judge import judge_signature
from ocr.signature.judge_print import WORD_SURE, judge_print, judge_unread, may_be_print, printed_text
from ocr.signature.measure import measure_signature
from ocr.signature.printed import View, measure_words, print_views, without_words, words_here
from ocr.streaks import Lines
from ocr.template import Template
from schemas.reading import SignatureReading, SignatureState


def read_signature(ink: NDArray[np.uint8], lines: Lines, template: Template, finder: WordFinder) -> SignatureReading:
    """Whether a signature is present, from a slip's ink (H, W) relative to printed black and the lines in it."""
    measure = measure_signature(ink, lines, template)
    read = judge_signature(measure)
    if read.value is SignatureState.ABSENT or not may_be_print(measure):
        return read
    views = print_views(ink, lines, template)
    try:
        found = finder.find_words([view.picture for view in views])
    except EngineFailedError:
        return judge_unread(read)
    here = [(view, words_here(view, words, template)) for view, words in zip(views, found, strict=True)]
    level, turned = ([measure_words(some) for view, some in here if view.is_turned is askew] for askew in (False, True))
    words = printed_text(level, turned)
    if not words:
        return read
    beside = without_words(ink, [(view, _words_in_print(view, some)) for view, some in here])
    return judge_print(read, judge_signature(measure_signature(beside, lines, template)), words)


def _words_in_print(view: View, words: Sequence[PrintedWord]) -> Sequence[PrintedWord]:
    """The words of a view whose ink is print: of a plain one all; in others a signature is read as unsure words too."""
    return words if view.is_plain else [word for word in words if word.confidence >= WORD_SURE]
