"""A recognizer that breaks down as no recognizer should, and once only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.recognizer import NOTHING, RecognizedLine

QUOTED = "Ada Quill"  # what the error quotes


class RaisesOnce:
    """Raises `error` at its call number `at`, from 1; reads nothing at all others."""

    name = "raises-once"

    def __init__(self, error: BaseException | None = None, at: int = 1) -> None:
        self._error, self._left = error or LookupError(QUOTED), at

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """As many empty lines."""
        self._left -= 1
        if self._left == 0:
            raise self._error
        return [NOTHING for _ in lines]
