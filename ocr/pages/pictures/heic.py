"""HEIC, as telephones write it; each picture in the file is a page."""

import io
import re
import struct

import pillow_heif

from ocr.pages import messages
from ocr.pages.pictures.images import DAMAGE, to_gray
from ocr.pages.scan import Scan
from ocr.pages.source import Source
from schemas.limits import Limits

BOX_HEAD = 8  # bytes of a box's size and kind
BOX_KIND = re.compile(rb"[ -~]{4}")  # kinds are printable
# Boxes that lie beside each other in a file, and may be cut; what calls itself otherwise and does not fit is no box.
OUTER = frozenset({b"meta", b"mdat", b"moov", b"moof", b"free", b"skip", b"uuid", b"mpvd"})


def end_of(data: bytes) -> int:
    """Where the chain of boxes ends with which `data` begins (ISO/IEC 14496-12, 4.2), or another file's begins."""
    at = 0
    while at + BOX_HEAD <= len(data):
        size, kind = struct.unpack_from(">L4s", data, at)
        if (kind == b"ftyp" and at) or not BOX_KIND.fullmatch(kind):
            return at
        if size == 1:
            size = int.from_bytes(data[at + BOX_HEAD : at + 2 * BOX_HEAD], "big")
        if size < BOX_HEAD or at + size > len(data):  # 0: to the end of the file; what else is too short is damaged
            return len(data) if kind in OUTER or not at else at
        at += size
    return at


class HeicDocument:
    """A HEIC file. libheif turns pictures upright itself, from the container's own properties."""

    notes: tuple[str, ...] = ()

    def __init__(self, source: Source, limits: Limits) -> None:
        self._limits = limits
        try:
            self._file = pillow_heif.open_heif(io.BytesIO(source.data), convert_hdr_to_8bit=True)
        except (*DAMAGE, RuntimeError):
            raise messages.damaged("HEIC picture", "its boxes cannot be read") from None

    @property
    def page_count(self) -> int:
        return len(self._file)

    def scan(self, number: int) -> Scan:
        picture = self._file[number - 1]
        width_px, height_px = picture.size
        if width_px * height_px > self._limits.page_pixels:
            raise messages.too_many_pixels(number, width_px, height_px, self._limits)
        try:
            return Scan(to_gray(picture.to_pillow()), None, None)
        except (*DAMAGE, RuntimeError):
            raise messages.page_lost(number, self.page_count, "its HEIC picture cannot be decoded") from None
