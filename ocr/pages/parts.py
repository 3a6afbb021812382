"""The documents of one file: one behind the other in its bytes, packed in a ZIP, or attached to a PDF or e-mail.

Each that can be read is opened; of each that cannot, the reason takes the place of its pages.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ocr import file_types
from ocr.pages import messages, sniff
from ocr.pages.documents import type_of
from ocr.pages.packed import archive, mail
from ocr.pages.pdf.attachments import attached
from ocr.pages.pdf.pdf import PdfDocument
from ocr.pages.pieces import split
from ocr.pages.scan import Document
from ocr.pages.source import Source
from schemas.errors import SetAsideError
from schemas.limits import Limits

DEPTH_MAX = 2  # a file in a ZIP attached to an e-mail; what lies deeper no scanner, fax server or office makes


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
    opening.add_file(source, _Place())
    parts = tuple(opening.parts)
    if len(parts) == 1 and isinstance(parts[0].document, SetAsideError):
        raise parts[0].document
    return parts


@dataclass(frozen=True)
class _Place:
    """Where some bytes lie: the way to them from the outside in, how many files deep, and whether in what is packed."""

    where: tuple[str, ...] = ()
    depth: int = 0
    is_packed: bool = False


class _Opening:
    """Takes a file apart. What is unpacked on the way counts together, and so do the pages."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._unpacked_bytes, self._pages = 0, 0
        self.parts = list[FilePart]()

    def add_file(self, source: Source, place: _Place) -> None:
        """The documents in some bytes."""
        if place.depth > DEPTH_MAX:
            self._add_unread(place.where, messages.too_deep())
        elif file_types.is_email(source.data):
            self._add_held(
                place, "file {} of {} attached to the e-mail", lambda: mail.attached(source.data, self._limits)
            )
        elif file_types.is_zip(source.data) and not place.is_packed:
            self._add_archive(source.data, place)
        else:
            pieces = split(source.data, self._limits.pages)
            for number, piece in enumerate(pieces, 1):
                way = (*place.where, f"document {number} of {len(pieces)}") if len(pieces) > 1 else place.where
                whole = source if len(pieces) == 1 else Source(piece.data)
                self._add_document(whole, replace(place, where=way), piece.notes)

    def _add_archive(self, data: bytes, place: _Place) -> None:
        packed = replace(place, is_packed=True)
        self._add_held(
            packed, "file {} of {} in the ZIP", lambda: archive.unpack(data, self._limits, self._unpacked_bytes)
        )

    def _add_held(self, place: _Place, called: str, held: Callable[[], list[bytes | SetAsideError]]) -> None:
        """What the file holds, or why it cannot be taken apart."""
        try:
            files = held()
        except SetAsideError as error:
            if not place.depth:
                raise
            self._add_unread(place.where, error)
        else:
            self._add_files(files, place, called)

    def _add_files(self, files: list[bytes | SetAsideError], place: _Place, called: str) -> None:
        self._unpacked_bytes += sum(len(held) for held in files if isinstance(held, bytes))
        for number, held in enumerate(files, 1):
            way = (*place.where, called.format(number, len(files)))
            if isinstance(held, SetAsideError):
                self._add_unread(way, held)
            elif not held:
                self._add_unread(way, messages.empty())
            else:
                self.add_file(Source(held), replace(place, where=way, depth=place.depth + 1))

    def _add_document(self, source: Source, place: _Place, notes: tuple[str, ...]) -> None:
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
            self._add_unread(place.where, error)
            return
        self._add(FilePart(_told(place.where), document, (*document.notes, *notes)))
        if isinstance(document, PdfDocument):
            self._add_attached(document, replace(place, is_packed=True))

    def _add_attached(self, document: PdfDocument, place: _Place) -> None:
        try:
            files = attached(document.pdf, self._limits, self._unpacked_bytes)
        except SetAsideError as error:
            self._add_unread((*place.where, "what is attached to it"), error)
        else:
            self._add_files(files, place, "attached file {} of {}")

    def _add_unread(self, where: tuple[str, ...], error: SetAsideError) -> None:
        self._add(FilePart(_told(where), error))

    def _add(self, part: FilePart) -> None:
        """Nothing more is opened once the pages are too many: what holds files that hold files has no end."""
        self.parts.append(part)
        self._pages += part.page_count
        if self._pages > self._limits.pages:
            raise messages.too_many_pages(self._pages, self._limits)


def _told(where: tuple[str, ...]) -> str:
    return ", ".join(where)
