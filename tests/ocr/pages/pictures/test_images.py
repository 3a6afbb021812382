"""What all formats of pictures have in common: orientation, resolution, and that no other library decides."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile, PngImagePlugin

from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, refusal

SENT = drawn.page()
PNG = drawn.written(SENT, "PNG", dpi=(200, 200))


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
    assert page.gray.shape == (1100, 850)
    assert drawn.difference(page.gray, SENT) < 2


@pytest.mark.parametrize("claimed", [0, 3])
def test_a_resolution_that_cannot_be_is_not_believed(tmp_path: Path, claimed: int) -> None:
    """None is better than a wrong one."""
    data = drawn.written(SENT, "JPEG", dpi=(claimed, claimed))
    assert only_page(tmp_path, data).dpi is None


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
    assert refusal(tmp_path, _png_of_half_a_picture()).reason is Reason.TRUNCATED
    assert [getattr(module, name) for module, name, _ in OTHERS_WISHES] == [value for _, _, value in OTHERS_WISHES]


@pytest.mark.usefixtures("disturbed")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PNG, id="png"),
        pytest.param(drawn.written(SENT, "JPEG", quality=90), id="jpeg"),
        pytest.param(drawn.written(SENT.convert("CMYK"), "JPEG", quality=90), id="cmyk"),
        pytest.param(drawn.written(SENT.convert("P"), "TIFF"), id="palette tiff"),
        pytest.param(drawn.heic(SENT), id="heic"),
    ],
)
def test_a_good_picture_is_read_whatever_other_libraries_have_set(tmp_path: Path, data: bytes) -> None:
    """A bound of pixels that a library lowers for itself would set every scan aside; ours is in the limits."""
    assert drawn.difference(only_page(tmp_path, data).gray, SENT) < 3
