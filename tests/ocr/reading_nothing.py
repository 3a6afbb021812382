"""A recognizer that reads nothing, for tests that look at places only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.recognizer import NOTHING, RecognizedLine


class ReadsNothing:
    """See ocr.recognizers.recognizer.TextRecognizer."""

    name = "nothing"

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """As many empty lines."""
        return [NOTHING for _ in lines]
