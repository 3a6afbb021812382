"""Ink that two fields take for theirs: whoever writes beside the lines leaves a text in a field that is another's."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocr.scale import PX_PER_MM
from ocr.text.lines.ink_line import EDGE_PX, InkLine
from ocr.text.lines.segment_lines import FieldInk

# Of 430 written fields on 55 hand-filled slips one shares more than this share of its ink, and at least so much; of 421
# on 50 simulated slips, some of which are written beside their lines, four, on two slips. Tails and heads of letters
# that reach into the next field are less: 3.3 mm2 of 52.
SHARED_MOST, SHARED_MOST_MM2 = 0.1, 1.0
_PAPER = 255


def doubt_shared(found: Mapping[str, FieldInk], shape: tuple[int, ...]) -> dict[str, FieldInk]:
    """The ink of the fields of a slip of `shape` (H, W), by name; those that share some of it no longer stand alone."""
    owners = np.zeros(shape[:2], np.uint8)
    for ink in found.values():
        for place, pen in map(_placed, ink.lines):
            owners[place] += pen
    return {
        name: replace(ink, torn=True, goes_on=True)
        if shared_mm2(ink, owners) > max(SHARED_MOST_MM2, SHARED_MOST * ink.ink_mm2)
        else ink
        for name, ink in found.items()
    }


def shared_mm2(ink: FieldInk, owners: NDArray[np.uint8]) -> float:
    """How much of a field's ink has more `owners` (H, W) than one."""
    counted = sum(np.count_nonzero(pen & (owners[place] > 1)) for place, pen in map(_placed, ink.lines))
    return counted / PX_PER_MM**2


def _placed(line: InkLine) -> tuple[tuple[slice, slice], NDArray[np.bool_]]:
    """Where a line's ink lies on the slip, and which of it is pen."""
    pen = line.picture[EDGE_PX:-EDGE_PX, EDGE_PX:-EDGE_PX] < _PAPER
    top, left = line.top_px + EDGE_PX, line.left_px + EDGE_PX
    return np.s_[top : top + pen.shape[0], left : left + pen.shape[1]], pen
