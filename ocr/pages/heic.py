"""HEIC, as telephones write it; each picture in the file is a page."""

import io

import pillow_heif

from ocr.pages import messages
from ocr.pages.images import DAMAGE, to_grey
from ocr.pages.scan import Scan
from ocr.pages.source import Source
from schemas.limits import Limits


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
            return Scan(to_grey(picture.to_pillow()), None, None)
        except (*DAMAGE, RuntimeError):
            raise messages.page_lost(number, self.page_count, "its HEIC picture cannot be decoded") from None
