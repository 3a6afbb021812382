"""What is attached to a PDF, wherever it hangs, and what only swells."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocr.pages.pdf.attachments import attached
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn


def document() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(drawn.text_pdf(b"50 60 m 500 700 l S")))


def entry(pdf: pikepdf.Pdf, data: bytes, **keys: object) -> pikepdf.Object:
    """A file specification that no list names yet."""
    return pdf.make_indirect(Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(data, **keys))))


def found(pdf: pikepdf.Pdf, limits: Limits | None = None) -> list[bytes | Reason]:
    """Of the document as it comes from a disk."""
    as_it_is = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
    with pikepdf.open(io.BytesIO(drawn.saved(pdf, **as_it_is))) as read:
        held = attached(read, limits or Limits())
    return [data.reason if isinstance(data, SetAsideError) else data for data in held]


def test_files_are_found_in_the_list_beside_pages_and_behind_paper_clips() -> None:
    """Each program hangs them elsewhere; one that is named twice is one file."""
    pdf = document()
    pdf.attachments["one"] = pikepdf.AttachedFileSpec(pdf, b"one")
    beside, clip = entry(pdf, b"two"), entry(pdf, b"three")
    pdf.Root.AF = Array([beside])
    pdf.pages[0].obj.AF = Array([beside])
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=clip)])
    assert found(pdf) == [b"one", b"two", b"three"]


def test_a_document_without_any_has_none() -> None:
    """The usual one."""
    assert found(document()) == []


def test_one_that_swells_is_stopped_at_the_limit() -> None:
    """50 MB of zeros take 50 kB; what is left of the limit is left for all of them together."""
    pdf = document()
    for name in ("a", "b"):
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, bytes(600_000))
    assert found(pdf, Limits(file_bytes=1_000_000)) == [bytes(600_000), Reason.TOO_LARGE]
    pdf.attachments["a"] = pikepdf.AttachedFileSpec(pdf, bytes(50_000_000))
    assert found(pdf, Limits(file_bytes=1_000_000)) == [Reason.TOO_LARGE, bytes(600_000)]


def test_one_packed_twice_is_not_unpacked() -> None:
    """Only an attack does so."""
    pdf = document()
    pdf.Root.AF = Array([entry(pdf, b"x", Filter=Array([Name.FlateDecode, Name.FlateDecode]))])
    assert found(pdf) == [Reason.UNSUPPORTED_TYPE]


def test_one_that_cannot_be_unpacked_is_damaged() -> None:
    """It is told of; the document is read."""
    pdf = document()
    pdf.Root.AF = Array([entry(pdf, b"no zlib", Filter=Name.FlateDecode)])
    assert found(pdf) == [Reason.DAMAGED]


def test_too_many_are_refused_with_the_limit() -> None:
    """Each would be a page at least."""
    pdf = document()
    pdf.Root.AF = Array([entry(pdf, b"%d" % number) for number in range(4)])
    with pytest.raises(SetAsideError) as caught:
        attached(pdf, Limits(pages=3))
    assert caught.value.reason is Reason.TOO_MANY_PAGES
