"""The one kind of page that everything after the opener works on."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.reading import Finding, PageChannel

FAX_DPI = (203.0, 206.0)  # ITU-T T.4: 8.04 dots a mm across; scanners offer 200, programs write 204
# Black and white pages have no gray at all; where a scan is cleanest, letters' edges make 1 % of it gray.
GRAY, GRAY_SHARE_LEAST, ROWS_APART = (24, 231), 0.001, 8


@dataclass(frozen=True)
class Page:
    """One upright gray page with square pixels.

    `number` is 1-based within its file. `gray` is (H, W), 0 black to 255 paper, read-only. `dpi` is the
    resolution after squaring, None when the file does not tell one that can be true. `notes` inform and judge
    nothing (the file's type belies its name, it was repaired, it carries active content); `findings` are
    doubts that every slip of this page inherits. `part` says in which of several documents of the file the page lies
    ("document 2 of 3"), "" in a file of one.
    """

    number: int
    gray: NDArray[np.uint8]
    dpi: float | None
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    part: str = ""

    @cached_property
    def channel(self) -> PageChannel:
        """The way the page came: a fax by its resolution, a photo by having none, a scan by its grays."""
        if self.dpi is None:
            return PageChannel.PHOTO
        if FAX_DPI[0] <= self.dpi <= FAX_DPI[1]:
            return PageChannel.FAX
        rows = self.gray[::ROWS_APART]
        gray = cv2.countNonZero(cv2.inRange(rows, GRAY[0] + 1, GRAY[1] - 1)) / rows.size
        return PageChannel.SCAN if gray >= GRAY_SHARE_LEAST else PageChannel.BLACK_AND_WHITE
