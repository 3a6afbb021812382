"""Holes, streaks and folded corners are taken for paper; writing beside them stays."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pages.wear import without_wear

PX_PER_MM = 100 / 25.4


def page() -> NDArray[np.float32]:
    return np.zeros((1012, 782), np.float32)


def words_of(text: str) -> NDArray[np.float32]:
    written = page().astype(np.uint8)
    cv2.putText(written, text, (330, 700), cv2.FONT_HERSHEY_SIMPLEX, 1, 200, 2)
    return written.astype(np.float32)


def test_a_hole_near_the_edge_goes_and_a_ring_in_the_middle_stays() -> None:
    """Somebody drew the one."""
    worn = page()
    cv2.circle(worn, (20, 300), 14, 220, -1)
    cv2.circle(worn, (400, 500), 14, 220, -1)
    clean = without_wear(worn, PX_PER_MM)
    assert clean[250:350, :60].max() == 0
    assert clean[500, 400] == 220


def test_a_broken_streak_goes_and_a_row_of_words_stays() -> None:
    """Dust lets go of the glass for a while; words are higher than a streak is thick."""
    worn = page()
    worn[:, 300:302] = 120
    worn[400:440, 300:302] = 0
    worn[660:720] = np.maximum(worn[660:720], words_of("a line of words on a page")[660:720])
    words = worn[660:720, 320:].copy()
    clean = without_wear(worn, PX_PER_MM)
    assert clean[:600].max() == 0
    assert np.array_equal(clean[660:720, 320:], words)


def test_a_folded_corner_goes() -> None:
    """A triangle in a corner of the page."""
    worn = page()
    cv2.fillPoly(worn, [np.array([[0, 0], [110, 0], [0, 140]])], (140,))
    assert without_wear(worn, PX_PER_MM).max() == 0


def test_a_page_without_wear_is_left_as_it_is() -> None:
    """Whatever is on it."""
    faint = words_of("faint") * np.float32(0.1)
    assert np.array_equal(without_wear(faint, PX_PER_MM), faint)
