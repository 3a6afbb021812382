"""Pages drawn for the tests of the page opener, and the files that they are put in."""

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pikepdf
import pillow_heif
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

Gray = NDArray[np.uint8]
WIDTH_PX, HEIGHT_PX = 850, 1100  # letter at 100 dpi


def page(width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX, mark: int = 0) -> Image.Image:
    """A page that no turn or mirror maps onto itself; `mark` (0..9) tells pages of one file apart."""
    image = Image.new("L", (width_px, height_px), 255)
    draw = ImageDraw.Draw(image)
    across, down = width_px / 100, height_px / 100
    draw.rectangle((10 * across, 8 * down, 60 * across, 14 * down), fill=0)
    draw.rectangle((10 * across, 20 * down, 20 * across, 70 * down), fill=0)
    draw.ellipse((60 * across, 60 * down, 85 * across, 80 * down), outline=0, width=max(2, width_px // 200))
    for row in range(24, 60, 4):
        draw.line((30 * across, row * down, 90 * across, row * down), fill=0, width=max(1, height_px // 500))
    draw.rectangle(((30 + 6 * mark) * across, 88 * down, (35 + 6 * mark) * across, 92 * down), fill=0)
    return image


def difference(one: Gray, other: Gray | Image.Image) -> float:
    """How far two pages differ, 0..255, seen from some distance; large when one lies otherwise."""
    small = [np.asarray(_thumbnail(picture), np.float64) for picture in (one, other)]
    return float(np.abs(small[0] - small[1]).mean())


def _thumbnail(picture: Gray | Image.Image) -> Image.Image:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    return image.convert("L").resize((85, 110), Image.Resampling.BOX)


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    """`image` as a file of `kind`, as Pillow writes it."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def bilevel(image: Image.Image) -> Image.Image:
    """Black and white without dither, as a fax sends it."""
    return image.convert("1", dither=Image.Dither.NONE)


def fax_strip(image: Image.Image, compression: str = "group4") -> bytes:
    """The T.4 (group3, 1-D) or T.6 (group4) data of a page, white as 0."""
    file = io.BytesIO(written(bilevel(image), "TIFF", compression=compression, tiffinfo={278: image.height, 262: 0}))
    with Image.open(file) as tiff:
        (offset,), (size,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
    return file.getvalue()[offset : offset + size]


def fax_tags(width_px: int, height_px: int, compression: int = 4) -> dict[int, int | float]:
    """The fields of a fine fax page (TIFF class F)."""
    return {
        256: width_px,
        257: height_px,
        258: 1,
        259: compression,
        262: 0,
        277: 1,
        278: height_px,
        282: 204.0,
        283: 196.0,
    }


def tiff(
    pages: Sequence[tuple[Mapping[int, int | float], bytes]], order: str = "<", loop_to: int | None = None
) -> bytes:
    """A TIFF of one strip a page; whole numbers become LONG, others RATIONAL; page `loop_to` follows the last."""
    out = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "HL", 42, 0))
    links, places = [4], list[int]()
    for tags, strip in pages:
        fields: dict[int, int | float] = {273: len(out), 279: len(strip), **tags}
        out += strip + bytes(len(strip) % 2)
        rationals = {tag: value for tag, value in fields.items() if isinstance(value, float)}
        where = {}
        for tag, value in rationals.items():
            where[tag] = len(out)
            out += struct.pack(order + "LL", round(value * 1000), 1000)
        places.append(len(out))
        struct.pack_into(order + "L", out, links[-1], len(out))
        out += struct.pack(order + "H", len(fields))
        for tag in sorted(fields):
            kind, value = (5, where[tag]) if tag in rationals else (4, int(fields[tag]))
            out += struct.pack(order + "HHLL", tag, kind, 1, value)
        links.append(len(out))
        out += bytes(4)
    if loop_to is not None:
        struct.pack_into(order + "L", out, links[-1], places[loop_to])
    return bytes(out)


def pdf(
    pictures: Sequence[Mapping[str, Any]], *, content: str | None = None, page_keys: Mapping[str, Any] | None = None
) -> bytes:
    """A PDF of one picture a page. Each picture: `data` and the keys of its stream, Width and Height among them."""
    document = pikepdf.new()
    for picture in pictures:
        keys = {"Type": Name.XObject, "Subtype": Name.Image, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
        keys |= {key: value for key, value in picture.items() if key != "data"}
        stream = document.make_stream(
            picture["data"], **{key: value for key, value in keys.items() if value is not None}
        )
        place = content or "q 612 0 0 792 0 0 cm /Im0 Do Q"
        leaf = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 612, 792]),
            Resources=Dictionary(XObject=Dictionary(Im0=stream)),
            Contents=document.make_stream(place.encode()),
            **(page_keys or {}),
        )
        document.pages.append(pikepdf.Page(document.make_indirect(leaf)))
    return saved(document)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    """The bytes of a PDF."""
    file = io.BytesIO()
    document.save(file, **options)
    return file.getvalue()


def jpeg_picture(image: Image.Image) -> dict[str, Any]:
    """`image` for `pdf`, as a scanner puts it in."""
    colors = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    data = written(image, "JPEG", quality=80)
    return {"data": data, "Width": image.width, "Height": image.height, "Filter": Name.DCTDecode, "ColorSpace": colors}


def fax_picture(image: Image.Image, compression: str = "group4", **parms: bool) -> dict[str, Any]:
    """`image` for `pdf`, as a fax server puts it in."""
    told = Dictionary(K=-1 if compression == "group4" else 0, Columns=image.width, Rows=image.height, **parms)
    return {
        "data": fax_strip(image, compression),
        "Width": image.width,
        "Height": image.height,
        "Filter": Name.CCITTFaxDecode,
        "DecodeParms": told,
        "BitsPerComponent": 1,
    }


def text_pdf(
    content: bytes, media: bytes = b"[0 0 612 792]", page_keys: bytes = b"", catalog_keys: bytes = b""
) -> bytes:
    """A hand-written PDF of one page with a drawing."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog_keys,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Resources << >> /Contents 4 0 R %s >>" % (media, page_keys),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    return raw_pdf(objects)


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF whose objects 1, 2, ... are given as they stand in the file; object 1 is the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def endless_pdf(order: bytes = b"3 0 R 5 0 R") -> bytes:
    """Two pages; object 3 is 400 MB of strokes behind two layers of Flate: only time or memory can end it."""
    packer = zlib.compressobj(9)
    strokes = b"0 0 m 600 700 l S\n" * 60_000
    body = b"".join(packer.compress(strokes) for _ in range(400)) + packer.flush()
    twice = zlib.compress(body, 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count 2 >>" % order,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> /Contents 4 0 R >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(twice), filters, twice),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> /Contents 6 0 R >>",
        b"<< /Length 26 >>\nstream\n50 500 m 500 60 l 20 w S  \nendstream",
    ]
    return raw_pdf(objects)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG with its right checksum."""
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def heic(*images: Image.Image) -> bytes:
    """A HEIC file of one or several pictures."""
    file = io.BytesIO()
    heif = pillow_heif.HeifFile()
    for image in images:
        heif.add_from_pillow(image.convert("RGB"))
    heif.save(file, quality=80)
    return file.getvalue()
