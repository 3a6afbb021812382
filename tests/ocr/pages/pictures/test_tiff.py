"""TIFF, as scanners and fax servers write it, whole and broken."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ocr.page import Page
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import FindingCode
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, opened, outcome, refusal

FINE = (1728, 2156)
PAGES = [drawn.page(*FINE, mark=number) for number in range(3)]
STRIPS = [drawn.fax_strip(page) for page in PAGES]
TAGS = drawn.fax_tags(*FINE)
REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def fax(*strips: bytes, **tags: float) -> bytes:
    """A fax TIFF; a tag is given as `t282=204.0`."""
    changed = {int(name[1:]): value for name, value in tags.items()}
    return drawn.tiff([({**TAGS, **changed}, strip) for strip in strips])


def test_every_page_of_a_fax_comes_in_order(tmp_path: Path) -> None:
    """Three referrals sent in one call are three referrals."""
    pages = opened(tmp_path, fax(*STRIPS))
    assert [outcome(page) for page in pages] == [1, 2, 3]
    for page, sent in zip(pages, PAGES, strict=True):
        assert isinstance(page, Page)
        assert page.dpi == 204
        assert drawn.difference(page.gray, sent) < 2


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("compression", "number"), [("group3", 3), ("group4", 4)])
def test_a_standard_fax_gets_its_true_shape(tmp_path: Path, order: str, compression: str, number: int) -> None:
    """204 x 98 dots an inch: shown as they are stored, a circle would be an egg."""
    sent = drawn.page(1728, 1078)
    tags = {**drawn.fax_tags(1728, 1078, number), 283: 98.0}
    page = only_page(tmp_path, drawn.tiff([(tags, drawn.fax_strip(sent, compression))], order))
    assert page.gray.shape == (2244, 1728)
    assert drawn.difference(page.gray, drawn.page(1728, 2244)) < 4


def test_bits_may_come_low_first(tmp_path: Path) -> None:
    """Fax modems store them as they come over the line."""
    page = only_page(tmp_path, fax(STRIPS[0].translate(REVERSED_BITS), t266=2))
    assert drawn.difference(page.gray, PAGES[0]) < 2


def test_dots_per_centimeter_are_understood(tmp_path: Path) -> None:
    """TIFF knows two units."""
    assert only_page(tmp_path, fax(STRIPS[0], t296=3, t282=80.31, t283=77.17)).dpi == pytest.approx(204, abs=0.1)


def test_a_fax_that_tells_no_resolution_is_guessed_and_says_so(tmp_path: Path) -> None:
    """1,728 dots are the width of every letter fax; the height tells fine from standard."""
    for height_px in (1078, 2156):
        sent = drawn.page(1728, height_px)
        tags = {tag: value for tag, value in drawn.fax_tags(1728, height_px).items() if tag not in (282, 283)}
        page = only_page(tmp_path, drawn.tiff([(tags, drawn.fax_strip(sent))]))
        assert page.gray.shape == (2244, 1728)
        assert [finding.code for finding in page.findings] == [FindingCode.RESOLUTION_GUESSED]


def test_pages_of_one_fax_may_differ_in_resolution(tmp_path: Path) -> None:
    """Machines change over between pages."""
    coarse = drawn.page(1728, 1078)
    data = drawn.tiff([(TAGS, STRIPS[0]), ({**drawn.fax_tags(1728, 1078), 283: 98.0}, drawn.fax_strip(coarse))])
    shapes = [page.gray.shape for page in opened(tmp_path, data) if isinstance(page, Page)]
    assert shapes == [(2244, 1728), (2244, 1728)]


def test_a_page_with_black_and_white_exchanged_is_turned_over(tmp_path: Path) -> None:
    """The photometric field is the one that fax software gets wrong most."""
    page = only_page(tmp_path, fax(STRIPS[0], t262=1))
    assert [finding.code for finding in page.findings] == [FindingCode.IMAGE_NEGATIVE]
    assert drawn.difference(page.gray, PAGES[0]) < 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_the_orientation_field_is_honored(tmp_path: Path, mode: str, orientation: int) -> None:
    """By both decoders: palettes go another way than gray."""
    turned = Image.fromarray(_stored(np.asarray(drawn.page()), orientation))
    data = drawn.written(turned.convert(mode), "TIFF", tiffinfo={274: orientation}, dpi=(100, 100))
    page = only_page(tmp_path, data)
    assert page.gray.shape == (1100, 850)
    assert drawn.difference(page.gray, drawn.page()) < 2


def _stored(upright: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], orientation: int) -> drawn.Gray:
    """What must lie in the file so that `orientation` makes it `upright` (TIFF 6.0, Orientation)."""
    flips = {1: (1, 1), 2: (1, -1), 3: (-1, -1), 4: (-1, 1), 5: (1, 1), 6: (1, -1), 7: (-1, -1), 8: (-1, 1)}
    down, across = flips[orientation]
    stored = upright[::down, ::across]
    return np.ascontiguousarray(stored.T if orientation >= 5 else stored)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_gray_and_color_come_out_gray(tmp_path: Path, mode: str, compression: str) -> None:
    """Office scanners write all of these."""
    data = drawn.written(drawn.page().convert(mode), "TIFF", compression=compression, dpi=(100, 100))
    assert drawn.difference(only_page(tmp_path, data).gray, drawn.page()) < 2


@pytest.mark.parametrize("mode", ["I;16", "LA", "RGBA", "CMYK", "P"])
def test_unusual_pixels_come_out_the_same_gray(tmp_path: Path, mode: str) -> None:
    """16 bits, transparency, printing colors and palettes: one page whatever the pixels."""
    image = drawn.page()
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    else:
        image = image.convert("RGB").convert(mode) if mode != "LA" else image.convert("LA")
    page = only_page(tmp_path, drawn.written(image, "TIFF", dpi=(100, 100)))
    assert drawn.difference(page.gray, drawn.page()) < 2


def test_a_preview_is_no_page(tmp_path: Path) -> None:
    """Some scanners put a small picture beside each page."""
    small = drawn.page(400, 500)
    data = drawn.tiff([(TAGS, STRIPS[0]), ({**drawn.fax_tags(400, 500), 254: 1}, drawn.fax_strip(small))])
    page = only_page(tmp_path, data)
    assert "preview" in page.notes[0]


def test_a_damaged_page_costs_only_itself(tmp_path: Path) -> None:
    """Page 2's data lies outside the file; decoders drop it, or the whole file, in silence."""
    data = drawn.tiff([(TAGS, STRIPS[0]), ({**TAGS, 273: 9_000_000}, b""), (TAGS, STRIPS[2])])
    pages = opened(tmp_path, data)
    assert [outcome(page) for page in pages] == [1, Reason.PARTIAL_DAMAGE, 3]
    assert isinstance(pages[1], SetAsideError)
    assert pages[1].page == 2
    assert "Page 2 of 3" in pages[1].message


def test_a_page_whose_last_lines_are_missing_is_set_aside(tmp_path: Path) -> None:
    """The line was dropped: libtiff fills the rest of the page with black and says nothing that Pillow passes on."""
    pages = opened(tmp_path, fax(STRIPS[0], STRIPS[1][: len(STRIPS[1]) // 3]))
    assert [outcome(page) for page in pages] == [1, Reason.PARTIAL_DAMAGE]
    assert isinstance(pages[1], SetAsideError)
    assert "of its 2,156 lines arrived" in pages[1].message


def test_a_hole_in_jpeg_data_inside_a_tiff_is_seen(tmp_path: Path) -> None:
    """libtiff only warns, and the rest of the page is made up."""
    whole = drawn.written(drawn.page(1700, 2200), "TIFF", compression="jpeg", quality=80)
    data = bytearray(whole)
    data[len(data) // 3 : len(data) // 3 + 3000] = bytes(3000)
    assert refusal(tmp_path, bytes(data)).reason is Reason.DAMAGED


def test_noise_on_the_line_is_a_finding(tmp_path: Path) -> None:
    """A damaged G3 line costs that line: the page is read, and a person looks."""
    strip = bytearray(drawn.fax_strip(drawn.page(*FINE), "group3"))
    for at in range(len(strip) // 3, len(strip) // 2, 97):
        strip[at] ^= 0x10
    page = only_page(tmp_path, drawn.tiff([(drawn.fax_tags(*FINE, 3), bytes(strip))]))
    assert [finding.code for finding in page.findings] == [FindingCode.PARTIAL_DAMAGE]
    assert "2,156 lines" in page.findings[0].detail


def test_a_file_cut_short_is_set_aside_whole(tmp_path: Path) -> None:
    """The list of pages stands at the end: nobody knows how many there were."""
    data = fax(*STRIPS)
    assert refusal(tmp_path, data[: len(data) // 2]).reason is Reason.TRUNCATED


def test_uncompressed_data_that_is_too_short_is_seen(tmp_path: Path) -> None:
    """Else the missing rows would come out black."""
    tags = {256: 850, 257: 1100, 258: 8, 259: 1, 262: 1, 277: 1, 278: 1100}
    error = refusal(tmp_path, drawn.tiff([(tags, drawn.page().tobytes()[:-5000])]))
    assert error.reason is Reason.TRUNCATED
    assert "5,000 bytes" in error.message


def test_a_list_of_pages_that_runs_in_a_circle_ends(tmp_path: Path) -> None:
    """Three pages, not for ever."""
    data = drawn.tiff([(TAGS, strip) for strip in STRIPS], loop_to=0)
    error = refusal(tmp_path, data)
    assert error.reason is Reason.DAMAGED
    assert "after page 3" in error.message


def test_pages_are_counted_before_any_is_decoded(tmp_path: Path) -> None:
    """3,000 pages take no longer to refuse than 3."""
    tiny = drawn.tiff([({**drawn.fax_tags(8, 8)}, b"\0")] * 3000)
    error = refusal(tmp_path, tiny)
    assert error.reason is Reason.TOO_MANY_PAGES
    assert "3,000 pages" in error.message
    assert "limits.pages" in error.message


def test_a_huge_picture_in_a_small_file_is_not_decoded(tmp_path: Path) -> None:
    """6 kB can unpack to 2.5 gigapixels."""
    error = refusal(tmp_path, drawn.tiff([(drawn.fax_tags(50_000, 50_000), bytes(6000))]))
    assert error.reason is Reason.TOO_MANY_PIXELS
    assert "50,000 x 50,000" in error.message
    assert "limits.page_pixels" in error.message


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({256: 0}, Reason.DAMAGED),
        ({279: 4_294_967_280}, Reason.DAMAGED),
        ({259: 60_000}, Reason.DAMAGED),
        ({258: 32, 339: 3, 259: 1}, Reason.UNSUPPORTED_TYPE),
        ({258: 64}, Reason.UNSUPPORTED_TYPE),
    ],
)
def test_fields_that_cannot_be_are_refused(tmp_path: Path, changes: dict[int, int], reason: Reason) -> None:
    """No width, four gigabytes in six kilobytes, a compression that does not exist, floating-point pixels."""
    assert refusal(tmp_path, drawn.tiff([({**TAGS, **changes}, STRIPS[0])])).reason is reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=12), cut=st.floats(0.1, 1)
)
def test_no_damage_does_more_than_set_pages_aside(tmp_path: Path, places: list[tuple[float, int]], cut: float) -> None:
    """Bytes changed at random, the file cut at random: pages or a reason, and never another error."""
    data = bytearray(drawn.tiff([(drawn.fax_tags(600, 800), drawn.fax_strip(drawn.page(600, 800)))] * 2))
    for place, byte in places:
        data[int(place * len(data))] = byte
    with contextlib.suppress(SetAsideError):
        opened(tmp_path, bytes(data[: int(cut * len(data)) or 1]), Limits(page_pixels=4_000_000))
