"""PNG: every chunk's checksum is compared before Pillow sees the file."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from ocr.pages import messages
from ocr.pages.pictures.images import DAMAGE, stated_dpi, strict_pillow, to_gray
from ocr.pages.pictures.jpeg import ORIENTATION_TAG
from ocr.pages.scan import Scan
from ocr.pages.source import Source
from schemas.limits import Limits

SIGNATURE_SIZE = 8
UNPACKED_AT_ONCE = 1 << 20  # bytes
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by color type (PNG specification, table 11.1)
# First column, first row, and steps to the right and down of each of the seven passes (PNG specification, 8.2).
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


class PngDocument:
    """A PNG file: one page; an animated one is refused, because its other pictures would be lost."""

    page_count = 1
    notes: tuple[str, ...] = ()

    def __init__(self, source: Source, limits: Limits) -> None:
        self._data = source.data
        kinds, pixels = set(), _PixelData()
        for kind, content in _chunks(source.data):
            if kind == b"IHDR" and len(content) == 13:
                _check_pixels(content, limits)
                pixels = _PixelData(wanted=_pixel_bytes(content))
            if kind == b"IDAT":
                pixels.add(content)
            if kind == b"acTL":
                raise messages.unsupported("an animated PNG (APNG), which holds several pictures")
            kinds.add(kind)
        if not {b"IHDR", b"IDAT"} <= kinds:
            raise messages.damaged("PNG", "it holds no picture")
        if pixels.found < pixels.wanted:
            part = f"its picture ends after {pixels.found:,} of {pixels.wanted:,} bytes"
            raise messages.truncated("PNG", part)

    def scan(self, number: int) -> Scan:
        try:
            with strict_pillow(), Image.open(io.BytesIO(self._data), formats=["PNG"]) as image:
                image.load()
                orientation = image.getexif().get(ORIENTATION_TAG, 1)
                return Scan(to_gray(image), *stated_dpi(image), orientation=orientation)
        except DAMAGE:
            raise messages.page_lost(number, 1, "its PNG picture cannot be decoded") from None


def end_of(data: bytes) -> int:
    """Where the picture ends with which `data` begins: behind its end chunk, or where another begins in its midst."""
    at = SIGNATURE_SIZE
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IEND" and end <= len(data):
            return end
        at = end
    following = data.find(data[:SIGNATURE_SIZE], SIGNATURE_SIZE)
    return following if following > 0 else len(data)


class _PixelData:
    """Counts what the picture's data unpack to: Pillow fills with black what a stream that ends early leaves out."""

    def __init__(self, wanted: int = 0) -> None:
        self.wanted, self.found = wanted, 0
        self._unpacker = zlib.decompressobj()

    def add(self, packed: bytes) -> None:
        """Count one chunk, without keeping it, and not beyond what the picture needs."""
        while packed and self.found < self.wanted:
            try:
                self.found += len(self._unpacker.decompress(packed, UNPACKED_AT_ONCE))
            except zlib.error:
                raise messages.damaged("PNG", "its picture cannot be unpacked") from None
            packed = self._unpacker.unconsumed_tail


def _pixel_bytes(header: bytes) -> int:
    """How many bytes the rows of a picture have, each with its filter's byte (PNG specification, 7.2 and 8)."""
    width_px, height_px, depth, color, _, _, interlace = struct.unpack(">LLBBBBB", header)
    bits = depth * CHANNELS.get(color, 1)
    passes = ADAM7 if interlace else ((0, 0, 1, 1),)
    sizes = ((-(-(width_px - x) // right), -(-(height_px - y) // down)) for x, y, right, down in passes)
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes if columns > 0 and rows > 0)


def _check_pixels(header: bytes, limits: Limits) -> None:
    width_px, height_px = struct.unpack(">LL", header[:8])
    if width_px * height_px > limits.page_pixels:
        raise messages.too_many_pixels(1, width_px, height_px, limits)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk up to the end chunk; raises SetAsideError at the first that is not whole."""
    at = SIGNATURE_SIZE
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        end = at + 8 + size
        if end + 4 > len(data):
            break
        kind, content = data[at + 4 : at + 8], data[at + 8 : end]
        if zlib.crc32(data[at + 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            raise messages.damaged("PNG", f"the checksum at byte {end:,} is wrong")
        yield kind, content
        if kind == b"IEND":
            return
        at = end + 4
    raise messages.truncated("PNG", f"its end is missing after {len(data):,} bytes")
