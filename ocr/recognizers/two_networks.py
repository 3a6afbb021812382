"""Two networks as one reader: which of them looks at a line first, second and third, and at which view of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.recognizer import RecognizedLine, TextRecognizer


class LineView(Enum):
    """How a line is shown."""

    UPRIGHT = "upright"  # its letters set upright
    WIDE = "wide"  # as it was written, stretched further


class Writing(Enum):
    """What is to be read, as far as that decides who looks."""

    WORDS = "words"  # by a pen
    DIGITS = "digits"  # in printed cells
    TYPE = "type"


class Turn(NamedTuple):
    """One look at a line that a reader may take: by which network, and at which view of it."""

    network: TextRecognizer
    view: LineView


@dataclass(frozen=True)
class TwoNetworks:
    """A reader of two networks, which err apart: what both misread alike is less than what one misreads twice.

    `first` was trained on print and on handwriting of all kinds, `second` for pens. Words by a pen `second` sees first:
    it is sure of more of them, and what both see together is the same in either order. Digits and type `first` does.
    """

    first: TextRecognizer
    second: TextRecognizer

    @property
    def name(self) -> str:
        """What readings call it; they name the networks that looked."""
        return self.first.name

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """See TextRecognizer.recognize; the network that was trained on all kinds."""
        return self.first.recognize(lines)

    def turns(self, writing: Writing) -> tuple[Turn, ...]:
        """Who looks at such writing, in turn, as long as it is unsure."""
        first = Turn(self.first, LineView.UPRIGHT)
        if writing is Writing.WORDS:
            return Turn(self.second, LineView.WIDE), first, Turn(self.second, LineView.UPRIGHT)
        return first, Turn(self.first if writing is Writing.TYPE else self.second, LineView.WIDE)


def turns_of(reader: TextRecognizer, writing: Writing) -> tuple[Turn, ...]:
    """Who looks at such writing, in turn, as long as it is unsure; a reader of one network looks twice itself."""
    if isinstance(reader, TwoNetworks):
        return reader.turns(writing)
    return Turn(reader, LineView.UPRIGHT), Turn(reader, LineView.WIDE)


def networks_of(reader: TextRecognizer) -> tuple[TextRecognizer, ...]:
    """The networks that this reader consists of, or itself."""
    return (reader.first, reader.second) if isinstance(reader, TwoNetworks) else (reader,)
