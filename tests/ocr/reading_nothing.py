"""A recogniser that reads nothing, for tests that look at places only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.recognisers.recogniser import NOTHING, Recognised


class ReadsNothing:
    """See ocr.recognisers.recogniser.TextRecogniser."""

    name = "nothing"

    def recognise(self, lines: Sequence[NDArray[np.uint8]]) -> list[Recognised]:
        """As many empty lines."""
        return [NOTHING for _ in lines]
