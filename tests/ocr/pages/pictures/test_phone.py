"""Which of the pictures in a telephone's photo are pages."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from ocr.page import Page
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import opened, outcome

SHOT, OTHER = drawn.page(mark=1), drawn.page(mark=2)
SMALL = drawn.written(SHOT.resize((170, 220)), "JPEG")
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def album(*pictures: Image.Image) -> bytearray:
    """An MPO file as Pillow writes it."""
    file = io.BytesIO()
    pictures[0].save(file, "MPO", save_all=True, append_images=pictures[1:])
    return bytearray(file.getvalue())


def with_segment(picture: bytes, marker: bytes, content: bytes) -> bytes:
    """The JPEG with one more segment at its beginning."""
    return picture[:2] + b"\xff" + marker + struct.pack(">H", len(content) + 2) + content + picture[2:]


def with_kind(data: bytearray, number: int, kind: int) -> bytes:
    """The album with another kind (CIPA DC-007, 5.2.3.3.1) for one of its pictures."""
    index = data.index(b"MPF\0") + 4
    order = "<" if data[index : index + 2] == b"II" else ">"
    (directory,) = struct.unpack_from(order + "L", data, index + 4)
    (fields,) = struct.unpack_from(order + "H", data, index + directory)
    for field in range(index + directory + 2, index + directory + 2 + 12 * fields, 12):
        tag, _, _, where = struct.unpack_from(order + "HHLL", data, field)
        if tag == 0xB002:
            struct.pack_into(order + "L", data, index + where + 16 * number, kind)
    return bytes(data)


def listed(*semantics: str) -> bytes:
    """A photo with Android's list of what lies behind it."""
    items = "".join(f'<Container:Item Item:Semantic="{name}" Item:Mime="image/jpeg"/>' for name in semantics)
    return with_segment(drawn.written(SHOT, "JPEG"), b"\xe1", XMP + items.encode())


def test_the_shots_of_an_album_are_all_pages(tmp_path: Path) -> None:
    """Several pages photographed in one go."""
    pages = opened(tmp_path, bytes(album(SHOT, OTHER, SHOT)), name="pages.mpo")
    assert [outcome(page) for page in pages] == [1, 2, 3]
    assert isinstance(pages[1], Page)
    assert drawn.difference(pages[1].gray, OTHER) < 3


@pytest.mark.parametrize("kind", [0x010001, 0x010002])
def test_a_smaller_copy_that_the_album_calls_so_is_no_page(tmp_path: Path, kind: int) -> None:
    """Cameras add one for their own screen; it would be a second slip of the same paper."""
    (page,) = opened(tmp_path, with_kind(album(SHOT, SHOT), 1, kind))
    assert isinstance(page, Page)
    assert page.notes == ("a smaller copy of it that the telephone keeps behind its photo was left out: it is no page",)


@pytest.mark.parametrize(
    ("marker", "content"),
    [
        (b"\xe1", XMP + b'<rdf:Description hdrgm:Version="1.0"/>'),
        (b"\xe1", XMP + b"<HDRGainMap:HDRGainMapVersion>65536"),
        (b"\xe2", b"urn:iso:std:iso:ts:21496:-1\0" + bytes(60)),
    ],
)
def test_a_map_of_bright_parts_is_no_page(tmp_path: Path, marker: bytes, content: bytes) -> None:
    """Telephones since 2020 keep a gain map behind each photo; every photo of a slip would bring a page to look at."""
    whole = album(SHOT, SHOT)
    second = whole.rindex(b"\xff\xd8\xff")
    (page,) = opened(tmp_path, bytes(whole[:second]) + with_segment(bytes(whole[second:]), marker, content))
    assert isinstance(page, Page)
    assert "gain map" in page.notes[0]


def test_what_android_lists_behind_a_photo_is_taken_by_its_list(tmp_path: Path) -> None:
    """A gain map and a map of depths are left out with the reason; a picture beyond the list is a page of its own."""
    pages = opened(tmp_path, listed("Primary", "GainMap", "Depth") + SMALL + SMALL + drawn.written(OTHER, "JPEG"))
    assert [outcome(page) for page in pages] == [1, 2]
    assert isinstance(pages[0], Page)
    assert ["gain map" in pages[0].notes[1], "depths" in pages[0].notes[2]] == [True, True]


def test_each_of_several_photos_has_its_own_list(tmp_path: Path) -> None:
    """Two photos of a telephone, joined: two pages."""
    pages = opened(tmp_path, 2 * (listed("Primary", "GainMap") + SMALL))
    assert [outcome(page) for page in pages] == [1, 2]


def test_a_picture_that_no_list_names_is_a_page(tmp_path: Path) -> None:
    """What is not known to be left out is looked at, however small; too small for a slip is told."""
    pages = opened(tmp_path, drawn.written(SHOT, "JPEG") + drawn.written(OTHER, "JPEG"))
    assert [outcome(page) for page in pages] == [1, 2]
