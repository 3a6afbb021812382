"""The files attached to a PDF (ISO 32000-1, 7.11.4), unpacked within the limits of one file and never onto a disk.

Also how a PDF portfolio keeps its documents. Their names may hold a patient's; they go nowhere.
"""

import zlib
from collections.abc import Iterator

import pikepdf

from ocr.pages import messages
from ocr.pages.pdf.sheet import ODD
from ocr.pages.stderr_capture import capture_stderr
from schemas.errors import SetAsideError
from schemas.limits import Limits

KIND = "attached file"


def attached(pdf: pikepdf.Pdf, limits: Limits, unpacked_bytes: int = 0) -> list[bytes | SetAsideError]:
    """What each file attached to the document or to a page of it holds, or why it cannot be unpacked.

    `unpacked_bytes` of what the document lies in count too. Raises SetAsideError when they are too many, or their list
    is broken.
    """
    with capture_stderr():
        try:
            streams = {stream.objgen: stream for stream in _streams(pdf)}
        except ODD:
            raise messages.damaged("PDF's list of attached files", "it cannot be read") from None
        if len(streams) > limits.pages:
            raise messages.too_many_documents("PDF", len(streams), limits)
        left, found = max(0, limits.file_bytes - unpacked_bytes), list[bytes | SetAsideError]()
        for stream in streams.values():
            found.append(_unpacked(stream, left, limits))
            left -= len(found[-1]) if isinstance(found[-1], bytes) else 0
        return found


def _streams(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    for entry in _entries(pdf):
        files = entry.get("/EF")
        if isinstance(files, pikepdf.Dictionary):
            stream = files.get("/UF", files.get("/F"))
            if isinstance(stream, pikepdf.Stream):
                yield stream


def _entries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """The file specifications in the document's list, beside its pages, and behind the paper clips on them."""
    found: list[pikepdf.Object | None] = [spec.obj for spec in pdf.attachments.values()]
    for owner in (pdf.Root, *(page.obj for page in pdf.pages)):
        found += _list(owner, "/AF")
        found += [clip.get("/FS") for clip in _list(owner, "/Annots") if isinstance(clip, pikepdf.Dictionary)]
    return (entry for entry in found if isinstance(entry, pikepdf.Dictionary))


def _list(owner: pikepdf.Object, key: str) -> list[pikepdf.Object]:
    entry = owner.get(key)
    return list(entry) if isinstance(entry, pikepdf.Array) else []


def _unpacked(stream: pikepdf.Stream, left: int, limits: Limits) -> bytes | SetAsideError:
    """Only what is not packed, or by Flate alone, which can be stopped at a size."""
    try:
        entry = stream.get("/Filter")
        filters = [str(name) for name in entry] if isinstance(entry, pikepdf.Array) else [str(entry)] if entry else []
        data = stream.read_raw_bytes()
        if filters not in ([], ["/FlateDecode"]) or (filters and "/DecodeParms" in stream):
            return messages.oddly_packed(", ".join(filters))
        if filters:
            data = zlib.decompressobj().decompress(data, left + 1)
    except (*ODD, zlib.error):
        return messages.damaged(KIND, "it cannot be unpacked")
    if len(data) > left:
        return messages.unpacks_too_large(KIND, limits.file_bytes + 1, limits)
    return data
