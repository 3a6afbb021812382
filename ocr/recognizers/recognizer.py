"""What a text recognizer is: line pictures in, text with confidence out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.errors import RefpadError


@dataclass(frozen=True, eq=False)
class Spread:
    """What a CTC reader held possible, step by step from left to right (Graves et al. 2006).

    `probabilities` is (steps, len(symbols)); symbols[0] stands for the blank, whatever its character.
    Rows sum to at most 1: what is missing belongs to symbols that no slip is written in.
    """

    symbols: str
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RecognizedLine:
    """One line as one reader sees it: `confidence` (0..1) is the reader's own, not calibrated.

    `characters` are probabilities, one a character of `text`, and `spread` is all that was held
    possible; both are empty for a reader that does not tell them.
    """

    text: str
    confidence: float
    characters: tuple[float, ...] = ()
    spread: Spread | None = None


NOTHING = RecognizedLine("", 0.0)


class TextRecognizer(Protocol):
    """A reader of single lines."""

    @property
    def name(self) -> str:
        """What readings call it."""

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """The text of each line crop, in order; crops are gray (H, W) with dark ink, of any size.

        A crop that holds nothing legible, or no pixels, gives an empty text. Raises EngineFailedError when
        the engine broke down, never for what a picture shows.
        """


class EngineFailedError(RefpadError):
    """A recognizer broke down or ran out of time on these lines; other readers, and the slip, go on."""
