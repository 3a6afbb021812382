"""The reader of single digits: a small network of refpad's own that looks at one cell at a time.

`training/` makes it; data/cell_digits.md says from what, and how well it reads.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.inference.onnx_session import open_session, read_shipped

MODEL = Path(__file__).with_name("data") / "cell_digits.onnx"
SHA256 = "47f85fc1a2ba5817e5082e25c78f60327531153888469f77f121a4f6fa979394"
NAME = "cells"  # what readings call it
# The network sees a cell's ink in the middle of a picture of this size, its longer side this long.
CELL_PX, DIGIT_PX = 32, 24
# Its classes are the ten digits, and then what is no single digit: struck out, written over, two in one cell, a scrap.
NO_DIGIT = 10


class CellReader:
    """Tells the digit in a cell, on one thread.

    Raises MachineError when the network is missing, or is not the one that refpad was made with.
    """

    def __init__(self, model: Path = MODEL) -> None:
        self._session = open_session(read_shipped(model, SHA256))

    def read(self, cells: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, 11): how likely each cell (N, CELL_PX, CELL_PX; 0 paper to 255 ink) is each digit, and NO_DIGIT."""
        (chances,) = self._session.run(None, {"cells": cells[:, None].astype(np.float32) / 255})
        return np.asarray(chances, np.float32)


@cache
def open_cell_reader() -> CellReader:
    """The one reader of this process."""
    return CellReader()
