"""The directories of a TIFF file (TIFF 6.0, section 2, and BigTIFF), read without any decoder.

Decoders drop damaged pages in silence; this walk counts the pages and sees whether their data is there.
"""

import struct
from dataclasses import dataclass
from typing import NamedTuple

from ocr.pages import messages
from schemas.limits import Limits

# TIFF 6.0 section 2 and BigTIFF: bytes a value of each field type takes, and how struct reads it
TYPES = {1: "B", 2: "B", 3: "H", 4: "L", 6: "b", 7: "B", 8: "h", 9: "l", 11: "f", 12: "d", 13: "L", 16: "Q", 18: "Q"}
RATIONALS = {5: "L", 10: "l"}
VALUES_MAX = 1 << 20  # a page of 60 Mpx in strips of one row has 60,000 of them

PRIVATE_TAG = 65_000  # TIFF 6.0, section 2: from 65,000 on for private use, which decoders skip

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
        """The first value of a field that holds whole numbers."""
        return int(self.number(tag, default))

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
        """Where the picture's data lies; empty when the fields that say so are missing or disagree."""
        for where, size in ((Tag.STRIP_OFFSETS, Tag.STRIP_BYTES), (Tag.TILE_OFFSETS, Tag.TILE_BYTES)):
            offsets, sizes = self.tags.get(where, ()), self.tags.get(size, ())
            if offsets and len(offsets) == len(sizes):
                return tuple(Piece(int(at), int(length)) for at, length in zip(offsets, sizes, strict=True))
        return ()


def read_directories(data: bytes, limits: Limits) -> tuple[Directory, ...]:
    """All pictures of the chain in order; raises SetAsideError when the chain is cut, circular or too long."""
    reader = _Reader(data)
    places = dict[int, int]()
    at = reader.first()
    while at:
        if at in places:
            raise messages.damaged("TIFF", f"its list of pages runs in a circle after page {len(places)}")
        places[at] = len(places)
        at = reader.following(at, len(places))
    if len(places) > limits.pages:
        raise messages.too_many_pages(len(places), limits)
    return tuple(Directory(index, at, reader.tags(at)) for at, index in places.items())


def hide_orientation(data: bytes, directory: Directory) -> bytes:
    """`data` with this picture's orientation field renamed, so that no decoder acts on it."""
    reader, hidden = _Reader(data), bytearray(data)
    for place in reader.field_places(directory.at):
        if reader.tag_at(place) == Tag.ORIENTATION:
            hidden[place : place + 2] = reader.packed_tag(PRIVATE_TAG)
    return bytes(hidden)


class _Reader:
    """Reads one TIFF's fields in its byte order and offset size."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = "<" if data[:2] == b"II" else ">"
        self._big = struct.unpack(self._order + "H", data[2:4])[0] == 43
        self._offset, self._count = ("Q", "Q") if self._big else ("L", "H")
        self._inline = 8 if self._big else 4  # bytes of a value that stands in the field itself
        self._entry = 4 + 2 * self._inline

    def first(self) -> int:
        try:
            return self._one(self._offset, 8 if self._big else 4)
        except struct.error:
            raise messages.truncated("TIFF", "its header is not all there") from None

    def following(self, at: int, page: int) -> int:
        """Where the directory after the one at byte `at` begins, 0 for nowhere; raises SetAsideError when cut."""
        try:
            begin, count = self._fields(at)
            return self._one(self._offset, begin + count * self._entry)
        except struct.error:
            missing = f"the description of page {page} should lie at byte {at:,} of {len(self._data):,}"
            raise messages.truncated("TIFF", missing) from None

    def tags(self, at: int) -> dict[int, tuple[Number, ...]]:
        """The fields of the directory at byte `at`."""
        fields = (self._field(place) for place in self.field_places(at))
        return {tag: values for tag, values in fields if values}

    def field_places(self, at: int) -> range:
        """The bytes at which the fields of the directory at byte `at` begin."""
        begin, count = self._fields(at)
        return range(begin, begin + count * self._entry, self._entry)

    def tag_at(self, place: int) -> int:
        return self._one("H", place)

    def packed_tag(self, tag: int) -> bytes:
        return struct.pack(self._order + "H", tag)

    def _fields(self, at: int) -> tuple[int, int]:
        """Where the first field lies, and how many there are."""
        return at + struct.calcsize(self._order + self._count), self._one(self._count, at)

    def _field(self, at: int) -> tuple[int, tuple[Number, ...]]:
        """Tag and values of one field; no values when they lie outside the file or are not numbers."""
        tag, kind = struct.unpack_from(self._order + "HH", self._data, at)
        count = self._one(self._offset, at + 4)
        letter, per_value = (RATIONALS[kind], 2) if kind in RATIONALS else (TYPES.get(kind), 1)
        if letter is None or not 0 < count <= VALUES_MAX:
            return tag, ()
        form = f"{self._order}{count * per_value}{letter}"
        where = at + 4 + self._inline
        try:
            if struct.calcsize(form) > self._inline:
                where = self._one(self._offset, where)
            values = struct.unpack_from(form, self._data, where)
        except struct.error:
            return tag, ()
        if per_value == 2:
            pairs = zip(values[::2], values[1::2], strict=True)
            return tag, tuple(upper / lower if lower else 0.0 for upper, lower in pairs)
        return tag, values

    def _one(self, letter: str, at: int) -> int:
        if at > len(self._data):
            raise struct.error
        value: int = struct.unpack_from(self._order + letter, self._data, at)[0]
        return value
