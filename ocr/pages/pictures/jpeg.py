"""JPEG, alone or inside a PDF: decoded strictly, because libjpeg fills in gray for what is missing."""

import io
import re
import struct
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, JpegImagePlugin

from ocr.pages import messages
from ocr.pages.pictures.images import DAMAGE, stated_dpi, strict_pillow, to_gray
from ocr.pages.scan import Gray, Scan
from ocr.pages.source import Source
from ocr.pages.stderr_capture import capture_stderr
from schemas.limits import Limits
from schemas.reading import Finding

# ITU-T T.81, Table B.1
SOI_SIZE, START_OF_SCAN, END_OF_IMAGE, APP14 = 2, 0xDA, b"\xff\xd9", 0xEE
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
AFTER_CODED_DATA = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")  # the marker that ends it; 0 and restarts belong to it
ORIENTATION_TAG = 274


@dataclass(frozen=True)
class JpegHeader:
    """What the frame header says. `adobe`: an Adobe marker is there, whose CMYK values are stored inverted."""

    width_px: int
    height_px: int
    components: int
    adobe: bool


class JpegDocument:
    """A JPEG file: one page."""

    page_count = 1
    notes: tuple[str, ...] = ()

    def __init__(self, source: Source, limits: Limits) -> None:
        self._data = source.data
        self._header = read_header(source.data)
        check_pixels(self._header, 1, limits)
        check_whole(source.data)

    def scan(self, number: int) -> Scan:
        gray, findings = decode(self._data, self._header, number, 1)
        try:
            # not by Image.open, which takes a telephone's picture for the whole album that it belongs to
            with strict_pillow(), JpegImagePlugin.JpegImageFile(io.BytesIO(self._data)) as image:
                orientation = image.getexif().get(ORIENTATION_TAG, 1)
                dpi = stated_dpi(image)
        except DAMAGE:
            raise messages.page_lost(number, 1, "its header cannot be read") from None
        return Scan(gray, *dpi, orientation=orientation, findings=findings)


def read_header(data: bytes) -> JpegHeader:
    """Size and kind from the marker segments before the picture data; raises SetAsideError when there are none."""
    at, adobe = SOI_SIZE, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise messages.damaged("JPEG", f"byte {at:,} should begin a segment and does not")
        marker = data[at + 1]
        if marker == 0xFF or marker in STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in START_OF_FRAME and at + 10 <= len(data):
            height_px, width_px, components = struct.unpack(">HHB", data[at + 5 : at + 10])
            # the Adobe marker may follow the frame header, so it is looked for up to the scan
            return JpegHeader(
                width_px, height_px, components, adobe or b"\xff\xee\x00\x0eAdobe" in data[at : at + 4096]
            )
        if marker == START_OF_SCAN:
            break
        adobe = adobe or (marker == APP14 and data[at + 4 : at + 9] == b"Adobe")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise messages.truncated("JPEG", "its header is not all there")


def end_of(data: bytes) -> int:
    """Where the picture ends with which `data` begins: behind its end mark, or where another begins in its midst."""
    at = SOI_SIZE
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == END_OF_IMAGE[1]:
            return at + 2
        if data[at : at + 3] == b"\xff\xd8\xff":  # it was cut, and another follows
            return at
        if marker == 0xFF or marker in STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == START_OF_SCAN:
            following = AFTER_CODED_DATA.search(data, at)
            at = following.end() - 2 if following else len(data)
    return at + 2 if data[at : at + 2] == END_OF_IMAGE else len(data)


def check_pixels(header: JpegHeader, number: int, limits: Limits) -> None:
    """Raise SetAsideError when the picture would be empty or above the limit."""
    if header.width_px * header.height_px > limits.page_pixels:
        raise messages.too_many_pixels(number, header.width_px, header.height_px, limits)
    if not header.width_px * header.height_px:
        raise messages.damaged("JPEG", f"it says that it is {header.width_px} x {header.height_px} pixels")


def check_whole(data: bytes) -> None:
    """Raise SetAsideError when the end mark is missing."""
    scan = data.find(b"\xff\xda")
    if scan < 0 or data.find(END_OF_IMAGE, scan) < 0:
        raise messages.truncated("JPEG", f"its end is missing after {len(data):,} bytes")


def decode(data: bytes, header: JpegHeader, number: int, of: int) -> tuple[Gray, tuple[Finding, ...]]:
    """Gray as stored, not yet upright; raises SetAsideError when libjpeg had to guess."""
    with capture_stderr() as talk:
        gray = _decode_cmyk(data, header) if header.components == 4 else _decode_gray(data)
    if gray is None or gray.shape != (header.height_px, header.width_px):
        raise messages.page_lost(number, of, "its JPEG picture cannot be decoded")
    complaints = talk.complaints()
    if not complaints:
        return gray, ()
    if all("extraneous bytes" in line for line in complaints):
        return gray, (messages.jpeg_doubtful(),)
    raise messages.page_lost(number, of, "its JPEG data is corrupt and parts of the picture are made up")


def gray_of_rgb(color: NDArray[np.uint8]) -> Gray:
    """Luminance of an (H, W, 3) picture as JPEG defines it (ITU-R BT.601)."""
    return cv2.cvtColor(color, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def _decode_gray(data: bytes) -> Gray | None:
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        gray = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        return None
    return None if gray is None else gray.astype(np.uint8, copy=False)


def _decode_cmyk(data: bytes, header: JpegHeader) -> Gray | None:
    """Pillow takes every CMYK JPEG for an inverted one, as Adobe stores them; without Adobe's mark it is not."""
    try:
        with strict_pillow(), Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            image.load()
            plain = image.mode == "CMYK" and not header.adobe
            return to_gray(ImageChops.invert(image) if plain else image)
    except DAMAGE:
        return None
