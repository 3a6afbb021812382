"""JPEG: from scanners and telephones, whole and broken."""

import struct
from pathlib import Path

import pytest
from PIL import ImageChops

from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, refusal

SENT = drawn.page()
JPEG = drawn.written(drawn.page(1700, 2200), "JPEG", quality=80)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpeg_comes_out_gray(tmp_path: Path, mode: str, *, progressive: bool) -> None:
    """As a scanner or a telephone writes it."""
    data = drawn.written(SENT.convert(mode), "JPEG", quality=80, progressive=progressive, dpi=(100, 100))
    page = only_page(tmp_path, data)
    assert page.dpi == pytest.approx(100)
    assert drawn.difference(page.gray, SENT) < 2


@pytest.mark.parametrize("adobe", [True, False])
def test_printing_colors_come_out_right_with_and_without_adobes_mark(tmp_path: Path, *, adobe: bool) -> None:
    """With the mark the values are stored inverted; taken for one another, the page comes out black."""
    cmyk = SENT.convert("RGB").convert("CMYK")
    data = drawn.written(cmyk, "JPEG", quality=80)
    assert b"Adobe" in data
    if not adobe:
        data = drawn.written(ImageChops.invert(cmyk), "JPEG", quality=80)
        at = data.find(b"\xff\xee")
        data = data[:at] + data[at + 16 :]
    page = only_page(tmp_path, data)
    assert page.findings == ()
    assert drawn.difference(page.gray, SENT) < 3


@pytest.mark.parametrize("left", [0.5, 0.99])
def test_a_jpeg_that_ends_too_early_is_set_aside(tmp_path: Path, left: float) -> None:
    """Decoders fill the rest with gray, which reads as nothing ticked."""
    assert refusal(tmp_path, JPEG[: int(left * len(JPEG))]).reason is Reason.TRUNCATED


def test_a_jpeg_whose_end_is_zeros_is_set_aside(tmp_path: Path) -> None:
    """The right size, but the last part never reached the disk."""
    kept = int(0.6 * len(JPEG))
    assert refusal(tmp_path, JPEG[:kept] + bytes(len(JPEG) - kept)).reason is Reason.TRUNCATED


def test_a_hole_in_a_jpeg_is_seen(tmp_path: Path) -> None:
    """libjpeg makes up what is missing and only mutters; the muttering is heard."""
    data = bytearray(JPEG)
    data[20_000:24_000] = bytes(4000)
    error = refusal(tmp_path, bytes(data))
    assert error.reason is Reason.DAMAGED
    assert "made up" in error.message


def test_a_jpeg_that_claims_to_be_huge_is_not_decoded(tmp_path: Path) -> None:
    """Its header is believed for the limit, before any memory is taken."""
    data = bytearray(JPEG)
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    error = refusal(tmp_path, bytes(data))
    assert error.reason is Reason.TOO_MANY_PIXELS
    assert "65,500 x 65,500" in error.message
