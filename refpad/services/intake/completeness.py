"""Is a file whole? Judged by the end that its own format prescribes, never by its name or its age."""

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

TAIL_BYTES = 4096  # scanners pad behind the end mark; Acrobat itself searches the last 1,024 bytes for %%EOF
HEAD_BYTES = 1024  # PDF 32000-1 annex H: readers find the header within the first 1,024 bytes
IFDS_MOST = 10_000  # a chain this long is a loop or an attack, and no longer a question of waiting

_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES = 273, 279, 324, 325
_PLACES = {_STRIP_OFFSETS: _STRIP_BYTES, _TILE_OFFSETS: _TILE_BYTES}
_SIZES = {3: ("H", 2), 4: ("I", 4), 16: ("Q", 8)}  # TIFF 6.0 SHORT and LONG, BigTIFF LONG8


def is_whole(path: Path) -> bool:
    """Whether the file ends as its format says it must.

    A file of a type we do not know is whole: nothing can be known by waiting. An empty file, and one
    that begins with nothing but NUL (space reserved by a copy program), is not. Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(HEAD_BYTES)
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


def _tiff_ends(file: BinaryIO, size: int) -> bool:
    """Every directory, and every strip or tile that it points to, lies inside the file (TIFF 6.0, section 2)."""
    try:
        return all(start + length <= size for start, length in _tiff_extents(file))
    except struct.error:
        return False


def _tiff_extents(file: BinaryIO) -> Iterator[tuple[int, int]]:
    file.seek(0)
    head = file.read(8)
    order = "<" if head[:2] == b"II" else ">"
    big = struct.unpack(order + "H", head[2:4])[0] == 43
    word, count, entry = ("Q", "Q", 20) if big else ("I", "H", 12)
    at = _number(file, order + word, 8 if big else 4)
    seen: set[int] = set()
    while at and at not in seen and len(seen) < IFDS_MOST:
        seen.add(at)
        entries = _number(file, order + count, at)
        first = at + struct.calcsize(count)
        yield at, struct.calcsize(count) + entries * entry + struct.calcsize(word)
        yield from _picture_extents(file, order, first, min(entries, 4096), entry)
        at = _number(file, order + word, first + entries * entry)


def _picture_extents(file: BinaryIO, order: str, first: int, entries: int, entry: int) -> Iterator[tuple[int, int]]:
    file.seek(first)
    table = file.read(entries * entry)
    fields = {struct.unpack_from(order + "H", table, i * entry)[0]: table[i * entry :][:entry] for i in range(entries)}
    for where, how_long in _PLACES.items():
        if where in fields and how_long in fields:
            starts, lengths = (_values(file, order, fields[tag], entry) for tag in (where, how_long))
            yield from zip(starts, lengths, strict=False)


def _values(file: BinaryIO, order: str, field: bytes, entry: int) -> tuple[int, ...]:
    """The numbers of one directory entry, which stand in the entry itself when they fit."""
    word = "Q" if entry == 20 else "I"
    kind, many = struct.unpack_from(order + "H" + word, field, 2)
    letter, width = _SIZES.get(kind, ("I", 4))
    many = min(many, 1_000_000)
    room = entry - 4 - struct.calcsize(word)
    if many * width <= room:
        return struct.unpack_from(f"{order}{many}{letter}", field, entry - room)
    file.seek(struct.unpack_from(order + word, field, entry - room)[0])
    return struct.unpack(f"{order}{many}{letter}", file.read(many * width))


def _number(file: BinaryIO, form: str, at: int) -> int:
    file.seek(at)
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])


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
    (lambda head: b"%PDF-" in head, _ends_with(b"%%EOF")),
    (lambda head: head.startswith(b"\xff\xd8\xff"), _ends_with(b"\xff\xd9")),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), _ends_with(b"IEND\xaeB`\x82")),
    (lambda head: head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), _tiff_ends),
    (lambda head: head[4:8] == b"ftyp", _heic_ends),
)
