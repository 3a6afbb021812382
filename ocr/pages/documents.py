"""The types of documents that are read, and where a document ends in bytes that go on behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr import file_types
from ocr.pages import sniff
from ocr.pages.pdf import pdf
from ocr.pages.pictures import heic, jpeg, png, tiff, tiff_directory
from ocr.pages.scan import Document
from ocr.pages.source import Source
from schemas.limits import Limits


@dataclass(frozen=True)
class FileType:
    """A type that is read: how it is known by its first bytes, how its names end, and what opens it.

    `end` says where the document ends with which some bytes of the type begin; the number of bytes when that cannot
    be told, as of a damaged one. `begins` is how a further document of the type begins, exactly.
    """

    name: str
    is_it: Callable[[bytes], bool]
    suffixes: tuple[str, ...]
    document: Callable[[Source, Limits], Document]
    end: Callable[[bytes], int]
    begins: bytes


# PDF last: its header may stand behind anything, even inside a picture.
FILE_TYPES = (
    FileType(
        "TIFF",
        file_types.is_tiff,
        (".tif", ".tiff", ".fax"),
        tiff.TiffDocument,
        tiff_directory.end_of,
        rb"II[*+]\0|MM\0[*+]",
    ),
    FileType("JPEG", file_types.is_jpeg, (".jpg", ".jpeg", ".jpe"), jpeg.JpegDocument, jpeg.end_of, rb"\xff\xd8\xff"),
    FileType("PNG", file_types.is_png, (".png",), png.PngDocument, png.end_of, rb"\x89PNG\r\n\x1a\n"),
    FileType("HEIC", sniff.is_heic, (".heic", ".heif"), heic.HeicDocument, heic.end_of, rb".{4}ftyp"),
    FileType("PDF", file_types.is_pdf, (".pdf",), pdf.PdfDocument, pdf.end_of, rb"%PDF-\d"),
)


def type_of(data: bytes) -> FileType | None:
    """The type that the bytes begin with, or None when it is none that is read."""
    return next((kind for kind in FILE_TYPES if kind.is_it(data)), None)
