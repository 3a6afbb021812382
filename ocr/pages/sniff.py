"""What a file is by its first bytes; its name is not asked."""

import re

from ocr.file_types import is_iso_media

FILM = "a film"
# (bytes, where they stand, what to call it in "This is ...")
FOREIGN: tuple[tuple[bytes, int, str], ...] = (
    (b"GIF8", 0, "a GIF picture"),
    (b"WEBP", 8, "a WebP picture"),
    (b"BM", 0, "a BMP picture"),
    (b"\x00\x00\x00\x0cjP", 0, "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", 0, "a JPEG 2000 picture"),
    (b"ftypavif", 4, "an AVIF picture"),
    (b"ftypavis", 4, "an AVIF picture"),
    (b"ftyp", 4, FILM),
    (b"\x7fELF", 0, "a program"),
    (b"MZ", 0, "a program"),
    (b"PK\x03\x04", 0, "a ZIP archive or Office document"),
    (b"PK\x05\x06", 0, "a ZIP archive or Office document"),
    (b"\xd0\xcf\x11\xe0", 0, "an old Office document"),
    (b"Rar!", 0, "a RAR archive"),
    (b"7z\xbc\xaf", 0, "a 7z archive"),
    (b"\x1f\x8b", 0, "a gzip archive"),
    (b"%!", 0, "a PostScript document"),
    (b"{\\rtf", 0, "an RTF document"),
    (b"\x78\x9f\x3e\x22", 0, "an Outlook package (winmail.dat), which its sender must send as plain text or HTML"),
    (b"DICM", 128, "a DICOM picture"),
)
MARKUP = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(!doctype html|html|svg|\?xml)", re.IGNORECASE)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}


def is_heic(data: bytes) -> bool:
    """HEIC by its major brand, or by a compatible brand under the neutral major brand (ISO/IEC 23008-12)."""
    if not is_iso_media(data):
        return False
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}
    return data[8:12] in HEIC_BRANDS or (data[8:12] == b"mif1" and not HEIC_BRANDS.isdisjoint(brands))


def known_foreign_name(data: bytes) -> str | None:
    """What to call a file of a type that is not read but known by its first bytes; None for any other."""
    return next((name for magic, at, name in FOREIGN if data[at : at + len(magic)] == magic), None)


def foreign_name(data: bytes) -> str:
    """What to call a file of a type that refpad does not read."""
    known = known_foreign_name(data)
    if known is not None:
        return known
    markup = MARKUP.match(data[:200])
    if markup:
        return {b"svg": "an SVG drawing", b"?xml": "an XML document"}.get(markup[1].lower(), "a web page")
    if not data.strip(b"\0"):
        return f"{len(data):,} bytes that are all zero, as a broken copy leaves them"
    if _is_text(data[:4096]):
        return "plain text"
    return "a file of unknown type"


def _is_text(start: bytes) -> bool:
    return not any(byte < 9 or (13 < byte < 32 and byte != 27) for byte in start)
