"""Printed words anywhere in a picture, with their places: Tesseract, which reads print and hardly ever handwriting."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray

from ocr.recognizers.recognizer import EngineFailedError
from schemas.limits import Limits

# --psm 6: each picture is one block of lines. Inverted text does not occur.
OPTIONS = "--psm 6 -c tessedit_do_invert=0"


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
    """Tesseract 5 through pytesseract, one process for all pictures: 0.15 s for two, most of it to start."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # read by the child; several threads are slower (5 s to 153 s)

    def find_words(self, pictures: Sequence[NDArray[np.uint8]]) -> list[list[PrintedWord]]:
        """See WordFinder.find_words."""
        with tempfile.TemporaryDirectory(prefix="refpad-") as folder:
            names = [Path(folder) / f"{number}.png" for number in range(len(pictures))]
            for name, picture in zip(names, pictures, strict=True):
                name.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
            pages = Path(folder) / "pictures.txt"
            pages.write_text("".join(f"{name}\n" for name in names))
            return self._words(pages, len(pictures))

    def _words(self, pages: Path, count: int) -> list[list[PrintedWord]]:
        try:
            table = pytesseract.image_to_data(
                str(pages), "eng", OPTIONS, output_type=pytesseract.Output.DICT, timeout=self._timeout_s
            )
        except pytesseract.TesseractNotFoundError:
            raise EngineFailedError("Tesseract is not installed: run `apt install tesseract-ocr`.") from None
        except RuntimeError:  # a crash, or pytesseract's time-out: its text may hold file contents
            raise EngineFailedError("Tesseract failed on a signature; check it by eye.") from None
        columns = (table[name] for name in ("page_num", "text", "conf", "left", "top", "width", "height"))
        found: list[list[PrintedWord]] = [[] for _ in range(count)]
        for page, text, sure, *box in zip(*columns, strict=True):
            if str(text).strip() and float(sure) >= 0:
                found[int(page) - 1].append(PrintedWord(str(text).strip(), float(sure) / 100, *map(int, box)))
        return found


def open_word_finder(limits: Limits) -> WordFinder:
    """The finder of printed words; a machine that lacks its engine is told at the first picture."""
    return TesseractWords(limits.ocr_seconds)
