"""The pages of a TIFF file, counted and looked at without any decoder.

Decoders drop damaged pages in silence; this walk counts the pages and sees whether their data is there.
"""

import struct

from ocr.pages import messages
from ocr.tiff_fields import Directory, Tag, TiffReader
from schemas.limits import Limits

PRIVATE_TAG = 65_000  # TIFF 6.0, section 2: from 65,000 on for private use, which decoders skip
DIRECTORIES_MAX = 10_000  # a longer chain is an attack, and refused when its pages are counted


def end_of(data: bytes) -> int:
    """Where the TIFF ends with which `data` begins: behind all that its directories point to."""
    reader, end, seen = _reader_of(data), 0, set[int]()
    try:
        at = reader.first()
        while at and at not in seen and len(seen) < DIRECTORIES_MAX:
            seen.add(at)
            end = max([end, *(end for end in reader.ends(at) if end <= len(data))])
            at = reader.following(at)
    except struct.error:
        return len(data)
    return end or len(data)


def read_directories(data: bytes, limits: Limits) -> tuple[Directory, ...]:
    """All pictures of the chain in order; raises SetAsideError when the chain is cut, circular or too long."""
    reader = _reader_of(data)
    places = dict[int, int]()
    try:
        at = reader.first()
    except struct.error:
        raise messages.truncated("TIFF", "its header is not all there") from None
    while at:
        if at in places:
            raise messages.damaged("TIFF", f"its list of pages runs in a circle after page {len(places)}")
        places[at] = len(places)
        try:
            at = reader.following(at)
        except struct.error:
            missing = f"the description of page {len(places)} should lie at byte {at:,} of {len(data):,}"
            raise messages.truncated("TIFF", missing) from None
    if len(places) > limits.pages:
        raise messages.too_many_pages(len(places), limits)
    return tuple(Directory(index, at, reader.tags(at)) for at, index in places.items())


def hide_orientation(data: bytes, directory: Directory) -> bytes:
    """`data` with this picture's orientation field renamed, so that no decoder acts on it."""
    reader, hidden = _reader_of(data), bytearray(data)
    for place in reader.field_places(directory.at):
        if reader.tag_at(place) == Tag.ORIENTATION:
            hidden[place : place + 2] = reader.packed_tag(PRIVATE_TAG)
    return bytes(hidden)


def _reader_of(data: bytes) -> TiffReader:
    return TiffReader(lambda at, size: data[at : at + size])
