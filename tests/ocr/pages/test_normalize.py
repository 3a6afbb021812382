"""Every page ends upright, square, black on white, whatever it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from ocr.page import Page
from ocr.pages.normalize import apply_orientation, credible_dpi, normalize_page
from ocr.pages.scan import Scan
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import FindingCode, SetAsideReason
from tests.ocr.pages import drawn

DRAWN = np.asarray(drawn.page())


def finished(scan: Scan, limits: Limits | None = None) -> Page:
    return normalize_page(scan, 1, (), limits or Limits())


def reason_of(scan: Scan, limits: Limits | None = None) -> SetAsideReason:
    with pytest.raises(SetAsideError) as caught:
        finished(scan, limits)
    assert caught.value.page == 1
    return caught.value.reason


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_set_upright_as_pillow_does(orientation: int) -> None:
    """Eight ways a camera is held, seven of them easy to get wrong."""
    image = drawn.page()
    exif = image.getexif()
    exif[274] = orientation
    upright = ImageOps.exif_transpose(image)
    assert np.array_equal(apply_orientation(np.asarray(image), orientation), np.asarray(upright))


@given(orientation=st.integers(-5, 300).filter(lambda number: not 2 <= number <= 8))
def test_an_orientation_that_does_not_exist_changes_nothing(orientation: int) -> None:
    """Some telephones write 0."""
    assert apply_orientation(DRAWN, orientation) is DRAWN


@given(x=st.sampled_from([98.0, 196.0, 204.0, 300.0]), y=st.sampled_from([98.0, 196.0, 204.0, 300.0]))
def test_pixels_come_out_square_at_the_finer_resolution(x: float, y: float) -> None:
    """A standard fax has pixels twice as tall as wide; squashed it would be read wrong."""
    gray = np.asarray(drawn.page().resize((round(6 * x), round(8 * y))))
    if max(x, y) > 2.5 * min(x, y):
        assert finished(Scan(gray, x, y)).dpi is None
        return
    page = finished(Scan(gray, x, y))
    assert page.dpi == max(x, y)
    assert page.gray.shape == pytest.approx((8 * max(x, y), 6 * max(x, y)), abs=2)
    assert drawn.difference(page.gray, drawn.page()) < 4


def test_squaring_comes_before_turning() -> None:
    """The resolution goes along the rows as they are stored."""
    gray = np.asarray(drawn.page().resize((1224, 784)).transpose(Image.Transpose.ROTATE_90))
    page = finished(Scan(gray, 98, 204, orientation=6))
    assert page.gray.shape == pytest.approx((1632, 1224), abs=2)
    assert drawn.difference(page.gray, drawn.page()) < 4


@pytest.mark.parametrize(
    ("x_dpi", "y_dpi", "believed"),
    [
        (200, 200, True),
        (204, 98, True),
        (1, 1, False),
        (9999, 9999, False),
        (None, None, False),
        (72, 72, False),
        (0, 0, False),
    ],
)
def test_only_a_resolution_that_paper_can_have_is_believed(x_dpi: float, y_dpi: float, *, believed: bool) -> None:
    """A letter sheet of 1,700 pixels is not 23 inches wide, though its header says 72 dpi."""
    assert (credible_dpi(x_dpi, y_dpi, 1700, 2200) is not None) == believed


def test_a_negative_is_turned_over_and_said_to_be_one() -> None:
    """Left as it is, every box would look ticked."""
    page = finished(Scan(255 - DRAWN, 100, 100))
    assert [finding.code for finding in page.findings] == [FindingCode.IMAGE_NEGATIVE]
    assert np.array_equal(page.gray, DRAWN)


def test_paper_on_a_dark_desk_is_no_negative() -> None:
    """A telephone's picture can be dark for the most part."""
    desk = np.full((2200, 2200), 30, np.uint8)
    desk[300:1400, 300:1150] = DRAWN
    page = finished(Scan(desk, None, None))
    assert np.array_equal(page.gray, desk)
    assert page.findings == ()


def test_noise_is_no_negative() -> None:
    """Half black and half white, it is neither way round."""
    noise = (np.random.default_rng(1).random((1100, 850)) < 0.49).astype(np.uint8) * np.uint8(255)
    assert finished(Scan(noise, None, None)).findings == ()


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_page_of_one_shade_stays_as_it_is(shade: int) -> None:
    """The lid was open, or the sheet lay upside down: whether it is blank is asked when no slip was found."""
    bare = np.full((1100, 850), shade, np.uint8)
    page = finished(Scan(bare, 100, 100))
    assert np.array_equal(page.gray, bare)
    assert page.findings == ()


@pytest.mark.parametrize("shape", [(1, 1), (2, 60_000), (8, 8)])
def test_a_picture_without_room_for_a_slip_is_set_aside(shape: tuple[int, int]) -> None:
    """What follows need not cope with a page of one pixel."""
    assert reason_of(Scan(np.zeros(shape, np.uint8), None, None)) is SetAsideReason.NO_SLIP_FOUND


def test_squaring_does_not_pass_the_pixel_limit() -> None:
    """A page within the limit may double."""
    assert reason_of(Scan(DRAWN, 98, 196), Limits(page_pixels=1_000_000)) is SetAsideReason.TOO_MANY_PIXELS


def test_a_page_cannot_be_written_to() -> None:
    """All slips of a page are read from the same pixels."""
    with pytest.raises(ValueError, match="read-only"):
        finished(Scan(DRAWN, 100, 100)).gray[0, 0] = 1
