"""What reads with Tesseract: pictures in, words out; and the table in which it tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

REMEDY = "Tesseract is not installed: run `apt install tesseract-ocr`."
_WORD = "5"  # the level of words in its table
_LEVEL, _PAGE, _LEFT, _HEIGHT, _PERCENT, _TEXT = 0, 1, 6, 9, 10, 11  # columns


class Layout(IntEnum):
    """How the words of a picture lie, as Tesseract's --psm numbers it."""

    BLOCK = 6
    LINE = 7


@dataclass(frozen=True)
class TableWord:
    """A word with its confidence (0..100) and its box in pixels of the picture."""

    text: str
    percent: float
    left_px: int
    top_px: int
    width_px: int
    height_px: int


class TesseractEngine(Protocol):
    """Tesseract 5 for English, however it is run."""

    def check(self) -> None:
        """Raises MachineError naming the remedy when it is not installed."""

    def read(self, pictures: Sequence[NDArray[np.uint8]], layout: Layout) -> list[list[TableWord]]:
        """The words of each gray picture (H, W) with dark ink, neither side 0, in reading order.

        Raises MachineError when it is not installed, EngineFailedError when it broke down or ran out of time.
        """


def words_of(table: str, pictures: int = 1) -> list[list[TableWord]]:
    """The words of each of the pictures that a table (TSV) has as its pages."""
    found: list[list[TableWord]] = [[] for _ in range(pictures)]
    for line in table.split("\n"):
        row = line.split("\t")
        if row[_LEVEL] == _WORD and len(row) > _TEXT and (text := row[_TEXT].strip()):
            box = map(int, row[_LEFT : _HEIGHT + 1])
            found[int(row[_PAGE]) - 1].append(TableWord(text, max(float(row[_PERCENT]), 0.0), *box))
    return found


def failure(what: str, pictures: int) -> str:
    """What a person is told of a Tesseract that did `what` ("broke down on") so many pictures."""
    return f"Tesseract {what} {pictures} lines; check the text of this slip by eye."


def too_slow(timeout_s: float, pictures: int) -> str:
    """The same of one that was stopped after its time."""
    return failure(f"took longer than {timeout_s:g} s for", pictures)
