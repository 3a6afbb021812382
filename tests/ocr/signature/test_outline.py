"""A stamp's frame is known by straight sides that meet at right angles, turned or cut; signatures have none."""

import cv2
import numpy as np
import pytest

from ocr.scale import PX_PER_MM
from ocr.signature.outline import measure_outline
from ocr.signature.rows import turned


def frame(degrees: float, thick: int = 4) -> np.ndarray:
    """A frame of 36 by 11 mm that leans by so many degrees."""
    ink = np.zeros((round(17 * PX_PER_MM), round(42 * PX_PER_MM)), np.uint8)
    first, last = ((round(x * PX_PER_MM), round(y * PX_PER_MM)) for x, y in ((3, 3), (39, 14)))
    cv2.rectangle(ink, first, last, 255, thick)
    return turned(ink, degrees)[0]


@pytest.mark.parametrize("degrees", [0, 4, -15, 25])
def test_a_frame_has_sides_with_corners_however_it_lies(degrees: float) -> None:
    """A facsimile stamp is a signature in a frame: the frame alone gives it away."""
    outline = measure_outline(frame(degrees))
    assert outline.corner_mm > 42
    assert outline.sides_mm > 50


def test_a_rule_through_the_frame_hides_no_corner() -> None:
    """Where the form's rule was taken out, a side has a gap."""
    ink = frame(0)
    row = round(10 * PX_PER_MM)
    ink[row : row + round(0.8 * PX_PER_MM)] = 0
    assert measure_outline(ink).sides_mm > 45


def test_lines_that_do_not_meet_are_no_frame() -> None:
    """A name underlined and crossed through has straight strokes too."""
    ink = np.zeros((120, 400), np.uint8)
    cv2.line(ink, (20, 100), (380, 100), 255, 4)
    cv2.line(ink, (200, 10), (200, 70), 255, 4)
    assert measure_outline(ink).corner_mm == 0
    assert measure_outline(np.zeros((50, 50), np.uint8)).sides_mm == 0
