"""Write pictures to files: the same bytes for the same pictures."""

import struct
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pillow_heif
from PIL import Image

from pads.simulate.picture import DevicePicture
from pads.simulate.truth import Channel

JPEG_QUALITY = 75  # what scanners and phones use when they mind the size
PHOTO_QUALITY = 78
ORIENTATION_TAG = 274
PHOTOMETRIC_TAG, WHITE_IS_ZERO = 262, 0  # as fax machines store it
# Where the stored picture must be turned so that the EXIF tag turns it back.
STORED_TURNS = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
SUFFIXES = {
    Channel.SCAN_300: ".pdf",
    Channel.SCAN_300_PNG: ".png",
    Channel.SCAN_200_BW: ".tif",
    Channel.FAX_FINE: ".tif",
    Channel.FAX_STANDARD: ".tif",
    Channel.PHOTO: ".jpg",
}
MANY_PAGES = frozenset({".pdf", ".tif"})


def write_file(
    folder: Path, stem: str, channel: Channel, pages: Sequence[DevicePicture], suffix: str | None = None
) -> str:
    """Write the pages as the channel's kind of file, or as that of `suffix`; return its name.

    Only PDF and TIFF hold more than one.
    """
    path = folder / f"{stem}{suffix or SUFFIXES[channel]}"
    match path.suffix:
        case ".pdf":
            _write_pdf(path, pages)
        case ".tif":
            _write_tiff(path, pages)
        case ".png":
            Image.fromarray(pages[0].pixels).save(path, dpi=pages[0].dpi, optimize=False, compress_level=6)
        case ".heic":
            pillow_heif.from_pillow(Image.fromarray(pages[0].pixels)).save(
                path, quality=PHOTO_QUALITY, enc_params={"preset": "ultrafast"}
            )
        case _:
            _write_photo(path, pages[0])
    return path.name


def _write_pdf(path: Path, pages: Sequence[DevicePicture]) -> None:
    """One JPEG a page, nothing else: what a scanner's own software writes."""
    with pikepdf.new() as pdf:
        for page in pages:
            _add_page(pdf, page)
        pdf.save(path, deterministic_id=True)


def _add_page(pdf: pikepdf.Pdf, page: DevicePicture) -> None:
    height, width = page.pixels.shape[:2]
    dpi = page.dpi or (300.0, 300.0)
    size = (round(width * 72 / dpi[0], 2), round(height * 72 / dpi[1], 2))
    jpeg = BytesIO()
    Image.fromarray(page.pixels).save(jpeg, "JPEG", quality=JPEG_QUALITY)
    picture = pikepdf.Stream(
        pdf,
        jpeg.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    pdf.add_blank_page(page_size=size)
    added = pdf.pages[-1]
    added.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
    added.Contents = pikepdf.Stream(pdf, f"q {size[0]} 0 0 {size[1]} 0 0 cm /Scan Do Q".encode())


def _write_tiff(path: Path, pages: Sequence[DevicePicture]) -> None:
    first, *rest = (Image.fromarray(~page.pixels).convert("1", dither=Image.Dither.NONE) for page in pages)
    tiff = BytesIO()
    first.save(tiff, "TIFF", compression="group4", dpi=pages[0].dpi, save_all=True, append_images=rest)
    path.write_bytes(_declare_white_is_zero(tiff.getvalue()))


def _declare_white_is_zero(tiff: bytes) -> bytes:
    """The file with its pictures declared negative, which they are; Pillow's own way to it takes 0.3 s a page."""
    changed = bytearray(tiff)
    (at,) = struct.unpack_from("<L", changed, 4)
    while at:
        (count,) = struct.unpack_from("<H", changed, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            if struct.unpack_from("<H", changed, entry)[0] == PHOTOMETRIC_TAG:
                struct.pack_into("<H", changed, entry + 8, WHITE_IS_ZERO)
        (at,) = struct.unpack_from("<L", changed, at + 2 + 12 * count)
    return bytes(changed)


def _write_photo(path: Path, page: DevicePicture) -> None:
    picture = Image.fromarray(page.pixels)
    if page.orientation in STORED_TURNS:
        picture = picture.transpose(STORED_TURNS[page.orientation])
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = page.orientation
    picture.save(path, "JPEG", quality=PHOTO_QUALITY, exif=exif)
