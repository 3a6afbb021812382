"""A TIFF's fields are read as the file has them, however odd, and never beyond its end."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.tiff_fields import Directory, Tag, TiffReader


def _reader(data: bytes) -> TiffReader:
    return TiffReader(lambda at, size: data[at : at + size])


def _tiff(kind: int, values: bytes) -> bytes:
    """A big-endian BigTIFF whose one directory says so of its width, and of where its one strip lies."""
    tags = (Tag.WIDTH, Tag.STRIP_OFFSETS, Tag.STRIP_BYTES)
    fields = b"".join(struct.pack(">HHQ", tag, kind, 1) + values.ljust(8, b"\0") for tag in tags)
    return b"MM\0+" + struct.pack(">HHQQ", 8, 0, 16, len(tags)) + fields + bytes(8)


@pytest.mark.parametrize(
    ("kind", "values"),
    [(12, struct.pack(">d", float(odd))) for odd in ("nan", "inf", "-inf")] + [(11, struct.pack(">f", float("nan")))],
)
def test_what_is_no_number_counts_as_missing(kind: int, values: bytes) -> None:
    """A stranger's file may say that its picture lies at no number; that page is lost, and nothing else."""
    directory = Directory(0, 16, _reader(_tiff(kind, values)).tags(16))
    assert directory.width_px == 0
    assert directory.pieces == ()


def test_whole_numbers_are_read_as_they_stand() -> None:
    """In the file's own byte order."""
    directory = Directory(0, 16, _reader(_tiff(3, struct.pack(">H", 258))).tags(16))
    assert (directory.width_px, directory.pieces) == (258, ((258, 258),))


@given(st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]), st.binary(max_size=80))
def test_any_bytes_are_read_or_end_early(mark: bytes, rest: bytes) -> None:
    """The walk over a damaged file ends in one known way, which its callers turn into a reason."""
    try:
        reader = _reader(mark + rest)
        at = reader.first()
        reader.following(at)
        directory = Directory(0, at, reader.tags(at))
    except struct.error:
        return
    assert directory.width_px is not None
    assert all(piece.size is not None for piece in directory.pieces)
