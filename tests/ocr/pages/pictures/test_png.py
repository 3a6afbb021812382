"""PNG: every kind of pixels, whole and broken."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import only_page, refusal

SENT = drawn.page()
PNG = drawn.written(SENT, "PNG", dpi=(200, 200))


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_kind_comes_out_gray(tmp_path: Path, mode: str) -> None:
    """Black and white, palette, transparency, color, 16 bits."""
    image = Image.fromarray(np.asarray(SENT).astype(np.uint16) * 257) if mode == "I;16" else SENT.convert(mode)
    page = only_page(tmp_path, drawn.written(image, "PNG"))
    assert drawn.difference(page.gray, SENT) < 2


def test_what_is_transparent_is_paper(tmp_path: Path) -> None:
    """Black ink on a clear ground, which is black too where nobody sees it."""
    clear = Image.new("LA", SENT.size, (0, 0))
    clear.putalpha(ImageChops.invert(SENT))
    assert drawn.difference(only_page(tmp_path, drawn.written(clear, "PNG")).gray, SENT) < 2


def test_a_transparent_palette_color_is_paper(tmp_path: Path) -> None:
    """A palette may name one of its colors transparent."""
    image = SENT.point(lambda value: 1 if value > 128 else 0).convert("P")
    image.putpalette([0, 0, 0, 0, 0, 0] + [0] * 762)
    assert drawn.difference(only_page(tmp_path, drawn.written(image, "PNG", transparency=1)).gray, SENT) < 3


def test_a_png_with_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    """One flipped bit."""
    data = bytearray(PNG)
    data[len(data) // 2] ^= 1
    assert refusal(tmp_path, bytes(data)).reason is Reason.DAMAGED


def test_a_png_that_ends_too_early_is_set_aside(tmp_path: Path) -> None:
    """Half a page is no page."""
    assert refusal(tmp_path, PNG[: len(PNG) // 2]).reason is Reason.TRUNCATED


def repacked(png: bytes, rows: bytes, header: bytes | None = None) -> bytes:
    """The PNG with other rows (and header), whole in every checksum."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))

    ihdr = header or png[16:29]
    return png[:8] + chunk(b"IHDR", ihdr) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_png_whose_picture_ends_early_is_set_aside(tmp_path: Path, share: float) -> None:
    """Every checksum fits; Pillow would show the missing rows as black, and a slip on them as no slip."""
    width, height = SENT.size
    rows = (b"\x00" + b"\xff" * width) * int(height * share)
    error = refusal(tmp_path, repacked(PNG, rows, struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)))
    assert error.reason is Reason.TRUNCATED
    assert f"{len(rows):,} of {height * (width + 1):,} bytes" in error.message


def test_an_interlaced_png_is_read(tmp_path: Path) -> None:
    """Its rows come in seven passes, each with its own number of them, and a last pass may be cut short too."""
    picture = np.asarray(SENT)
    starts = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    passes = (picture[top::down, left::right] for left, top, right, down in starts)
    rows = b"".join(b"\x00" + row.tobytes() for piece in passes for row in piece)
    header = struct.pack(">LLBBBBB", *SENT.size, 8, 0, 0, 0, 1)
    assert drawn.difference(only_page(tmp_path, repacked(PNG, rows, header)).gray, SENT) == 0
    assert refusal(tmp_path, repacked(PNG, rows[:-1], header)).reason is Reason.TRUNCATED


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
