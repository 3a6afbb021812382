"""A blurred page is sharpened enough for its corner marks to be found."""

import cv2
import numpy as np

from ocr.markers.detect import detect_markers
from ocr.slips.deblur import deblur
from tests.ocr.paper import place, slip


def test_corner_marks_of_a_blurred_page_are_found_where_they_are() -> None:
    """A shifted mark would be worse than a lost one."""
    sharp = place(slip(), 2)
    blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 8), np.uint8)
    assert len(detect_markers(blurred, 1700)) < 4
    known = {mark.number: mark.center_px for mark in detect_markers(sharp, 1700)}
    found = detect_markers(deblur(blurred), 1700)
    assert {mark.number for mark in found} == {0, 1, 2, 3}
    assert max(np.linalg.norm(mark.center_px - known[mark.number]) for mark in found) < 2


def test_a_small_page_keeps_its_size() -> None:
    """Places found on the one hold on the other."""
    assert deblur(np.full((301, 407), 200, np.uint8)).shape == (301, 407)
