"""Where one document ends and the next begins in the bytes of a file."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr.pages.pieces import split
from tests.ocr.pages import drawn

SENT = drawn.page(200, 260)
KINDS = {
    "JPEG": drawn.written(SENT, "JPEG"),
    "PNG": drawn.written(SENT, "PNG"),
    "TIFF": drawn.written(drawn.bilevel(SENT), "TIFF", compression="group4"),
    "PDF": drawn.pdf([drawn.jpeg_picture(SENT)]),
    "HEIC": drawn.heic(SENT),
}
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\x10\0mdat" + bytes(range(256)) * 16
FILM = FILM[: 24 + 4096]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_document_is_one_piece_with_all_its_bytes(kind: str) -> None:
    """The usual file costs no copy and loses nothing."""
    (piece,) = split(KINDS[kind], 200)
    assert (piece.data, piece.notes) == (KINDS[kind], ())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))
def test_any_row_of_documents_comes_apart_where_it_was_joined(kinds: list[str]) -> None:
    """Each with its own bytes and no others."""
    pieces = split(b"".join(KINDS[kind] for kind in kinds), 200)
    assert [piece.data for piece in pieces] == [KINDS[kind] for kind in kinds]


def test_a_preview_inside_a_picture_is_no_document() -> None:
    """Cameras and scanners keep a small JPEG in the header of the large one."""
    small = KINDS["JPEG"]
    exif = b"Exif\0\0" + small
    data = small[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + small[2:]
    assert [piece.data for piece in split(data, 200)] == [data]


def test_a_film_behind_a_photo_is_noted_and_what_follows_it_is_read() -> None:
    """A telephone films the moment before the shot; nobody writes on film."""
    pieces = split(KINDS["JPEG"] + FILM + KINDS["JPEG"] + FILM, 200)
    assert [piece.data for piece in pieces] == [KINDS["JPEG"], KINDS["JPEG"]]
    assert all("film" in note for piece in pieces for note in piece.notes)
    assert all(piece.notes for piece in pieces)


def test_a_film_behind_a_pdf_is_told_of() -> None:
    """No telephone puts it there."""
    assert len(split(KINDS["PDF"] + FILM, 200)) == 2


def test_a_telephones_own_data_behind_a_photo_is_left() -> None:
    """Samsung's telephones end each photo with a table of their own."""
    assert len(split(KINDS["JPEG"] + b"\0\0\x30\x0a" + bytes(range(1, 251)) * 40 + b"SEFT", 200)) == 1


def test_no_more_documents_are_looked_for_than_may_be_read() -> None:
    """A file made of a million beginnings must not cost a million looks."""
    assert len(split(KINDS["JPEG"] * 30, 5)) == 6
    assert len(split(b"%PDF-1.4\n" * 50_000, 5)) == 1
