"""A part of a window is the place on the slip that it is asked for."""

import numpy as np

from ocr.ink import cut
from ocr.marks.ink_sheet import corner_px, inside
from schemas.geometry import BoxMm


def test_what_lies_in_a_box_is_the_same_in_the_window_and_on_the_slip() -> None:
    """Also where the window runs off the slip's edge."""
    slip = np.random.default_rng(1).integers(0, 255, (300, 200), np.uint8)
    for wide in (BoxMm(-3, -2, 16, 18), BoxMm(5, 9, 12, 14)):
        box = BoxMm(6.0, 10.0, 3.3, 3.3)
        assert np.array_equal(inside(cut(slip, wide), box, corner_px(wide)), cut(slip, box))
