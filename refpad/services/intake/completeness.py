"""Is a file whole? Judged by the end that its own format prescribes, never by its name or its age."""

import io
import os
import struct
from collections.abc import Callable, Iterator
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import BinaryIO
from zipfile import is_zipfile

from ocr.file_types import PDF_WITHIN, is_email, is_iso_media, is_jpeg, is_pdf, is_png, is_tiff, is_zip
from ocr.tiff_fields import Directory, Tag, TiffReader

TAIL_BYTES = 4096  # scanners pad behind the end mark; Acrobat itself searches the last 1,024 bytes for %%EOF
IFDS_MOST = 10_000  # a chain this long is a loop or an attack, and no longer a question of waiting

HEADERS_MOST = 1_000_000  # bytes; servers pass on some 100 kB of headers at most
FIELDS_MOST = 4096  # a directory of more is looked at no further
PIECE_TAGS = (Tag.STRIP_OFFSETS, Tag.STRIP_BYTES, Tag.TILE_OFFSETS, Tag.TILE_BYTES)


def is_whole(path: Path) -> bool:
    """Whether the file ends as its format says it must.

    A file of a type we do not know is whole: nothing can be known by waiting. An empty file, and one
    that begins with nothing but NUL (space reserved by a copy program), is not. Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(PDF_WITHIN)
        if not head.strip(b"\0"):
            return False
        for matches, ends in _FORMATS:
            if matches(head):
                return ends(file, size)
    return True


def _ends_with(mark: bytes) -> Callable[[BinaryIO, int], bool]:
    def ends(file: BinaryIO, size: int) -> bool:
        file.seek(max(0, size - TAIL_BYTES))
        return mark in file.read(TAIL_BYTES)

    return ends


def _zip_ends(file: BinaryIO, size: int) -> bool:
    """The list of its files stands at its end."""
    return size > 0 and is_zipfile(file)


def _email_ends(file: BinaryIO, size: int) -> bool:
    """One of several parts ends with its outermost boundary and two hyphens (RFC 2046, 5.1.1)."""
    file.seek(0)
    headers = BytesHeaderParser().parse(io.BytesIO(file.read(HEADERS_MOST)))
    boundary = headers.get_boundary() if headers.get_content_maintype() == "multipart" else None
    return boundary is None or _ends_with(f"--{boundary}--".encode("ascii", "replace"))(file, size)


def _tiff_ends(file: BinaryIO, size: int) -> bool:
    """Every directory, and every strip or tile that it points to, lies inside the file (TIFF 6.0, section 2)."""
    try:
        return all(start + length <= size for start, length in _tiff_extents(file))
    except struct.error:
        return False


def _tiff_extents(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Where each directory's last word and the pieces of its picture lie, and their sizes."""
    reader = TiffReader(lambda at, size: os.pread(file.fileno(), size, at))
    at = reader.first()
    seen: set[int] = set()
    while at and at not in seen and len(seen) < IFDS_MOST:
        seen.add(at)
        following = reader.following(at)  # the last word of a directory: what lies before it is there
        places = {reader.tag_at(place): place for place in reader.field_places(at)[:FIELDS_MOST]}
        tags = {tag: reader.values(place) for tag, place in places.items() if tag in PIECE_TAGS}
        yield from Directory(len(seen) - 1, at, tags).pieces
        at = following


def _heic_ends(file: BinaryIO, size: int) -> bool:
    """The chain of boxes fills the file (ISO/IEC 14496-12, 4.2); a box of size 0 reaches to the end."""
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return False
        length = struct.unpack_from(">I", head)[0]
        if length == 0:
            return True
        if length == 1:
            length = struct.unpack_from(">Q", head.ljust(16, b"\0"), 8)[0]
        if length < 8:
            return True  # damaged, which waiting does not mend
        at += length
    return at == size


_FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int], bool]], ...] = (
    (is_email, _email_ends),  # before PDF, which may stand in it uncoded
    (is_zip, _zip_ends),  # before PDF, whose header may stand in an archive too
    (is_pdf, _ends_with(b"%%EOF")),
    (is_jpeg, _ends_with(b"\xff\xd9")),
    (is_png, _ends_with(b"IEND\xaeB`\x82")),
    (is_tiff, _tiff_ends),
    (is_iso_media, _heic_ends),
)
