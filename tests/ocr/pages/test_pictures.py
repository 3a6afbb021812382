"""JPEG, PNG and HEIC files, each one page."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageFile, PngImagePlugin

from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, opened, outcome, refusal

SENT = drawn.page()
JPEG = drawn.written(drawn.page(1700, 2200), "JPEG", quality=80)
PNG = drawn.written(SENT, "PNG", dpi=(200, 200))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpeg_comes_out_grey(tmp_path: Path, mode: str, *, progressive: bool) -> None:
    """As a scanner or a telephone writes it."""
    data = drawn.written(SENT.convert(mode), "JPEG", quality=80, progressive=progressive, dpi=(100, 100))
    page = only_page(tmp_path, data)
    assert page.dpi == pytest.approx(100)
    assert drawn.difference(page.grey, SENT) < 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_way_a_camera_was_held_is_undone(tmp_path: Path, kind: str, orientation: int) -> None:
    """Exif's orientation, which some decoders honor and some do not."""
    held = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = SENT.transpose(held[orientation]) if orientation > 1 else SENT
    exif = stored.getexif()
    exif[274] = orientation
    page = only_page(tmp_path, drawn.written(stored, kind, exif=exif))
    assert page.grey.shape == (1100, 850)
    assert drawn.difference(page.grey, SENT) < 2


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
    assert drawn.difference(page.grey, SENT) < 3


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


@pytest.mark.parametrize("claimed", [0, 3])
def test_a_resolution_that_cannot_be_is_not_believed(tmp_path: Path, claimed: int) -> None:
    """None is better than a wrong one."""
    data = drawn.written(SENT, "JPEG", dpi=(claimed, claimed))
    assert only_page(tmp_path, data).dpi is None


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_kind_comes_out_grey(tmp_path: Path, mode: str) -> None:
    """Black and white, palette, transparency, color, 16 bits."""
    image = Image.fromarray(np.asarray(SENT).astype(np.uint16) * 257) if mode == "I;16" else SENT.convert(mode)
    page = only_page(tmp_path, drawn.written(image, "PNG"))
    assert drawn.difference(page.grey, SENT) < 2


def test_what_is_transparent_is_paper(tmp_path: Path) -> None:
    """Black ink on a clear ground, which is black too where nobody sees it."""
    clear = Image.new("LA", SENT.size, (0, 0))
    clear.putalpha(ImageChops.invert(SENT))
    assert drawn.difference(only_page(tmp_path, drawn.written(clear, "PNG")).grey, SENT) < 2


def test_a_transparent_palette_color_is_paper(tmp_path: Path) -> None:
    """A palette may name one of its colors transparent."""
    image = SENT.point(lambda value: 1 if value > 128 else 0).convert("P")
    image.putpalette([0, 0, 0, 0, 0, 0] + [0] * 762)
    assert drawn.difference(only_page(tmp_path, drawn.written(image, "PNG", transparency=1)).grey, SENT) < 3


def test_a_png_with_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    """One flipped bit."""
    data = bytearray(PNG)
    data[len(data) // 2] ^= 1
    assert refusal(tmp_path, bytes(data)).reason is Reason.DAMAGED


def test_a_png_that_ends_too_early_is_set_aside(tmp_path: Path) -> None:
    """Half a page is no page."""
    assert refusal(tmp_path, PNG[: len(PNG) // 2]).reason is Reason.TRUNCATED


def test_an_animated_png_is_refused(tmp_path: Path) -> None:
    """Three referrals could hide in it; taking the first alone would lose two."""
    pages = [drawn.page(mark=mark) for mark in range(3)]
    error = refusal(tmp_path, drawn.written(pages[0], "PNG", save_all=True, append_images=pages[1:]))
    assert error.reason is Reason.UNSUPPORTED_TYPE
    assert "APNG" in error.message


def test_a_comment_that_unpacks_without_end_is_not_waited_for(tmp_path: Path) -> None:
    """200 MB of text in 200 kB."""
    packed = zlib.compress(b"A" * 20_000_000, 9)
    at = PNG.find(b"IDAT") - 4
    error = refusal(tmp_path, PNG[:at] + drawn.png_chunk(b"zTXt", b"Comment\0\0" + packed) + PNG[at:])
    assert error.reason is Reason.DAMAGED


def test_a_huge_png_is_not_decoded(tmp_path: Path) -> None:
    """2.5 gigapixels of white in 300 kB."""
    head = drawn.png_chunk(b"IHDR", struct.pack(">LLBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0))
    body = drawn.png_chunk(b"IDAT", zlib.compress(bytes(1000))) + drawn.png_chunk(b"IEND", b"")
    assert refusal(tmp_path, PNG[:8] + head + body).reason is Reason.TOO_MANY_PIXELS


def _heic(*images: Image.Image) -> bytes:
    file = io.BytesIO()
    heif = pillow_heif.HeifFile()
    for image in images:
        heif.add_from_pillow(image.convert("RGB"))
    heif.save(file, quality=80)
    return file.getvalue()


def test_a_telephones_heic_is_read(tmp_path: Path) -> None:
    """Half of all telephones write it."""
    assert drawn.difference(only_page(tmp_path, _heic(SENT)).grey, SENT) < 2


def test_every_picture_of_a_heic_is_a_page(tmp_path: Path) -> None:
    """A series of photographs in one file."""
    pages = opened(tmp_path, _heic(*(drawn.page(mark=mark) for mark in range(3))))
    assert [outcome(page) for page in pages] == [1, 2, 3]


def test_a_damaged_heic_is_set_aside(tmp_path: Path) -> None:
    """Cut in the middle."""
    data = _heic(SENT)
    assert refusal(tmp_path, data[: len(data) // 2]).reason is Reason.DAMAGED
    assert refusal(tmp_path, data[:40]).reason is Reason.DAMAGED


def test_a_huge_heic_is_not_decoded(tmp_path: Path) -> None:
    """Counted before decoding, like all others."""
    assert refusal(tmp_path, _heic(SENT), Limits(page_pixels=100_000)).reason is Reason.TOO_MANY_PIXELS


@pytest.fixture
def disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process in which other libraries have had their way: WeasyPrint, imported first, and worse ones."""
    import weasyprint  # noqa: F401 - for what its import does

    for module, name, value in OTHERS_WISHES:
        monkeypatch.setattr(module, name, value)


OTHERS_WISHES = (
    (ImageFile, "LOAD_TRUNCATED_IMAGES", True),
    (Image, "MAX_IMAGE_PIXELS", 10),
    (PngImagePlugin, "MAX_TEXT_CHUNK", 1 << 40),
    (PngImagePlugin, "MAX_TEXT_MEMORY", 1 << 40),
)


def _png_of_half_a_picture() -> bytes:
    """All checksums are right, and the picture's data ends in the middle."""
    pixels = np.asarray(SENT.convert("L"))
    packed = zlib.compress(np.pad(pixels, ((0, 0), (1, 0))).tobytes(), 9)
    packed = packed[: len(packed) // 2]
    head = drawn.png_chunk(b"IHDR", struct.pack(">LLBBBBB", SENT.width, SENT.height, 8, 0, 0, 0, 0))
    return PNG[:8] + head + drawn.png_chunk(b"IDAT", packed) + drawn.png_chunk(b"IEND", b"")


@pytest.mark.usefixtures("disturbed")
def test_damage_is_seen_whatever_other_libraries_have_set(tmp_path: Path) -> None:
    """WeasyPrint has Pillow fill in what is missing, for the whole process: half a slip would pass for a slip."""
    packed = zlib.compress(b"A" * 20_000_000, 9)
    at = PNG.find(b"IDAT") - 4
    endless = PNG[:at] + drawn.png_chunk(b"zTXt", b"Comment\0\0" + packed) + PNG[at:]
    assert refusal(tmp_path, endless).reason is Reason.DAMAGED
    assert refusal(tmp_path, _png_of_half_a_picture()).reason is Reason.DAMAGED
    assert [getattr(module, name) for module, name, _ in OTHERS_WISHES] == [value for _, _, value in OTHERS_WISHES]


@pytest.mark.usefixtures("disturbed")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PNG, id="png"),
        pytest.param(drawn.written(SENT, "JPEG", quality=90), id="jpeg"),
        pytest.param(drawn.written(SENT.convert("CMYK"), "JPEG", quality=90), id="cmyk"),
        pytest.param(drawn.written(SENT.convert("P"), "TIFF"), id="palette tiff"),
        pytest.param(_heic(SENT), id="heic"),
    ],
)
def test_a_good_picture_is_read_whatever_other_libraries_have_set(tmp_path: Path, data: bytes) -> None:
    """A bound of pixels that a library lowers for itself would set every scan aside; ours is in the limits."""
    assert drawn.difference(only_page(tmp_path, data).grey, SENT) < 3
