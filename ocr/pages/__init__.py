"""From a file to upright gray pages: what it is by its content, its pages counted first, each within limits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ocr.file_types import is_email
from ocr.page import Page
from ocr.pages import messages
from ocr.pages.documents import FILE_TYPES, type_of
from ocr.pages.normalize import normalize_page
from ocr.pages.parts import FilePart, open_parts
from ocr.pages.source import Source, open_regular, read_source
from schemas.errors import SetAsideError
from schemas.limits import Limits


@dataclass(frozen=True)
class OpenedFile:
    """A file whose pages are counted, over all its documents, and none is decoded yet."""

    parts: tuple[FilePart, ...]
    notes: tuple[str, ...]
    limits: Limits

    @property
    def page_count(self) -> int:
        return sum(part.page_count for part in self.parts)

    def page(self, number: int) -> Page | SetAsideError:
        """Page `number` (1-based) of the file, or why this page alone cannot be used."""
        part, number_in_part = self._find(number)
        page = self._open(part, number_in_part)
        if not part.where:
            return page
        if isinstance(page, SetAsideError):
            return messages.in_part(page, number, part.where)
        told = f"page {number_in_part} of {part.where}"
        return replace(page, number=number, part=told, notes=(f"this is {told}", *page.notes))

    def _find(self, number: int) -> tuple[FilePart, int]:
        """The document that page `number` of the file lies in, and its number there."""
        for part in self.parts:
            if number <= part.page_count:
                return part, number
            number -= part.page_count
        raise IndexError(number)

    def _open(self, part: FilePart, number: int) -> Page | SetAsideError:
        if isinstance(part.document, SetAsideError):
            return part.document
        try:
            return normalize_page(part.document.scan(number), number, (*self.notes, *part.notes), self.limits)
        except SetAsideError as error:
            return error
        except MemoryError:
            return messages.memory(number, self.limits)


def open_source(source: Source, limits: Limits) -> OpenedFile:
    """Find out the type and count the pages; raises SetAsideError when the whole file cannot be used."""
    parts, kind = open_parts(source, limits), type_of(source.data)
    belied = any(source.suffix in other.suffixes for other in FILE_TYPES if other is not kind)
    name = "e-mail" if is_email(source.data) else kind.name if kind else "ZIP"
    notes = (f"the file's name ends in {source.suffix}, but it is a {name}",) if belied else ()
    return OpenedFile(parts, notes, limits)


def open_pages(path: Path, limits: Limits) -> Iterator[Page | SetAsideError]:
    """The pages of a file in order, decoded in this process; for files from strangers use `PageOpener`.

    A page that cannot be used comes as the SetAsideError that says why; one for the whole file is raised.
    """
    with open_regular(path) as fd:
        opened = open_source(read_source(fd, path.suffix, limits), limits)
        for number in range(1, opened.page_count + 1):
            yield opened.page(number)
