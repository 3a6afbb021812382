"""TIFF and fax TIFF: several pages, each decoded alone, so that a damaged one costs only itself."""

import io
import re

import cv2
import numpy as np
from PIL import Image

from ocr.pages import messages
from ocr.pages.pictures.images import DAMAGE, strict_pillow, to_gray
from ocr.pages.pictures.tiff_directory import hide_orientation, read_directories
from ocr.pages.scan import Gray, Scan
from ocr.pages.source import Source
from ocr.pages.stderr_capture import CapturedErrors, capture_stderr
from ocr.tiff_fields import Directory, Tag
from schemas.limits import Limits
from schemas.reading import Finding

FAX_COMPRESSIONS = (2, 3, 4)
UNCOMPRESSED, FLOATING_POINT, CENTIMETER, CM_PER_INCH = 1, 3, 3, 2.54
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, YCBCR = 0, 1, 2, 6
# Compressed data is larger than the pixels only by a little; a strip that claims more is damaged, not cut.
COMPRESSED_MAX, COMPRESSED_SLACK = 2, 1 << 16
# ITU-T T.4: 1,728 dots on the 215 mm line of a letter or A4 fax, 204 an inch; 98 or 196 lines an inch
FAX_WIDTH_PX, FAX_X_DPI, FAX_STANDARD_DPI, FAX_FINE_DPI = 1728, 204.0, 98.0, 196.0
SHORTEST_FINE_INCH = 7.0  # a fine page shorter than this is taken for a standard one of twice the length
# OpenCV marks libtiff's errors; of JPEG data inside a TIFF libtiff only warns.
ERROR = re.compile(r"ERROR|Corrupt JPEG data: (?!.*extraneous)")
FAX_LINE = re.compile(r"(Fax\w+): (.+?) at line (\d+) of strip (\d+)")


class TiffDocument:
    """A TIFF file; previews and masks of pages are no pages."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._data = source.data
        self._limits = limits
        directories = read_directories(source.data, limits)
        self._pages = tuple(directory for directory in directories if directory.is_page)
        left_out = len(directories) - len(self._pages)
        self.notes = (f"{left_out} preview pictures in the TIFF were left out",) if left_out else ()

    @property
    def page_count(self) -> int:
        return len(self._pages)

    def scan(self, number: int) -> Scan:
        page = self._pages[number - 1]
        self._check(page, number)
        dpi, findings = _resolution(page)
        orientation = page.whole(Tag.ORIENTATION, 1)
        if not _is_plain(page):
            gray = self._decode_odd(page, number)  # Pillow sets it upright
            return Scan(gray, *(dpi[::-1] if orientation >= 5 else dpi), findings=findings)
        gray, damage = self._decode_plain(page, number)
        return Scan(gray, *dpi, orientation=orientation, findings=(*findings, *damage))

    def _check(self, page: Directory, number: int) -> None:
        """Raise SetAsideError for what can be known before decoding."""
        width_px, height_px = page.width_px, page.height_px
        if width_px * height_px > self._limits.page_pixels:
            raise messages.too_many_pixels(number, width_px, height_px, self._limits)
        if width_px < 1 or height_px < 1:
            raise messages.page_lost(number, self.page_count, f"it says that it is {width_px} x {height_px} pixels")
        if page.whole(Tag.SAMPLE_FORMAT, 1) == FLOATING_POINT:
            raise messages.page_unsupported(number, "a floating-point picture")
        if page.whole(Tag.BITS, 1) > 16:
            raise messages.page_unsupported(number, f"{page.whole(Tag.BITS, 1)} bits a color")
        self._check_pieces(page, number)

    def _check_pieces(self, page: Directory, number: int) -> None:
        """Raise SetAsideError when the picture's data is not all in the file."""
        size = len(self._data)
        raw_bytes = -(-page.width_px * _bits_a_pixel(page) // 8) * page.height_px
        if not page.pieces:
            raise messages.page_lost(number, self.page_count, "it does not say where its picture lies")
        for piece in page.pieces:
            if piece.offset >= size or piece.size > COMPRESSED_MAX * raw_bytes + COMPRESSED_SLACK:
                where = f"{piece.size:,} bytes of its picture should lie at byte {piece.offset:,} of {size:,}"
                raise messages.page_lost(number, self.page_count, where)
            if piece.offset + piece.size > size:
                missing = f"{piece.offset + piece.size - size:,} bytes of its picture are missing"
                raise messages.page_cut(number, self.page_count, missing)
        held_bytes = sum(piece.size for piece in page.pieces)
        if page.whole(Tag.COMPRESSION, UNCOMPRESSED) == UNCOMPRESSED and held_bytes < raw_bytes:
            missing = f"{raw_bytes - held_bytes:,} bytes of its picture are missing"
            raise messages.page_cut(number, self.page_count, missing)

    def _decode_plain(self, page: Directory, number: int) -> tuple[Gray, tuple[Finding, ...]]:
        """OpenCV passes on libtiff's warnings, which are all that tells of lost fax lines; Pillow drops them."""
        turned = page.whole(Tag.ORIENTATION, 1) != 1  # libtiff would flip each strip by itself
        data = hide_orientation(self._data, page) if turned else self._data
        with capture_stderr() as talk:
            gray = decode_with_warnings(data, page.index)
        if gray is None or gray.shape != (page.height_px, page.width_px):
            raise messages.page_lost(number, self.page_count, "its picture cannot be decoded")
        return gray, judge_complaints(talk, page, number, self.page_count)

    def _decode_odd(self, page: Directory, number: int) -> Gray:
        try:
            with capture_stderr(), strict_pillow(), Image.open(io.BytesIO(self._data), formats=["TIFF"]) as image:
                image.seek(page.index)
                image.load()
                return to_gray(image)
        except DAMAGE:
            raise messages.page_lost(number, self.page_count, "its picture cannot be decoded") from None


def decode_with_warnings(data: bytes, index: int) -> Gray | None:
    """Picture `index` of a TIFF as it lies there, or None; libtiff's warnings go to standard error."""
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        done, pictures = cv2.imdecodemulti(np.frombuffer(data, np.uint8), flags, None, (index, index + 1))
    except cv2.error:
        return None
    return pictures[0].astype(np.uint8, copy=False) if done and len(pictures) == 1 else None


def judge_complaints(talk: CapturedErrors, page: Directory, number: int, of: int) -> tuple[Finding, ...]:
    """What libtiff's warnings mean for the page; raises SetAsideError when part of it is missing.

    A G3 line that came damaged costs that line (ITU-T T.4 begins each anew); G4 describes each line by the one
    above, so the first damaged line ends the page.
    """
    fax = [said for line in talk.complaints() if (said := FAX_LINE.search(line))]
    other = [line for line in talk.complaints() if not FAX_LINE.search(line)]
    if any(ERROR.search(line) for line in other):
        raise messages.page_lost(number, of, "its picture data is corrupt")
    lines = set[int]()
    for decoder, what, row, strip in (said.groups() for said in fax):
        line = int(row) + int(strip) * page.rows_per_strip
        if "EOF" in what or decoder == "Fax4Decode":
            raise messages.page_cut(number, of, f"only {line:,} of its {page.height_px:,} lines arrived")
        lines.add(line)
    return (
        *((messages.lines_damaged(len(lines), page.height_px),) if lines else ()),
        *((messages.drawn_with_errors(),) if other else ()),
    )


def _bits_a_pixel(page: Directory) -> int:
    return page.whole(Tag.BITS, 1) * page.whole(Tag.SAMPLES, 1)


def _is_plain(page: Directory) -> bool:
    """Whether OpenCV draws it right: black and white, gray or color, 1 or 8 bits, no alpha, no palette."""
    kind = page.whole(Tag.BITS, 1), page.whole(Tag.SAMPLES, 1), page.whole(Tag.PHOTOMETRIC, WHITE_IS_ZERO)
    return kind in {
        (1, 1, WHITE_IS_ZERO),
        (1, 1, BLACK_IS_ZERO),
        (8, 1, WHITE_IS_ZERO),
        (8, 1, BLACK_IS_ZERO),
        (8, 3, RGB),
        (8, 3, YCBCR),
    }


def _resolution(page: Directory) -> tuple[tuple[float | None, float | None], tuple[Finding, ...]]:
    """Dots an inch along rows and columns, guessed for a fax that does not tell."""
    per_unit = CM_PER_INCH if page.whole(Tag.RESOLUTION_UNIT, 2) == CENTIMETER else 1.0
    x_dpi = page.number(Tag.X_RESOLUTION, 0) * per_unit
    y_dpi = page.number(Tag.Y_RESOLUTION, 0) * per_unit
    if x_dpi > 1 and y_dpi > 1:
        return (x_dpi, y_dpi), ()
    if page.width_px == FAX_WIDTH_PX and page.whole(Tag.COMPRESSION, UNCOMPRESSED) in FAX_COMPRESSIONS:
        y_dpi = FAX_STANDARD_DPI if page.height_px < SHORTEST_FINE_INCH * FAX_FINE_DPI else FAX_FINE_DPI
        return (FAX_X_DPI, y_dpi), (messages.resolution_guessed(FAX_X_DPI, y_dpi),)
    return (None, None), ()
