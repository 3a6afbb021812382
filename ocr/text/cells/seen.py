"""What the reader of cells sees in a comb field, and whether each cell holds a single digit."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.cell_digits import open_cell_reader
from ocr.text.cells.cut_cells import cut_cells, cut_clear_of_comb
from ocr.text.cells.digits import holds_no_digit, without_digit
from ocr.text.lines.segment_lines import FieldInk
from schemas.pad import CombField


class SeenCells:
    """The cells of a field that a value stands in: those `used`, or all; each picture is looked at once."""

    def __init__(self, ink: FieldInk, field: CombField, used: Sequence[int]) -> None:
        self._ink, self._field, self._used = ink, field, list(used)

    @cached_property
    def chances(self) -> NDArray[np.float32]:
        """(cells, 11): how likely each is each digit, and none."""
        return self._read(cut_cells(self._ink, self._field))

    @cached_property
    def holds_no_digit(self) -> bool:
        """Whether a cell holds no single digit; one that only rests of its print make doubtful is looked at again."""
        if not without_digit(self.chances).any():
            return False
        return holds_no_digit(self.chances, self._read(cut_clear_of_comb(self._ink, self._field)))

    def _read(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        chances = open_cell_reader().read(pictures)
        return chances[self._used] if self._used else chances
