"""The readers of text lines: one module each, listed here; the first reads all, the others are asked to confirm."""

from collections.abc import Callable

from ocr.recognizers.recognizer import TextRecognizer
from schemas.limits import Limits


def _ppocr(_: Limits) -> TextRecognizer:
    from ocr.recognizers.ppocr import PpOcr  # its engine costs 0.1 s that reading marks need not pay

    return PpOcr()


def _tesseract(limits: Limits) -> TextRecognizer:
    from ocr.recognizers.tesseract import Tesseract

    return Tesseract(timeout_s=limits.ocr_seconds)


RECOGNIZERS: tuple[Callable[[Limits], TextRecognizer], ...] = (_ppocr, _tesseract)


def open_recognizers(limits: Limits) -> tuple[TextRecognizer, ...]:
    """All readers, ready to read; raises MachineError naming the remedy when the machine lacks one."""
    return tuple(factory(limits) for factory in RECOGNIZERS)
