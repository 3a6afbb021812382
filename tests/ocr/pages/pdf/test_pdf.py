"""PDF: scans taken out as they are, all else drawn, nothing lost in silence."""

import contextlib
import io
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocr.page import Page
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import FindingCode
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, opened, outcome, refusal

SENT = drawn.page()
FAX = drawn.page(1728, 1078)
STROKES = b"100 100 m 500 700 l 8 w S 50 500 200 200 re f"
TAKEN_OUT_PX = (1100, 850)  # a page that was drawn would have 3300 x 2550


def scanned(**page_keys: object) -> bytes:
    return drawn.pdf([drawn.jpeg_picture(SENT)], page_keys=page_keys)


def test_a_scan_is_taken_out_as_it_is(tmp_path: Path) -> None:
    """Not drawn again: the pixels are those of the scanner, ten times as fast."""
    page = only_page(tmp_path, scanned())
    with Image.open(io.BytesIO(drawn.written(SENT, "JPEG", quality=80))) as image:
        assert np.array_equal(page.gray, np.asarray(image))
    assert page.dpi == pytest.approx(100)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90])
@pytest.mark.parametrize(
    ("matrix", "turn"),
    [
        ("612 0 0 792 0 0", None),
        ("-612 0 0 792 612 0", Image.Transpose.FLIP_LEFT_RIGHT),
        ("-612 0 0 -792 612 792", Image.Transpose.ROTATE_180),
        ("612 0 0 -792 0 792", Image.Transpose.FLIP_TOP_BOTTOM),
        ("0 792 -612 0 612 0", Image.Transpose.ROTATE_90),
        ("0 -792 612 0 0 792", Image.Transpose.ROTATE_270),
        ("0 792 612 0 0 0", Image.Transpose.TRANSVERSE),
        ("0 -792 -612 0 612 792", Image.Transpose.TRANSPOSE),
    ],
)
def test_a_scan_lies_as_poppler_would_draw_it(
    tmp_path: Path, matrix: str, turn: Image.Transpose | None, rotate: int
) -> None:
    """Eight ways to place a picture, four ways to turn a page; an annotation makes poppler draw the same page."""
    keys = {"Rotate": rotate}
    picture = drawn.jpeg_picture(SENT)
    taken = only_page(tmp_path, drawn.pdf([picture], content=f"q {matrix} cm /Im0 Do Q", page_keys=keys))
    shown = SENT.transpose(turn) if turn is not None else SENT
    shown = shown.resize(SENT.size).rotate(-rotate, expand=True)
    assert max(taken.gray.shape) < 1500
    assert drawn.difference(taken.gray, shown) < 4
    if rotate == 90:
        again = drawn.pdf([picture], content=f"q {matrix} cm /Im0 Do Q 0 0 1 1 re f", page_keys=keys)
        by_poppler = only_page(tmp_path, again)
        assert max(by_poppler.gray.shape) == 3300
        assert drawn.difference(taken.gray, by_poppler.gray) < 4


@pytest.mark.parametrize(
    ("parms", "keys", "negative"),
    [
        ({}, {}, False),
        ({"BlackIs1": True}, {}, True),
        ({"BlackIs1": True}, {"Decode": Array([1, 0])}, False),
        ({}, {"Decode": Array([1, 0])}, True),
        ({}, {"ImageMask": True, "ColorSpace": None}, False),
        ({"BlackIs1": True}, {"ImageMask": True, "ColorSpace": None, "Decode": Array([1, 0])}, False),
    ],
)
def test_black_and_white_are_what_the_pdf_says(
    tmp_path: Path, parms: dict[str, bool], keys: dict[str, object], *, negative: bool
) -> None:
    """Four places can turn them round, and fax servers use them all."""
    page = only_page(tmp_path, drawn.pdf([{**drawn.fax_picture(FAX, **parms), **keys}]))
    assert page.gray.shape == pytest.approx((2236, 1728), abs=1)
    assert drawn.difference(page.gray, FAX) < 4
    assert [finding.code for finding in page.findings] == ([FindingCode.IMAGE_NEGATIVE] if negative else [])


@pytest.mark.parametrize("line_ends", [True, False])
def test_group_3_is_taken_out_only_with_its_line_ends(tmp_path: Path, *, line_ends: bool) -> None:
    """Without them libtiff sees damage where there is none, and poppler does not."""
    page = only_page(tmp_path, drawn.pdf([drawn.fax_picture(FAX, "group3", EndOfLine=line_ends)]))
    assert (page.gray.shape[1] == 1728) == line_ends
    assert page.findings == ()
    assert drawn.difference(page.gray, FAX) < 4


@pytest.mark.parametrize("bits", [1, 8])
def test_unpacked_pixels_are_taken_out(tmp_path: Path, bits: int) -> None:
    """Some scanners write Flate."""
    image = drawn.bilevel(SENT) if bits == 1 else SENT
    data = zlib.compress(image.tobytes())
    picture = {"data": data, "Width": 850, "Height": 1100, "BitsPerComponent": bits, "Filter": Name.FlateDecode}
    page = only_page(tmp_path, drawn.pdf([picture]))
    assert page.gray.shape == TAKEN_OUT_PX
    assert drawn.difference(page.gray, SENT) < 2


def test_pixels_that_are_not_all_there_are_seen(tmp_path: Path) -> None:
    """A viewer would show the rest in gray."""
    picture = {"data": SENT.tobytes()[:-85_000], "Width": 850, "Height": 1100}
    assert refusal(tmp_path, drawn.pdf([picture])).reason is Reason.TRUNCATED


def test_a_color_scan_comes_out_gray(tmp_path: Path) -> None:
    """Blue ink on white."""
    assert drawn.difference(only_page(tmp_path, drawn.pdf([drawn.jpeg_picture(SENT.convert("RGB"))])).gray, SENT) < 2


@pytest.mark.parametrize(
    ("content", "page_keys", "keys"),
    [
        ("q 612 0 0 792 0 0 cm /Im0 Do Q 300 300 50 50 re f", {}, {}),
        ("q 300 0 0 390 0 0 cm /Im0 Do Q", {}, {}),
        ("q 600 100 -100 780 50 0 cm /Im0 Do Q", {}, {}),
        ("q 612 0 0 792 0 0 cm /Im0 Do Q q 100 0 0 100 0 0 cm /Im0 Do Q", {}, {}),
        (None, {"Annots": Array([Dictionary(Type=Name.Annot, Subtype=Name.Ink, Rect=[0, 0, 9, 9])])}, {}),
        (None, {"CropBox": Array([0, 0, 306, 396])}, {}),
        (None, {}, {"Decode": Array([0, 0.5])}),
        (None, {}, {"ColorSpace": Array([Name.Separation, Name.Black, Name.DeviceGray, Dictionary(FunctionType=2)])}),
    ],
    ids=["more drawn", "not full", "askew", "two pictures", "ink note", "cropped", "half tones", "separation"],
)
def test_what_is_more_than_a_scan_is_drawn(
    tmp_path: Path, content: str | None, page_keys: dict[str, object], keys: dict[str, object]
) -> None:
    """Taking out the picture alone would lose what lies over it."""
    (page,) = opened(tmp_path, drawn.pdf([{**drawn.jpeg_picture(SENT), **keys}], content=content, page_keys=page_keys))
    assert not isinstance(page, Page) or page.gray.shape != TAKEN_OUT_PX


def test_a_drawn_page_has_the_resolution_it_was_drawn_with(tmp_path: Path) -> None:
    """300 dots an inch."""
    page = only_page(tmp_path, drawn.text_pdf(STROKES))
    assert page.gray.shape == (3300, 2550)
    assert page.dpi == 300


def test_a_large_page_is_drawn_more_coarsely(tmp_path: Path) -> None:
    """A poster at 300 dpi would pass the limit; at 200 it is still readable."""
    page = only_page(tmp_path, drawn.text_pdf(STROKES), Limits(page_pixels=4_000_000))
    assert page.dpi is not None
    assert 150 <= page.dpi < 300
    assert page.gray.size <= 4_000_000


@pytest.mark.parametrize(
    ("media", "keys", "reason"),
    [
        (b"[0 0 14400 14400]", b"", Reason.TOO_MANY_PIXELS),
        (b"[0 0 612 792]", b"/UserUnit 75000", Reason.PAGE_SIZE),
        (b"[0 0 0 0]", b"", Reason.PAGE_SIZE),
        (b"[0 0 612 792]", b"/Rotate 45", Reason.PAGE_SIZE),
        (b"[0 0 1 1]", b"", Reason.NO_SLIP_FOUND),
        (b"[0 0 14400 1]", b"", Reason.NO_SLIP_FOUND),
    ],
)
def test_a_size_that_no_sheet_has_is_refused_before_drawing(
    tmp_path: Path, media: bytes, keys: bytes, reason: Reason
) -> None:
    """Poppler draws one pixel, or Letter, and says that all went well."""
    assert refusal(tmp_path, drawn.text_pdf(STROKES, media, keys)).reason is reason


def test_corners_of_the_page_may_be_named_in_any_order(tmp_path: Path) -> None:
    """It is legal, if odd."""
    assert only_page(tmp_path, drawn.text_pdf(STROKES, b"[612 792 0 0]")).gray.shape == (3300, 2550)


def test_a_page_drawn_with_errors_is_kept_with_a_finding(tmp_path: Path) -> None:
    """Poppler goes on after an error and leaves out what it did not understand."""
    page = only_page(tmp_path, drawn.text_pdf(STROKES + b" /NoSuchFont 12 Tf (a) Tj ] ] >> BT"))
    assert [finding.code for finding in page.findings] == [FindingCode.PARTIAL_DAMAGE]


def test_a_page_that_is_never_ready_costs_only_itself(tmp_path: Path) -> None:
    """Ten forms that each draw ten forms, ten levels deep: 3 kB that poppler draws until the sun is cold."""
    forms = 24
    kinds = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X %d 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] %s /Contents %%d 0 R >>"
    page %= b"/Resources << /XObject << /X 6 0 R >> >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>"]
    objects += [page % 5, page % (6 + forms), b"<< /Length 5 >>\nstream\n/X Do\nendstream"]
    objects += [
        b"<< /Length 60 %s >>\nstream\n%s\nendstream" % (kinds % (7 + level), b"/X Do " * 10) for level in range(forms)
    ]
    objects += [b"<< /Length %d >>\nstream\n%s\nendstream" % (len(STROKES), STROKES)]
    pages = opened(tmp_path, drawn.raw_pdf(objects), Limits(page_seconds=1))
    assert [outcome(opened) for opened in pages] == [Reason.TIMEOUT, 2]
    assert isinstance(pages[0], SetAsideError)
    assert "limits.page_seconds" in pages[0].message


def test_a_damaged_picture_costs_only_its_page(tmp_path: Path) -> None:
    """Its JPEG data has a hole: libjpeg would make up the rest."""
    pictures = [drawn.jpeg_picture(drawn.page(1700, 2200, mark)) for mark in range(3)]
    data = bytearray(pictures[1]["data"])
    data[2000:6000] = bytes(4000)
    pictures[1]["data"] = bytes(data)
    pages = opened(tmp_path, drawn.pdf(pictures))
    assert [outcome(page) for page in pages] == [1, Reason.PARTIAL_DAMAGE, 3]


def test_a_picture_that_ends_too_early_costs_only_its_page(tmp_path: Path) -> None:
    """The scanner stopped in the middle of a sheet."""
    pictures = [drawn.jpeg_picture(drawn.page(mark=mark)) for mark in range(2)]
    pictures[0]["data"] = pictures[0]["data"][:5000]
    assert [outcome(page) for page in opened(tmp_path, drawn.pdf(pictures))] == [Reason.PARTIAL_DAMAGE, 2]


def test_a_picture_whose_own_header_is_huge_is_not_decoded(tmp_path: Path) -> None:
    """The PDF says 850 pixels, the JPEG inside 65,500."""
    picture = drawn.jpeg_picture(SENT)
    at = picture["data"].find(b"\xff\xc0")
    picture["data"] = picture["data"][: at + 5] + b"\xff\xdc\xff\xdc" + picture["data"][at + 9 :]
    assert refusal(tmp_path, drawn.pdf([picture])).reason is Reason.TOO_MANY_PIXELS


def test_a_pdf_cut_anywhere_is_set_aside_whole(tmp_path: Path) -> None:
    """A repairing reader finds one page of three, and two referrals are lost."""
    data = drawn.pdf([drawn.jpeg_picture(drawn.page(mark=mark)) for mark in range(3)])
    for end in (9, len(data) // 2, len(data) - 600, len(data) - 7):
        assert refusal(tmp_path, data[:end]).reason is Reason.TRUNCATED


def test_a_cut_change_is_not_read_as_the_old_version(tmp_path: Path) -> None:
    """A PDF that was changed keeps its old end mark in the middle."""
    error = refusal(tmp_path, scanned() + b"\n12 0 obj\n<< /Type /Pa")
    assert error.reason is Reason.TRUNCATED


def test_a_cut_web_pdf_is_seen_though_its_first_end_mark_is_there(tmp_path: Path) -> None:
    """A linearized PDF has an end mark near its beginning."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn.pdf([drawn.jpeg_picture(SENT)] * 3))) as document:
        document.save(file, linearize=True)
    data = file.getvalue()
    first_end = data.find(b"%%EOF")
    assert first_end < len(data) // 2
    assert refusal(tmp_path, data[: first_end + 6]).reason is Reason.TRUNCATED


@pytest.mark.parametrize(
    "junk", [(b"\x1b%-12345X@PJL JOB\r\n", b""), (b"<html>", b""), (b"", bytes(4096) + b"rubbish")]
)
def test_junk_around_a_pdf_does_no_harm(tmp_path: Path, junk: tuple[bytes, bytes]) -> None:
    """Printers put their own language before it, portals put rubbish behind it."""
    assert only_page(tmp_path, junk[0] + scanned() + junk[1]).gray.shape == TAKEN_OUT_PX


def test_a_repaired_pdf_says_so(tmp_path: Path) -> None:
    """All pages came back, and a person may want to know."""
    page = only_page(tmp_path, scanned().replace(b"startxref", b"startxref\n7 %"))
    assert page.notes == ("the PDF was damaged and could be repaired",)


def test_only_a_password_that_is_needed_sets_a_pdf_aside(tmp_path: Path) -> None:
    """An owner's password forbids printing, not reading."""
    with pikepdf.open(io.BytesIO(scanned())) as document:
        closed = drawn.saved(document, encryption=pikepdf.Encryption(user="open", owner="owner"))
        open_to_all = drawn.saved(document, encryption=pikepdf.Encryption(user="", owner="owner"))
    assert refusal(tmp_path, closed).reason is Reason.ENCRYPTED
    assert only_page(tmp_path, open_to_all).gray.shape == TAKEN_OUT_PX


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ([b"<< /Type /Catalog >>"], Reason.NO_PAGES),
        ([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"], Reason.NO_PAGES),
        ([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"], Reason.DAMAGED),
    ],
    ids=["no list of pages", "empty list", "list in itself"],
)
def test_a_list_of_pages_that_is_wrong_is_refused(tmp_path: Path, objects: list[bytes], reason: Reason) -> None:
    """Poppler draws blank pages for some of these."""
    assert refusal(tmp_path, drawn.raw_pdf(objects)).reason is reason


def test_the_files_own_count_must_be_what_is_found(tmp_path: Path) -> None:
    """A page that the list has lost would be a lost referral."""
    error = refusal(tmp_path, drawn.text_pdf(STROKES).replace(b"/Count 1", b"/Count 4"))
    assert error.reason is Reason.DAMAGED
    assert "counts 4 pages and holds 1" in error.message


def test_too_many_pages_are_refused_with_the_limit(tmp_path: Path) -> None:
    """The message names the figure and the setting."""
    error = refusal(tmp_path, drawn.pdf([drawn.jpeg_picture(drawn.page(300, 400))] * 4), Limits(pages=3))
    assert error.reason is Reason.TOO_MANY_PAGES
    assert "4 pages, above the limit of 3" in error.message


def test_a_huge_picture_in_a_small_pdf_is_not_unpacked(tmp_path: Path) -> None:
    """A letter page with a picture of 2.5 gigapixels."""
    picture = {"data": zlib.compress(bytes(1000)), "Width": 50_000, "Height": 50_000, "Filter": Name.FlateDecode}
    assert refusal(tmp_path, drawn.pdf([picture])).reason is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("catalog", "what"),
    [
        (b"/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\)) >>", "a script"),
        (b"/OpenAction << /S /Launch /F (/bin/sh) >>", "a program start"),
        (b"/AcroForm << /XFA 4 0 R /Fields [] >>", "an XFA form"),
    ],
)
def test_what_would_act_in_a_viewer_is_noted(tmp_path: Path, catalog: bytes, what: str) -> None:
    """It is never run here, and a person should know before opening the original."""
    page = only_page(tmp_path, drawn.text_pdf(STROKES, catalog_keys=catalog))
    assert what in page.notes[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8))
def test_no_damage_does_more_than_set_pages_aside(tmp_path: Path, places: list[tuple[float, bytes]]) -> None:
    """Bytes changed at random: pages or a reason, and never another error."""
    data = bytearray(drawn.pdf([drawn.fax_picture(drawn.page(400, 500))]))
    for place, instead in places:
        at = int(place * len(data))
        data[at : at + len(instead)] = instead
    with contextlib.suppress(SetAsideError):
        opened(tmp_path, bytes(data), Limits(page_pixels=4_000_000, page_seconds=5))
