"""Taking a scanned picture out of a PDF page without redrawing it.

Only where that is sure to show the same as drawing would: the page draws one picture and nothing else, the
picture fills the page, and its kind is one that is decoded here. All others are left to poppler.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Name

from ocr.pages import messages
from ocr.pages.pdf.sheet import PageSheet
from ocr.pages.pictures import jpeg
from ocr.pages.pictures.tiff import decode_with_warnings, judge_complaints
from ocr.pages.scan import Gray, Scan
from ocr.pages.stderr_capture import capture_stderr
from ocr.tiff_fields import Directory, Tag
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reading import Finding

# A scanner writes under 100 bytes; more, or twice packed, is something else or an attack.
CONTENT_BYTES_MAX = 2_000
# Operators that show nothing by themselves (ISO 32000-1, Annex A); any other sends the page to poppler.
SILENT = {"q", "Q", "BT", "ET", "Tf", "TL"}
FILL_SLACK = 0.02  # how far, of the page's side, the picture's edge may be from the page's
GRAYS, COLORS = ("/DeviceGray", "/CalGray"), ("/DeviceRGB", "/CalRGB")
# Turning by a quarter clockwise after an orientation (EXIF numbering) gives another one.
QUARTER_TURN = {1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class PdfPicture:
    """A page's only picture: its stream, and the matrix that places its unit square on the page."""

    stream: pikepdf.Stream
    matrix: Matrix

    def whole(self, key: str, default: int = 0) -> int:
        return int(self.stream.get(key, default))

    @property
    def size_px(self) -> tuple[int, int]:
        return self.whole("/Width"), self.whole("/Height")


def extract_scan(page: pikepdf.Page, sheet: PageSheet, number: int, of: int, limits: Limits) -> Scan | None:
    """The page as the one picture on it, or None when it must be drawn; raises SetAsideError for a damaged picture."""
    picture = _only_picture(page)
    if picture is None or not _fills(picture.matrix, sheet):
        return None
    orientation = _orientation(picture.matrix, sheet.rotate)
    if orientation is None:
        return None
    width_px, height_px = picture.size_px
    if width_px * height_px > limits.page_pixels:
        raise messages.too_many_pixels(number, width_px, height_px, limits)
    decoded = _decode(picture, number, of, limits)
    if decoded is None:
        return None
    a, b, c, d, _, _ = picture.matrix
    x_dpi = width_px * 72 / (np.hypot(a, b) * sheet.unit)
    y_dpi = height_px * 72 / (np.hypot(c, d) * sheet.unit)
    return Scan(decoded[0], float(x_dpi), float(y_dpi), orientation, decoded[1])


def _only_picture(page: pikepdf.Page) -> PdfPicture | None:
    if any(annotation.get("/Subtype") != Name.Link for annotation in page.obj.get("/Annots", [])):
        return None
    contents = page.obj.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if not all(isinstance(part, pikepdf.Stream) and _is_short(part) for part in parts):
        return None
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    kept, found = [matrix], list[PdfPicture]()
    for step in pikepdf.parse_content_stream(page):
        operands = step.operands
        match str(step.operator):
            case "q":
                kept.append(matrix)
            case "Q":
                matrix = kept.pop()
            case "cm":
                matrix = _place(tuple(float(operand) for operand in operands), matrix)
            case "Do":
                found.append(PdfPicture(_stream(page.resources.XObject[str(operands[0])]), matrix))
            case other if other not in SILENT:
                return None
    return found[0] if len(found) == 1 and _is_plain(found[0].stream) else None


def _stream(drawn: pikepdf.Object) -> pikepdf.Stream:
    if not isinstance(drawn, pikepdf.Stream):
        raise TypeError
    return drawn


def _is_short(stream: pikepdf.Stream) -> bool:
    return len(_filters(stream)) <= 1 and len(stream.read_raw_bytes()) <= CONTENT_BYTES_MAX


def _filters(stream: pikepdf.Stream) -> list[str]:
    entry: pikepdf.Object | list[pikepdf.Object] = stream.get("/Filter", [])
    return [str(name) for name in entry] if isinstance(entry, pikepdf.Array) else [str(entry)]


def _is_plain(stream: pikepdf.Stream) -> bool:
    return stream.get("/Subtype") == Name.Image and not any(key in stream for key in ("/SMask", "/Mask", "/OC", "/F"))


def _place(inner: tuple[float, ...], outer: Matrix) -> Matrix:
    """The matrix product of ISO 32000-1, 8.3.4: `inner` applied first."""
    a, b, c, d, e, f = inner
    u, v, w, x, y, z = outer
    return a * u + b * w, a * v + b * x, c * u + d * w, c * v + d * x, e * u + f * w + y, e * v + f * x + z


def _fills(matrix: Matrix, sheet: PageSheet) -> bool:
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    off_x = max(abs(min(xs) - sheet.left), abs(max(xs) - sheet.right)) / sheet.width_pt
    off_y = max(abs(min(ys) - sheet.bottom), abs(max(ys) - sheet.top)) / sheet.height_pt
    return max(off_x, off_y) <= FILL_SLACK


def _orientation(matrix: Matrix, rotate: int) -> int | None:
    """How to set the picture upright (EXIF numbering), None when it lies askew."""
    a, b, c, d, _, _ = matrix
    slack = 1e-3 * max(abs(entry) for entry in (a, b, c, d))
    if max(abs(b), abs(c)) <= slack:
        orientation = {(True, True): 1, (False, True): 2, (False, False): 3, (True, False): 4}[a > 0, d > 0]
    elif max(abs(a), abs(d)) <= slack:
        orientation = {(True, False): 8, (False, True): 6, (True, True): 7, (False, False): 5}[b > 0, c > 0]
    else:
        return None
    for _ in range(rotate // 90):
        orientation = QUARTER_TURN[orientation]
    return orientation


def _decode(picture: PdfPicture, number: int, of: int, limits: Limits) -> tuple[Gray, tuple[Finding, ...]] | None:
    filters, colors = _filters(picture.stream), _colors(picture.stream)
    flipped = _is_flipped(picture.stream, colors)
    if colors is None or flipped is None or len(filters) > 1:
        return None
    match filters:
        case ["/DCTDecode"]:
            decoded = _decode_jpeg(picture, number, of, limits)
        case ["/CCITTFaxDecode"] if colors == 1:
            decoded = _decode_fax(picture, number, of)
        case [] | ["/FlateDecode"] | ["/LZWDecode"] | ["/RunLengthDecode"]:
            decoded = _decode_raw(picture, colors, number, of)
        case _:
            return None
    if decoded is None or not flipped:
        return decoded
    return 255 - decoded[0], decoded[1]


def _colors(stream: pikepdf.Stream) -> int | None:
    """1 for a gray picture or a stencil in black, 3 for color, None for what poppler must do."""
    if stream.get("/ImageMask", False):
        return 1
    space = stream.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and str(space[0]) == "/ICCBased":
        return {1: 1, 3: 3}.get(int(space[1].get("/N", 0)))
    name = str(space[0] if isinstance(space, pikepdf.Array) else space)
    return 1 if name in GRAYS else 3 if name in COLORS else None


def _is_flipped(stream: pikepdf.Stream, colors: int | None) -> bool | None:
    """Whether /Decode turns black and white round; None when it does something else."""
    decode = tuple(float(limit) for limit in stream.get("/Decode", []))
    if decode in ((), (0.0, 1.0) * (colors or 1)):
        return False
    return True if decode == (1.0, 0.0) * (colors or 1) else None


def _decode_jpeg(picture: PdfPicture, number: int, of: int, limits: Limits) -> tuple[Gray, tuple[Finding, ...]] | None:
    if "/DecodeParms" in picture.stream:
        return None
    data = picture.stream.read_raw_bytes()
    try:
        header = jpeg.read_header(data)
        jpeg.check_whole(data)
    except SetAsideError:
        raise messages.page_cut(number, of, "its JPEG picture is not all there") from None
    jpeg.check_pixels(header, number, limits)
    if header.components not in (1, 3) or (header.width_px, header.height_px) != picture.size_px:
        return None
    return jpeg.decode(data, header, number, of)


def _decode_fax(picture: PdfPicture, number: int, of: int) -> tuple[Gray, tuple[Finding, ...]] | None:
    """Put the fax data into a TIFF of one strip (TIFF 6.0, section 11) for libtiff."""
    parms = _fax_parms(picture.stream)
    width_px, height_px = picture.size_px
    if parms.get("/EncodedByteAlign", False) or int(parms.get("/Columns", width_px)) != width_px:
        return None
    k = int(parms.get("/K", 0))
    if k >= 0 and not parms.get("/EndOfLine", False):
        return None  # libtiff takes the missing line ends for damage
    page = Directory(0, 0, {Tag.WIDTH: (width_px,), Tag.HEIGHT: (height_px,)})
    data = _fax_tiff(picture.stream.read_raw_bytes(), width_px, height_px, k)
    with capture_stderr() as talk:
        gray = decode_with_warnings(data, 0)
    if gray is None or gray.shape != (height_px, width_px):
        raise messages.page_lost(number, of, "its fax picture cannot be decoded")
    findings = judge_complaints(talk, page, number, of)
    return (255 - gray if parms.get("/BlackIs1", False) else gray), findings


def _fax_parms(stream: pikepdf.Stream) -> Mapping[str, Any]:
    entry = stream.get("/DecodeParms")
    parms = entry[0] if isinstance(entry, pikepdf.Array) else entry
    return {str(key): value for key, value in parms.items()} if isinstance(parms, pikepdf.Dictionary) else {}


def _fax_tiff(strip: bytes, width_px: int, height_px: int, k: int) -> bytes:
    """A little-endian TIFF around CCITT data; `k` as in ISO 32000-1, table 11: negative G4, 0 G3 1-D, else 2-D."""
    fields = {
        Tag.WIDTH: width_px,
        Tag.HEIGHT: height_px,
        Tag.BITS: 1,
        Tag.COMPRESSION: 4 if k < 0 else 3,
        Tag.PHOTOMETRIC: 0,
        Tag.STRIP_OFFSETS: 0,
        Tag.SAMPLES: 1,
        Tag.ROWS_PER_STRIP: height_px,
        Tag.STRIP_BYTES: len(strip),
    }
    if k > 0:
        fields[292] = 1  # T4Options: 2-D coding
    fields[Tag.STRIP_OFFSETS] = 8 + 2 + 12 * len(fields) + 4
    directory = b"".join(struct.pack("<HHLL", tag, 4, 1, fields[tag]) for tag in sorted(fields))
    return b"II*\0" + struct.pack("<LH", 8, len(fields)) + directory + bytes(4) + strip


def _decode_raw(picture: PdfPicture, colors: int, number: int, of: int) -> tuple[Gray, tuple[Finding, ...]] | None:
    bits = picture.whole("/BitsPerComponent", 1 if picture.stream.get("/ImageMask", False) else 8)
    width_px, height_px = picture.size_px
    if (bits, colors) not in {(1, 1), (8, 1), (8, 3)}:
        return None
    row_bytes = -(-width_px * bits * colors // 8)
    data = picture.stream.read_bytes()
    missing = row_bytes * height_px - len(data)
    if missing > 0:
        raise messages.page_cut(number, of, f"{missing:,} bytes of its picture are missing")
    rows = np.frombuffer(data, np.uint8, row_bytes * height_px).reshape(height_px, row_bytes)
    if bits == 1:
        return np.unpackbits(rows, axis=1, count=width_px) * np.uint8(255), ()
    return (jpeg.gray_of_rgb(rows.reshape(height_px, width_px, 3)) if colors == 3 else rows), ()
