"""The directories of a TIFF file (TIFF 6.0, section 2, and BigTIFF), read without any decoder and wherever they lie."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple

# TIFF 6.0 section 2 and BigTIFF: bytes a value of each field type takes, and how struct reads it
TYPES = {1: "B", 2: "B", 3: "H", 4: "L", 6: "b", 7: "B", 8: "h", 9: "l", 11: "f", 12: "d", 13: "L", 16: "Q", 18: "Q"}
RATIONALS = {5: "L", 10: "l"}
FILE_MOST = (1 << 63) - 1  # bytes: the offsets that an operating system knows are signed
VALUES_MAX = 1 << 20  # a page of 60 Mpx in strips of one row has 60,000 of them

Number = int | float


class Tag:
    """The tags that are looked at (TIFF 6.0, appendix A)."""

    SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
    STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_BYTES = 273, 274, 277, 278, 279
    X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 282, 283, 296
    TILE_OFFSETS, TILE_BYTES, SAMPLE_FORMAT = 324, 325, 339


class Piece(NamedTuple):
    """One strip or tile: where it begins in the file, and its size."""

    offset: int
    size: int


@dataclass(frozen=True)
class Directory:
    """One picture of the file: `index` is its place in the chain, `at` the byte it begins at, `tags` its values."""

    index: int
    at: int
    tags: dict[int, tuple[Number, ...]]

    def number(self, tag: int, default: Number) -> Number:
        """The first value of a field."""
        values = self.tags.get(tag)
        return values[0] if values else default

    def whole(self, tag: int, default: int) -> int:
        """The first value of a field that holds whole numbers; what is no number at all counts as missing."""
        value = self.number(tag, default)
        return int(value) if isfinite(value) else default

    @property
    def width_px(self) -> int:
        return self.whole(Tag.WIDTH, 0)

    @property
    def height_px(self) -> int:
        return self.whole(Tag.HEIGHT, 0)

    @property
    def rows_per_strip(self) -> int:
        return min(self.whole(Tag.ROWS_PER_STRIP, self.height_px) or self.height_px, self.height_px)

    @property
    def is_page(self) -> bool:
        """False for the small preview and the transparency mask of another picture (NewSubfileType bits 0 and 2)."""
        return not self.whole(Tag.SUBFILE, 0) & 0b101

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Where the picture's data lies; empty when the fields that say so are missing, disagree or hold no numbers."""
        for where, size in ((Tag.STRIP_OFFSETS, Tag.STRIP_BYTES), (Tag.TILE_OFFSETS, Tag.TILE_BYTES)):
            offsets, sizes = self.tags.get(where, ()), self.tags.get(size, ())
            if offsets and len(offsets) == len(sizes) and all(map(isfinite, (*offsets, *sizes))):
                return tuple(Piece(int(at), int(length)) for at, length in zip(offsets, sizes, strict=True))
        return ()


class TiffReader:
    """Reads one TIFF's fields in its byte order and offset size.

    `read(at, size)` gives the file's bytes, fewer where it ends. Raises struct.error where the file ends before what is
    asked for.
    """

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read = read
        self._order = "<" if read(0, 2) == b"II" else ">"
        self._big = self._one("H", 2) == 43
        self._offset, self._count = ("Q", "Q") if self._big else ("L", "H")
        self._inline = 8 if self._big else 4  # bytes of a value that stands in the field itself
        self._entry = 4 + 2 * self._inline

    def first(self) -> int:
        """Where the first directory begins."""
        return self._one(self._offset, 8 if self._big else 4)

    def following(self, at: int) -> int:
        """Where the directory after the one at byte `at` begins, 0 for nowhere."""
        begin, count = self._fields(at)
        return self._one(self._offset, begin + count * self._entry)

    def tags(self, at: int) -> dict[int, tuple[Number, ...]]:
        """The fields of the directory at byte `at`, without those whose values lie outside the file."""
        found = {}
        for place in self.field_places(at):
            try:
                values = self.values(place)
            except struct.error:
                continue
            if values:
                found[self.tag_at(place)] = values
        return found

    def field_places(self, at: int) -> range:
        """The bytes at which the fields of the directory at byte `at` begin."""
        begin, count = self._fields(at)
        return range(begin, begin + count * self._entry, self._entry)

    def ends(self, at: int) -> list[int]:
        """Where the directory at byte `at` ends, and each of the values and pieces that it points to."""
        begin, count = self._fields(at)
        ends = [begin + count * self._entry + self._inline]
        for place in self.field_places(at):
            kind, number = self._one("H", place + 2), self._one(self._offset, place + 4)
            size = number * struct.calcsize("<" + (RATIONALS.get(kind, "") * 2 or TYPES.get(kind, "B")))
            if size > self._inline:
                ends.append(self._one(self._offset, place + 4 + self._inline) + size)
        pieces = Directory(0, at, self.tags(at)).pieces
        return ends + [piece.offset + piece.size for piece in pieces]

    def tag_at(self, place: int) -> int:
        return self._one("H", place)

    def packed_tag(self, tag: int) -> bytes:
        return struct.pack(self._order + "H", tag)

    def _fields(self, at: int) -> tuple[int, int]:
        """Where the first field lies, and how many there are."""
        return at + struct.calcsize(self._order + self._count), self._one(self._count, at)

    def values(self, place: int) -> tuple[Number, ...]:
        """The values of the field at byte `place`; none when they are no numbers."""
        kind = self._one("H", place + 2)
        count = self._one(self._offset, place + 4)
        letter, per_value = (RATIONALS[kind], 2) if kind in RATIONALS else (TYPES.get(kind), 1)
        if letter is None or not 0 < count <= VALUES_MAX:
            return ()
        form = f"{self._order}{count * per_value}{letter}"
        where = place + 4 + self._inline
        if struct.calcsize(form) > self._inline:
            where = self._one(self._offset, where)
        values = self._unpacked(form, where)
        if per_value == 2:
            pairs = zip(values[::2], values[1::2], strict=True)
            return tuple(upper / lower if lower else 0.0 for upper, lower in pairs)
        return values

    def _one(self, letter: str, at: int) -> int:
        value: int = self._unpacked(self._order + letter, at)[0]
        return value

    def _unpacked(self, form: str, at: int) -> tuple[Any, ...]:
        size = struct.calcsize(form)
        if at + size > FILE_MOST:
            raise struct.error("no file reaches so far")
        return struct.unpack(form, self._read(at, size))
