"""From a file to upright gray pages: what it is by its content, its pages counted first, each within limits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ocr import file_types
from ocr.page import Page
from ocr.pages import messages, sniff
from ocr.pages.heic import HeicDocument
from ocr.pages.jpeg import JpegDocument
from ocr.pages.normalize import normalize_page
from ocr.pages.pdf import PdfDocument
from ocr.pages.png import PngDocument
from ocr.pages.scan import Document
from ocr.pages.source import Source, open_regular, read_source
from ocr.pages.tiff import TiffDocument
from schemas.errors import SetAsideError
from schemas.limits import Limits


@dataclass(frozen=True)
class FileType:
    """A type that is read: how it is known by its first bytes, how its names end, and what opens it."""

    name: str
    is_it: Callable[[bytes], bool]
    suffixes: tuple[str, ...]
    document: Callable[[Source, Limits], Document]


# PDF last: its header may stand behind anything, even inside a picture.
FILE_TYPES = (
    FileType("TIFF", file_types.is_tiff, (".tif", ".tiff", ".fax"), TiffDocument),
    FileType("JPEG", file_types.is_jpeg, (".jpg", ".jpeg", ".jpe"), JpegDocument),
    FileType("PNG", file_types.is_png, (".png",), PngDocument),
    FileType("HEIC", sniff.is_heic, (".heic", ".heif"), HeicDocument),
    FileType("PDF", file_types.is_pdf, (".pdf",), PdfDocument),
)


@dataclass(frozen=True)
class OpenedFile:
    """A file whose pages are counted and none is decoded yet."""

    document: Document
    notes: tuple[str, ...]
    limits: Limits

    @property
    def page_count(self) -> int:
        return self.document.page_count

    def page(self, number: int) -> Page | SetAsideError:
        """Page `number` (1-based), or why this page alone cannot be used."""
        try:
            return normalize_page(self.document.scan(number), number, self.notes, self.limits)
        except SetAsideError as error:
            return error
        except MemoryError:
            return messages.memory(number, self.limits)


def open_source(source: Source, limits: Limits) -> OpenedFile:
    """Find out the type and count the pages; raises SetAsideError when the whole file cannot be used."""
    kind = next((kind for kind in FILE_TYPES if kind.is_it(source.data)), None)
    if kind is None:
        raise messages.unsupported(sniff.foreign_name(source.data))
    document = kind.document(source, limits)
    if document.page_count > limits.pages:
        raise messages.too_many_pages(document.page_count, limits)
    if document.page_count < 1:
        raise messages.no_pages(kind.name)
    belied = any(source.suffix in other.suffixes for other in FILE_TYPES if other is not kind)
    notes = (f"the file's name ends in {source.suffix}, but it is a {kind.name}",) if belied else ()
    return OpenedFile(document, (*notes, *document.notes), limits)


def open_pages(path: Path, limits: Limits) -> Iterator[Page | SetAsideError]:
    """The pages of a file in order, decoded in this process; for files from strangers use `PageOpener`.

    A page that cannot be used comes as the SetAsideError that says why; one for the whole file is raised.
    """
    with open_regular(path) as fd:
        opened = open_source(read_source(fd, path.suffix, limits), limits)
        for number in range(1, opened.page_count + 1):
            yield opened.page(number)
