"""A slip's ink in the forms that measuring whose ink it is needs, and how parts of it are cut out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ocr.scale import px_box
from schemas.geometry import BoxMm

_Pixel = TypeVar("_Pixel", np.bool_, np.uint8, np.int32)


@dataclass(frozen=True, eq=False)
class InkSheet:
    """A slip's ink, all (H, W) and 0 or 255: `dark` is all ink, `added` what is above the blank, `printed` the print.

    In `rooms` writing is expected, or print that each slip has of its own.
    """

    dark: NDArray[np.uint8]
    added: NDArray[np.uint8]
    printed: NDArray[np.uint8]
    rooms: Sequence[BoxMm] = ()


def corner_px(wide: BoxMm) -> tuple[int, int]:
    """Where a window that is cut out of a slip begins, (x, y)."""
    left, top, _, _ = px_box(wide)
    return max(left, 0), max(top, 0)


def inside(window: NDArray[_Pixel], box: BoxMm, corner: tuple[int, int]) -> NDArray[_Pixel]:
    """The part of a window that lies in `box`, as a view."""
    left, top, right, bottom = px_box(box)
    x, y = corner
    return window[max(top - y, 0) : max(bottom - y, 0), max(left - x, 0) : max(right - x, 0)]
