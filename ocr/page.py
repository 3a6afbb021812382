"""The one kind of page that everything after the opener works on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.reading import Finding


@dataclass(frozen=True)
class Page:
    """One upright gray page with square pixels.

    `number` is 1-based within its file. `grey` is (H, W), 0 black to 255 paper, read-only. `dpi` is the
    resolution after squaring, None when the file does not tell one that can be true. `notes` inform and judge
    nothing (the file's type belies its name, it was repaired, it carries active content); `findings` are
    doubts that every slip of this page inherits. `part` says in which of several documents of the file the page lies
    ("document 2 of 3"), "" in a file of one.
    """

    number: int
    grey: NDArray[np.uint8]
    dpi: float | None
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    part: str = ""
