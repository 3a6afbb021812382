"""The documents of one file: one behind the other in its bytes, packed in a ZIP, or attached to a PDF.

Each that can be read is opened; of each that cannot, the reason takes the place of its pages.
"""

from dataclasses import dataclass

from ocr import file_types
from ocr.pages import archive, messages, sniff
from ocr.pages.documents import type_of
from ocr.pages.pdf import PdfDocument
from ocr.pages.pdf_attachments import attached
from ocr.pages.pieces import split
from ocr.pages.scan import Document
from ocr.pages.source import Source
from schemas.errors import SetAsideError
from schemas.limits import Limits

DEPTH_MAX = 2  # a file attached to a PDF in a ZIP; what lies deeper no scanner and no fax server makes


@dataclass(frozen=True)
class FilePart:
    """One document. `where` says which ("document 2 of 3"), "" in a file of one; `document` is why it is not read."""

    where: str
    document: Document | SetAsideError
    notes: tuple[str, ...] = ()

    @property
    def page_count(self) -> int:
        """One that is not read counts as one page, on which that is said."""
        return 1 if isinstance(self.document, SetAsideError) else self.document.page_count


def open_parts(source: Source, limits: Limits) -> tuple[FilePart, ...]:
    """The documents of a file in their order, one at least; raises SetAsideError when none can be used."""
    opening = _Opening(limits)
    opening.add_file(source, (), 0)
    parts = tuple(opening.parts)
    if len(parts) == 1 and isinstance(parts[0].document, SetAsideError):
        raise parts[0].document
    pages = sum(part.page_count for part in parts)
    if pages > limits.pages:
        raise messages.too_many_pages(pages, limits)
    return parts


class _Opening:
    """Takes a file apart; `where` is the way into it, from the outside in."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.parts = list[FilePart]()

    def add_file(self, source: Source, where: tuple[str, ...], depth: int) -> None:
        """The documents in some bytes, which lie `depth` files deep."""
        if depth > DEPTH_MAX:
            self._add_unread(where, messages.too_deep())
        elif file_types.is_zip(source.data) and depth == 0:
            self._add_files(archive.unpack(source.data, self._limits), where, "file {} of {} in the ZIP", depth)
        else:
            pieces = split(source.data, self._limits.pages)
            for number, piece in enumerate(pieces, 1):
                way = (*where, f"document {number} of {len(pieces)}") if len(pieces) > 1 else where
                whole = source if len(pieces) == 1 else Source(piece.data)
                self._add_document(whole, way, depth, piece.notes)

    def _add_files(self, files: list[bytes | SetAsideError], where: tuple[str, ...], called: str, depth: int) -> None:
        for number, held in enumerate(files, 1):
            way = (*where, called.format(number, len(files)))
            if isinstance(held, SetAsideError):
                self._add_unread(way, held)
            elif not held:
                self._add_unread(way, messages.empty())
            else:
                self.add_file(Source(held), way, depth + 1)

    def _add_document(self, source: Source, where: tuple[str, ...], depth: int, notes: tuple[str, ...]) -> None:
        kind = type_of(source.data)
        try:
            if kind is None and file_types.is_zip(source.data):
                raise messages.archive_inside()
            if kind is None:
                raise messages.unsupported(sniff.foreign_name(source.data))
            document = kind.document(source, self._limits)
            if document.page_count < 1:
                raise messages.no_pages(kind.name)
        except SetAsideError as error:
            self._add_unread(where, error)
            return
        self.parts.append(FilePart(_told(where), document, (*document.notes, *notes)))
        if isinstance(document, PdfDocument):
            self._add_attached(document, where, depth)

    def _add_attached(self, document: PdfDocument, where: tuple[str, ...], depth: int) -> None:
        try:
            files = attached(document.pdf, self._limits)
        except SetAsideError as error:
            self._add_unread((*where, "what is attached to it"), error)
        else:
            self._add_files(files, where, "attached file {} of {}", depth)

    def _add_unread(self, where: tuple[str, ...], error: SetAsideError) -> None:
        self.parts.append(FilePart(_told(where), error))


def _told(where: tuple[str, ...]) -> str:
    return ", ".join(where)
