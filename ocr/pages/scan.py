"""What a file type hands over, before it is made upright: one contract for all."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.reading import Finding

Gray = NDArray[np.uint8]


@dataclass(frozen=True)
class Scan:
    """A page as it lies in its file. `orientation` (EXIF/TIFF tag 274, 1..8) says how to set it upright.

    `x_dpi` and `y_dpi` go along the rows and columns of `gray` as it lies; None when the file tells nothing.
    """

    gray: Gray
    x_dpi: float | None
    y_dpi: float | None
    orientation: int = 1
    findings: tuple[Finding, ...] = ()


class Document(Protocol):
    """An open file of one type, whose pages were counted without decoding them."""

    @property
    def page_count(self) -> int:
        """The pages that the file says it has, at least 1."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person may want to know about the file, none of it a doubt."""

    def scan(self, number: int) -> Scan:
        """Page `number` (1-based); raises SetAsideError for this page alone."""
