"""Printed words anywhere in a picture, with their places: Tesseract, which reads print and hardly ever handwriting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.recognizer import EngineFailedError
from ocr.recognizers.tesseract_engine import Layout, TableWord, TesseractEngine
from ocr.recognizers.tesseract_program import TesseractProgram
from schemas.errors import MachineError
from schemas.limits import Limits


@dataclass(frozen=True)
class PrintedWord:
    """A word with its confidence (0..1) and its box in pixels of the picture."""

    text: str
    confidence: float
    left_px: int
    top_px: int
    width_px: int
    height_px: int


class WordFinder(Protocol):
    """Finds printed words."""

    def find_words(self, pictures: Sequence[NDArray[np.uint8]]) -> list[list[PrintedWord]]:
        """The words of each gray picture (H, W) with dark ink, neither side 0, in reading order.

        Raises EngineFailedError when the engine is missing, broke down or ran out of time.
        """


class TesseractWords:
    """Tesseract 5: all pictures of a signature line, or a label, in one call of its engine."""

    def __init__(self, engine: TesseractEngine) -> None:
        self._engine = engine

    def find_words(self, pictures: Sequence[NDArray[np.uint8]]) -> list[list[PrintedWord]]:
        """See WordFinder.find_words."""
        try:
            found = self._engine.read(pictures, Layout.BLOCK)
        except MachineError as error:
            raise EngineFailedError(str(error)) from None
        except EngineFailedError:
            raise EngineFailedError("Tesseract failed on a signature; check it by eye.") from None
        return [[_printed(word) for word in words] for words in found]


def _printed(word: TableWord) -> PrintedWord:
    """The word as found, with its confidence in whole hundredths."""
    return PrintedWord(word.text, int(word.percent) / 100, word.left_px, word.top_px, word.width_px, word.height_px)


def open_word_finder(limits: Limits, engine: TesseractEngine | None = None) -> WordFinder:
    """The finder of printed words, by this `engine` or Tesseract's program; a machine without is told at a picture."""
    return TesseractWords(engine or TesseractProgram(limits.ocr_seconds))
