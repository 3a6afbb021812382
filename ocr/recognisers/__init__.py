"""The readers of text lines: one module each, listed here; the first reads all, the others are asked to confirm."""

from collections.abc import Callable

from ocr.recognisers.recogniser import TextRecogniser
from schemas.limits import Limits


def _ppocr(_: Limits) -> TextRecogniser:
    from ocr.recognisers.ppocr import PpOcr  # its engine costs 0.1 s that reading marks need not pay

    return PpOcr()


def _tesseract(limits: Limits) -> TextRecogniser:
    from ocr.recognisers.tesseract import Tesseract

    return Tesseract(timeout_s=limits.ocr_seconds)


RECOGNISERS: tuple[Callable[[Limits], TextRecogniser], ...] = (_ppocr, _tesseract)


def open_recognisers(limits: Limits) -> tuple[TextRecogniser, ...]:
    """All readers, ready to read; raises MachineError naming the remedy when the machine lacks one."""
    return tuple(factory(limits) for factory in RECOGNISERS)
