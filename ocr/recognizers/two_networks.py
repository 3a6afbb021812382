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

    `general` was trained on print and on handwriting of all kinds, `pen` for what a pen writes, whose words it sees
    first: it is sure of more of them, and what both see together is the same in either order.
    """

    general: TextRecognizer
    pen: TextRecognizer

    @property
    def name(self) -> str:
        """What readings call it; they name the networks that looked."""
        return self.general.name

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """See TextRecognizer.recognize; the network that was trained on all kinds."""
        return self.general.recognize(lines)

    def turns(self, writing: Writing) -> tuple[Turn, ...]:
        """Who looks at such writing, in turn, as long as it is unsure."""
        general = Turn(self.general, LineView.UPRIGHT)
        if writing is Writing.WORDS:
            return Turn(self.pen, LineView.WIDE), general, Turn(self.pen, LineView.UPRIGHT)
        return general, Turn(self.general if writing is Writing.TYPE else self.pen, LineView.WIDE)


def turns_of(reader: TextRecognizer, writing: Writing) -> tuple[Turn, ...]:
    """Who looks at such writing, in turn, as long as it is unsure; a reader of one network looks twice itself."""
    if isinstance(reader, TwoNetworks):
        return reader.turns(writing)
    return Turn(reader, LineView.UPRIGHT), Turn(reader, LineView.WIDE)


def networks_of(reader: TextRecognizer) -> tuple[TextRecognizer, ...]:
    """The networks that this reader consists of, or itself."""
    return (reader.general, reader.pen) if isinstance(reader, TwoNetworks) else (reader,)
