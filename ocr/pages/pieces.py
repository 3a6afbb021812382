"""Several documents one behind the other in the bytes of one file, as programs that join scans sometimes leave them.

A viewer shows the first or the last of them; here each is found, and each is read.
"""

import re
from dataclasses import dataclass

from ocr.file_types import PDF_WITHIN
from ocr.pages import sniff
from ocr.pages.documents import FILE_TYPES, type_of
from ocr.pages.pictures import heic
from ocr.pages.pictures.phone import Album

PADDING = re.compile(rb"[\0\s]*")
BEGINNING = re.compile(b"|".join([*(kind.begins for kind in FILE_TYPES), rb"PK\x03\x04"]), re.DOTALL)
# Bytes behind an end mark that are not told of: the rest of a block, a line of a mail, a checksum. More may be a page.
TRAILER_BYTES = 4096
HAVE_END_MARKS = frozenset({"JPEG", "PNG", "PDF"})  # behind which nothing belongs
PHOTOS = frozenset({"JPEG", "HEIC"})
FILM_LEFT = "the short film that the telephone keeps behind its photo was left out: it is no page"
PHONE_TRAILER = b"SEFT"  # how the data ends that Samsung's telephones keep behind a photo


@dataclass(frozen=True)
class DocumentBytes:
    """The bytes of one document with what follows that is none; `notes` say what of that was left out, and why."""

    data: bytes
    notes: tuple[str, ...] = ()


def split(data: bytes, most: int) -> list[DocumentBytes]:
    """The documents in some bytes, one or more, in their order; no further ones are looked for after `most`.

    The last holds all that follows it. What a telephone keeps behind a photo of the same shot is no document.
    """
    pieces, album, before = list[DocumentBytes](), Album(), ""
    while data:
        kind, left = type_of(data), None
        if kind is None and before in PHOTOS and _is_film(data):
            left, cut = FILM_LEFT, _cut(data, heic.end_of(data), before)
        else:
            before = kind.name if kind else ""
            cut = _cut(data, kind.end(data), before) if kind and len(pieces) < most else len(data)
            left = album.why_left(data[:cut]) if before == "JPEG" else None
        if left is None:
            pieces.append(DocumentBytes(data[:cut]))
        else:
            pieces[-1] = DocumentBytes(pieces[-1].data, (*pieces[-1].notes, left))
        data = data[cut:]
    return pieces


def _cut(data: bytes, end: int, kind: str) -> int:
    """Where the next document begins after the one of type `kind` that ends at `end`; the end of all if none does."""
    padding = PADDING.match(data, end)
    at = padding.end() if padding else end
    following = BEGINNING.search(data, end, at + PDF_WITHIN)
    if following:
        return following.start()
    if kind == "JPEG" and data.endswith(PHONE_TRAILER):
        return len(data)
    is_long = len(data) - at > TRAILER_BYTES and kind in HAVE_END_MARKS
    return at if is_long or sniff.known_foreign_name(data[at : at + PDF_WITHIN]) else len(data)


def _is_film(data: bytes) -> bool:
    return sniff.known_foreign_name(data[:PDF_WITHIN]) == sniff.FILM
