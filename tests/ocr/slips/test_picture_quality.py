"""What is too blurred or too small to be read says so, with its figure; what can be read is not refused."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.page import Page
from ocr.scale import PX_PER_MM
from ocr.slips.picture_quality import EDGE_MOST_MM, edge_width_mm, judge_picture, page_quality_message
from schemas.reasons import FindingCode
from tests.ocr.paper import Picture, place, slip, template


def registered() -> Picture:
    met = template()
    return np.asarray(cv2.resize(slip(), met.size_px, interpolation=cv2.INTER_AREA), np.uint8)


def shaken(picture: Picture, length_px: int, turned: bool) -> Picture:
    kernel = np.full((1, length_px), 1 / length_px, np.float32)
    return np.asarray(cv2.filter2D(picture, -1, kernel.T if turned else kernel), np.uint8)


@given(st.floats(0.5, 3.0))
@settings(max_examples=12, deadline=None)
def test_blur_is_measured_in_millimeters(sigma_px: float) -> None:
    """An edge blurred by a Gaussian rises over sqrt(2 pi) of its sigma where it is steepest."""
    soft = np.asarray(cv2.GaussianBlur(registered(), (0, 0), sigma_px), np.uint8)
    assert edge_width_mm(soft, template()) == pytest.approx(np.sqrt(2 * np.pi) * sigma_px / PX_PER_MM, abs=0.15)


@pytest.mark.parametrize("turned", [False, True])
def test_a_picture_shaken_in_one_direction_is_blurred(turned: bool) -> None:
    """The other direction's sharp edges do not make letters legible."""
    (finding,) = judge_picture(shaken(registered(), 9, turned), template(), 300)
    assert finding.code is FindingCode.IMAGE_BLURRED
    assert f"above {EDGE_MOST_MM:.1f} mm; photograph the slip again" in finding.detail


def test_a_sharp_picture_has_no_finding() -> None:
    """Readable photos are not sent back."""
    assert judge_picture(registered(), template(), 150) == ()


def test_a_picture_of_few_pixels_says_how_few() -> None:
    """The person holds the phone closer only when told that this is the trouble."""
    (finding,) = judge_picture(registered(), template(), 64)
    assert finding.code is FindingCode.IMAGE_TOO_SMALL
    assert "64 dots per inch" in finding.detail


def test_a_photo_without_a_slip_tells_when_it_is_too_blurred_or_too_small() -> None:
    """No corner mark shows on such a picture: "no slip" alone would send people looking for another fault."""
    photo = place(slip(), 3, lid=120)
    blurred = np.asarray(cv2.GaussianBlur(photo, (0, 0), 9), np.uint8)
    small = np.asarray(cv2.resize(photo, (390, 520), interpolation=cv2.INTER_AREA), np.uint8)
    assert "pixels, above" in page_quality_message(Page(1, blurred, None))
    assert "520 pixels long" in page_quality_message(Page(1, small, None))
    assert page_quality_message(Page(1, photo, None)) == ""


def test_a_scan_without_a_slip_tells_when_it_is_too_blurred_or_too_faint() -> None:
    """With the figure, so that people see whether it grows better."""
    scan = place(slip(), 3)
    faint = (255 - (255 - scan.astype(np.float32)) * 0.1).astype(np.uint8)
    assert "mm, above 0.8 mm: it is out of focus" in page_quality_message(
        Page(1, np.asarray(cv2.GaussianBlur(scan, (0, 0), 14), np.uint8), 300.0)
    )
    assert "only 10% darker than the paper" in page_quality_message(Page(1, faint, 300.0))
    assert page_quality_message(Page(1, scan, 300.0)) == ""
