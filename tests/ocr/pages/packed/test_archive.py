"""ZIP archives from strangers: packed scans, bombs, and what only looks like either."""

import io
import struct
import zipfile

import pytest

from ocr.pages.packed.archive import unpack
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def refused(data: bytes, limits: Limits | None = None) -> Reason:
    with pytest.raises(SetAsideError) as caught:
        unpack(data, limits or Limits())
    return caught.value.reason


def reasons(data: bytes) -> list[bytes | Reason]:
    return [held.reason if isinstance(held, SetAsideError) else held for held in unpack(data, Limits())]


def lying(data: bytes, said: int) -> bytes:
    """The archive with another size of its only file, in both places that tell it."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", changed, changed.index(mark) + place, said)
    return bytes(changed)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_come_out_in_their_order(method: int) -> None:
    """The first file's pages are the first pages; folders are no files."""
    members = {"b.pdf": b"one", "day/": b"", "day/a.pdf": b"two"}
    assert unpack(zipped(members, method), Limits()) == [b"one", b"two"]


def test_what_desktops_keep_for_themselves_is_left() -> None:
    """As in the inbox itself: nobody scanned it."""
    members = {"a.pdf": b"one", "__MACOSX/._a.pdf": b"x", ".DS_Store": b"x", "day/Thumbs.db": b"x"}
    assert unpack(zipped(members), Limits()) == [b"one"]


@pytest.mark.parametrize("name", ["word/document.xml", "[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"])
def test_an_office_document_is_no_archive_of_scans(name: str) -> None:
    """It is packed as a ZIP too; its pictures are not its pages."""
    assert refused(zipped({"a.png": b"x", name: b"y"})) is Reason.UNSUPPORTED_TYPE


def test_a_bomb_that_tells_its_size_is_not_unpacked() -> None:
    """50 MB of zeros in 50 kB, above the limit."""
    bomb = zipped({"zeros": bytes(50_000_000)})
    assert len(bomb) < 60_000
    assert refused(bomb, Limits(file_bytes=1_000_000)) is Reason.TOO_LARGE


def test_many_files_are_too_large_together() -> None:
    """None of them is above the limit by itself."""
    assert refused(zipped({str(number): bytes(400_000) for number in range(3)}), Limits(file_bytes=1_000_000)) is (
        Reason.TOO_LARGE
    )


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    """What is unpacked then fails its checksum, and is told of."""
    assert reasons(lying(zipped({"zeros": bytes(5_000_000)}), 1_000)) == [Reason.DAMAGED]


def test_too_many_files_are_refused_with_the_limit() -> None:
    """Each would be a page at least."""
    assert refused(zipped({str(number): b"x" for number in range(4)}), Limits(pages=3)) is Reason.TOO_MANY_PAGES


def test_a_locked_file_and_one_packed_oddly_are_told_of() -> None:
    """The files beside them are unpacked all the same."""
    locked = bytearray(zipped({"a": b"one"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert reasons(bytes(locked)) == [Reason.ENCRYPTED]
    assert reasons(zipped({"a": b"one"}, zipfile.ZIP_LZMA)) == [Reason.UNSUPPORTED_TYPE]


def test_a_cut_or_empty_archive_is_set_aside() -> None:
    """Its list of files stands at its end."""
    assert refused(zipped({"a": b"one"})[:40]) is Reason.TRUNCATED
    assert refused(zipped({})) is Reason.NO_PAGES


def test_a_damaged_file_costs_itself_alone() -> None:
    """The others have checksums of their own."""
    data = bytearray(zipped({"a": b"one" * 99, "b": b"two"}, zipfile.ZIP_STORED))
    data[60] ^= 1
    assert reasons(bytes(data)) == [Reason.DAMAGED, b"two"]
