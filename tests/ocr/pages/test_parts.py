"""A file may hold more than one document: each is read, or told of."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ocr.page import Page
from ocr.pages.opener import PageOpener
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason as Reason
from tests.ocr.pages import drawn
from tests.ocr.pages.opening import opened, outcome, refusal

SENT = [drawn.page(mark=mark) for mark in range(5)]
LOCKED = pikepdf.Encryption(owner="five", user="four", R=6)


def scanned(mark: int) -> bytes:
    """A PDF of one scanned page."""
    return drawn.pdf([drawn.jpeg_picture(SENT[mark])])


def typed(mark: int) -> bytes:
    """A PDF whose page is drawn with strokes, which only poppler can do."""
    return drawn.text_pdf(b"%d 60 m 500 700 l 20 w S" % (50 + 100 * mark))


def tif(mark: int) -> bytes:
    return drawn.tiff([(drawn.fax_tags(850, 1100), drawn.fax_strip(SENT[mark]))])


def libtiff(mark: int) -> bytes:
    return drawn.written(drawn.bilevel(SENT[mark]), "TIFF", compression="group4", dpi=(100, 100))


def jpg(mark: int) -> bytes:
    return drawn.written(SENT[mark], "JPEG", quality=80, progressive=mark % 2)


def png(mark: int) -> bytes:
    return drawn.written(SENT[mark], "PNG")


@cache
def heic(mark: int) -> bytes:
    return drawn.heic(SENT[mark])


def zipped(*members: bytes, names: Mapping[int, str] | None = None) -> bytes:
    """A ZIP of files, packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, member in enumerate(members):
            archive.writestr((names or {}).get(number, f"scan-{number}"), member)
    return file.getvalue()


def with_attached(page: bytes, *attached: bytes, **keys: object) -> bytes:
    """A PDF with files attached."""
    with pikepdf.open(io.BytesIO(page)) as document:
        for number, data in enumerate(attached):
            document.attachments[f"file-{number}"] = pikepdf.AttachedFileSpec(document, data)
        for key, value in keys.items():
            document.Root[key] = value
        return drawn.saved(document)


def outcomes(folder: Path, data: bytes, limits: Limits | None = None) -> list[int | Reason]:
    return [outcome(page) for page in opened(folder, data, limits)]


def shown(pages: list[Page | SetAsideError], marks: list[int]) -> bool:
    """Whether the pages are those with these marks, in this order."""
    return len(pages) == len(marks) and all(
        isinstance(page, Page) and drawn.difference(page.gray, SENT[mark]) < 2
        for page, mark in zip(pages, marks, strict=True)
    )


@pytest.mark.parametrize("kind", [scanned, tif, libtiff, jpg, png, heic])
@pytest.mark.parametrize("between", [b"", b"\r\n", bytes(700), b"--part\r\nContent-Type: x\r\n\r\n"])
def test_documents_one_behind_the_other_are_all_read(
    tmp_path: Path, kind: Callable[[int], bytes], between: bytes
) -> None:
    """Viewers show the first or the last; programs that join scans, and mail gateways, leave such files."""
    pages = opened(tmp_path, between.join([kind(1), kind(2), kind(3)]))
    assert shown(pages, [1, 2, 3])
    assert [page.number for page in pages if isinstance(page, Page)] == [1, 2, 3]
    assert [page.part for page in pages if isinstance(page, Page)] == [
        f"page 1 of document {number} of 3" for number in (1, 2, 3)
    ]


def test_documents_of_several_types_are_all_read(tmp_path: Path) -> None:
    """Whatever order they come in."""
    assert shown(opened(tmp_path, jpg(0) + scanned(1) + png(2) + tif(3) + jpg(4)), [0, 1, 2, 3, 4])


def test_pages_are_counted_over_all_documents(tmp_path: Path) -> None:
    """A page has one number in the file, by which it is recorded and shown."""
    first = drawn.pdf([drawn.jpeg_picture(SENT[mark]) for mark in (0, 1)])
    pages = opened(tmp_path, first + scanned(2))
    assert shown(pages, [0, 1, 2])
    assert [page.part for page in pages if isinstance(page, Page)][1:] == [
        "page 2 of document 1 of 2",
        "page 1 of document 2 of 2",
    ]


def test_a_drawn_page_of_a_later_document_is_drawn(tmp_path: Path) -> None:
    """Poppler gets the bytes of that document alone: of the whole file it would draw the last."""
    pages = opened(tmp_path, typed(0) + typed(3))
    (alone,) = opened(tmp_path, typed(3))
    assert isinstance(alone, Page)
    assert isinstance(pages[1], Page)
    assert drawn.difference(pages[1].gray, alone.gray) == 0
    assert drawn.difference(pages[0].gray, alone.gray) > 0 if isinstance(pages[0], Page) else False


def test_two_pdfs_of_the_same_size_are_two(tmp_path: Path) -> None:
    """The last's list of objects then fits the first as well, and all looks sound."""
    picture = b"<< /Type /XObject /Subtype /Image /Width 850 /Height 1100 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length 27 >>\nstream\n612 0 0 792 0 0 cm /I Do   \nendstream",
    ]
    shelf = b"<< /XObject << /I 5 0 R >> >>"
    held = [b"%s /Length %d >>\nstream\n%s\nendstream" % (picture, 850 * 1100, SENT[mark].tobytes()) for mark in (1, 2)]
    assert shown(opened(tmp_path, b"".join(drawn.raw_pdf([*objects, stream, shelf]) for stream in held)), [1, 2])


def test_a_change_added_to_a_pdf_is_no_second_document(tmp_path: Path) -> None:
    """It ends with an end mark of its own."""
    before = drawn.text_pdf(b"50 60 m 500 700 l 20 w S")
    change = b"4 0 obj\n<< /Length 24 >>\nstream\n50 500 m 500 60 l 9 w S \nendstream\nendobj\n"
    table = b"xref\n4 1\n%010d 00000 n \n" % len(before)
    trailer = b"trailer\n<< /Size 5 /Root 1 0 R /Prev %d >>\n" % before.rindex(b"xref\n0 5")
    added = change + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(before) + len(change))
    assert [page.part for page in opened(tmp_path, before + added) if isinstance(page, Page)] == [""]


def test_an_unpacked_pdf_inside_a_pdf_does_not_cut_it(tmp_path: Path) -> None:
    """Its header and end mark stand in the midst of the outer one."""
    inner = scanned(1) + scanned(2)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length 24 >>\nstream\n50 500 m 500 60 l 9 w S \nendstream",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(inner), inner),
    ]
    assert [page.part for page in opened(tmp_path, drawn.raw_pdf(objects)) if isinstance(page, Page)] == [""]


@pytest.mark.parametrize("kind", [scanned, jpg, png])
def test_a_cut_document_costs_itself_alone(tmp_path: Path, kind: Callable[[int], bytes]) -> None:
    """Before or behind a whole one: the whole one is read, the other told of."""
    cut = kind(2)[: len(kind(2)) // 2]
    for data, lost in ((kind(1) + cut, 2), (cut + kind(1), 1)):
        pages = opened(tmp_path, data)
        assert [isinstance(page, Page) for page in pages] == [lost != 1, lost != 2]
        told = pages[lost - 1]
        assert isinstance(told, SetAsideError)
        assert told.message.startswith(f"Page {lost} stands for document {lost} of 2: ")
        assert (told.page, told.reason in (Reason.TRUNCATED, Reason.DAMAGED)) == (lost, True)


def test_a_damaged_page_is_named_by_both_its_numbers(tmp_path: Path) -> None:
    """The number in the file finds it in refpad, the one in the document on paper."""
    broken = drawn.pdf([drawn.jpeg_picture(SENT[0]), {**drawn.jpeg_picture(SENT[1]), "data": jpg(0)[:900]}])
    lost = opened(tmp_path, scanned(2) + broken)[2]
    assert isinstance(lost, SetAsideError)
    assert lost.message.startswith("Page 3 lies in document 2 of 2: page 2 of 2 ends too early")


def test_what_a_sound_file_is_followed_by_is_told_of(tmp_path: Path) -> None:
    """A picture of a type that is not read, and bytes that nobody knows; a few of those are the rest of a block."""
    gif = drawn.written(SENT[0], "GIF")
    assert outcomes(tmp_path, jpg(0) + gif) == [1, Reason.UNSUPPORTED_TYPE]
    assert outcomes(tmp_path, scanned(0) + bytes(range(1, 250)) * 40) == [1, Reason.UNSUPPORTED_TYPE]
    assert outcomes(tmp_path, png(0) + b"<?php echo 1; ?>") == [1]
    assert outcomes(tmp_path, jpg(0) + bytes(90_000)) == [1]


def test_a_zip_of_scans_is_read(tmp_path: Path) -> None:
    """As mail programs and portals pack them; whatever types are in it."""
    two = drawn.pdf([drawn.jpeg_picture(SENT[mark]) for mark in (1, 2)])
    pages = opened(tmp_path, zipped(jpg(0), two, tif(3)), name="scans.zip")
    assert shown(pages, [0, 1, 2, 3])
    assert isinstance(pages[2], Page)
    assert pages[2].part == "page 2 of file 2 of 3 in the ZIP"
    assert pages[2].notes == ("this is page 2 of file 2 of 3 in the ZIP",)


def test_of_a_zip_what_is_not_read_is_told_of(tmp_path: Path) -> None:
    """A letter, a locked PDF, an archive in the archive and an empty file: each with its reason, among the pages."""
    locked = drawn.saved(pikepdf.open(io.BytesIO(scanned(1))), encryption=LOCKED)
    data = zipped(jpg(0), b"Dear all\n", locked, zipped(jpg(1)), b"")
    assert outcomes(tmp_path, data) == [
        1,
        Reason.UNSUPPORTED_TYPE,
        Reason.ENCRYPTED,
        Reason.UNSUPPORTED_TYPE,
        Reason.EMPTY,
    ]


def test_the_names_in_an_archive_are_in_no_message(tmp_path: Path) -> None:
    """People call files after patients."""
    data = zipped(jpg(0)[:900], b"Dear all\n", jpg(1), names=dict.fromkeys((0,), "Quentin Marsh.jpg"))
    data += b""
    told = [str(page) if isinstance(page, SetAsideError) else repr(page.notes) for page in opened(tmp_path, data)]
    assert len(told) == 3
    assert "Quentin" not in " ".join(told)


def test_files_attached_to_a_pdf_are_read(tmp_path: Path) -> None:
    """Some fax and mail gateways send a cover page with the scan attached; of a portfolio that is all there is."""
    collection = {"/Collection": pikepdf.Dictionary(Type=pikepdf.Name.Collection)}
    pages = opened(tmp_path, with_attached(scanned(0), scanned(1), jpg(2), **collection))
    assert shown(pages, [0, 1, 2])
    assert [page.part for page in pages if isinstance(page, Page)] == [
        "",
        "page 1 of attached file 1 of 2",
        "page 1 of attached file 2 of 2",
    ]


def test_files_attached_to_what_is_in_a_zip_are_read_and_deeper_ones_told_of(tmp_path: Path) -> None:
    """One way in, however the documents are put together, and an end to it."""
    deepest = with_attached(scanned(2), with_attached(scanned(3), scanned(4)))
    pages = opened(tmp_path, zipped(deepest + jpg(1)))
    assert shown(pages[:2] + pages[3:], [2, 3, 1])
    assert str(pages[2]).startswith(
        "Page 3 stands for file 1 of 1 in the ZIP, document 1 of 2, attached file 1 of 1, attached file 1 of 1: this "
    )


def test_a_file_of_one_document_is_called_by_nothing(tmp_path: Path) -> None:
    """Nothing to say."""
    (page,) = opened(tmp_path, scanned(0))
    assert isinstance(page, Page)
    assert (page.part, page.notes) == ("", ())


@pytest.mark.parametrize("data", [zipped(zipped(jpg(0)), jpg(1)), with_attached(scanned(0), zipped(jpg(1)))])
def test_an_archive_inside_a_file_is_not_opened_and_to_be_sent_by_itself(tmp_path: Path, data: bytes) -> None:
    """Archives in archives are how bombs are packed; what to do instead is said."""
    (told,) = (page for page in opened(tmp_path, data) if isinstance(page, SetAsideError))
    assert told.message.endswith("inside another file, which refpad does not open; send it by itself.")


@pytest.mark.parametrize("data", [zipped(b"Dear all\n"), b"Dear all\n"])
def test_a_file_with_nothing_to_read_is_set_aside_as_a_whole(tmp_path: Path, data: bytes) -> None:
    """With the reason of the one thing that is in it."""
    error = refusal(tmp_path, data)
    assert (error.reason, error.page) == (Reason.UNSUPPORTED_TYPE, None)
    assert "plain text" in error.message


@pytest.mark.parametrize("joined", [jpg(0) * 4, zipped(*[jpg(0)] * 4), with_attached(scanned(0), *[jpg(0)] * 3)])
def test_the_limit_of_pages_counts_all_documents(tmp_path: Path, joined: bytes) -> None:
    """A person decides about so much paper; part of it is never read in silence."""
    assert outcomes(tmp_path, joined, Limits(pages=4)) == [1, 2, 3, 4]
    assert refusal(tmp_path, joined, Limits(pages=3)).reason is Reason.TOO_MANY_PAGES


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[PageOpener]:
    (tmp_path / "scratch").mkdir()
    with PageOpener(Limits(), tmp_path / "scratch") as opener:
        yield opener


def test_the_decoders_process_tells_the_part_and_opens_one_page_alone(opener: PageOpener, tmp_path: Path) -> None:
    """What is shown as page 2 is the page 2 that was read, and nothing is written to the disk for it."""
    (tmp_path / "scan").write_bytes(zipped(typed(0), jpg(1), b"Dear all\n"))
    together = list(opener.pages(tmp_path / "scan"))
    assert [outcome(page) for page in together] == [1, 2, Reason.UNSUPPORTED_TYPE]
    alone = opener.page(tmp_path / "scan", 2)
    assert isinstance(alone, Page)
    assert alone.part == "page 1 of file 2 of 3 in the ZIP"
    assert drawn.difference(alone.gray, SENT[1]) < 2
    assert Image.fromarray(alone.gray).size == SENT[1].size
