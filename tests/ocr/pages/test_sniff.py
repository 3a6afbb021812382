"""What a file is, by what is in it; its name is only compared with that."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, refusal

SENT = drawn.page()
PDF = drawn.pdf([drawn.jpeg_picture(SENT)])


def _zip() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (drawn.written(SENT, "GIF"), "GIF"),
        (drawn.written(SENT, "WEBP"), "WebP"),
        (drawn.written(SENT, "BMP"), "BMP"),
        (drawn.written(SENT, "AVIF"), "AVIF"),
        (drawn.written(SENT, "JPEG2000"), "JPEG 2000"),
        (_zip(), "Office document"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "a program"),
        (b"<!doctype html><html><title>Sign in</title>", "a web page"),
        (b'<?xml version="1.0"?><svg/>', "an XML document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"/etc/hostname\n", "plain text"),
        (bytes(250_000), "all zero"),
        (b"\x01\x02\x03\x04" * 9, "unknown type"),
    ],
)
def test_other_types_are_named_and_refused(tmp_path: Path, data: bytes, name: str) -> None:
    """The person who sent it must know what to send instead."""
    error = refusal(tmp_path, data, name="scan.pdf")
    assert error.reason is Reason.UNSUPPORTED_TYPE
    assert name in error.message
    assert "PDF, TIFF, JPEG, PNG or HEIC" in error.message


@pytest.mark.parametrize(
    ("data", "name", "note"),
    [
        (PDF, "scan.jpg", "ends in .jpg, but it is a PDF"),
        (drawn.written(SENT, "JPEG"), "scan.pdf", "ends in .pdf, but it is a JPEG"),
        (drawn.written(SENT, "PNG"), "scan.TIF", "ends in .tif, but it is a PNG"),
    ],
)
def test_content_decides_and_the_name_is_noted(tmp_path: Path, data: bytes, name: str, note: str) -> None:
    """Fax servers and people name files as they like."""
    page = only_page(tmp_path, data, name=name)
    assert note in page.notes[0]
    assert page.findings == ()


@pytest.mark.parametrize("name", ["scan", "SCAN.PDF", "scan.pdf"])
def test_a_fitting_name_and_none_at_all_are_not_noted(tmp_path: Path, name: str) -> None:
    """Nothing to say."""
    assert only_page(tmp_path, PDF, name=name).notes == ()


def test_a_picture_that_also_holds_a_pdf_is_a_picture(tmp_path: Path) -> None:
    """What stands at the very beginning counts."""
    data = drawn.written(SENT, "JPEG", comment=b"%PDF-1.4")
    assert only_page(tmp_path, data, name="scan.jpg").notes == ()
