"""The service that a decoder child runs: an open file in, its pages out as frames."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ocr.page import Page
from ocr.pages import open_source
from ocr.pages.source import read_source
from ocr.sandbox.framing import Frame
from schemas.errors import SetAsideError
from schemas.limits import Limits
from schemas.reading import Finding
from schemas.reasons import SetAsideReason


def request(suffix: str, first_page: int, last_page: int | None, limits: Limits) -> Frame:
    """Ask for some pages of the open file that goes with this frame; without `last_page`, for all from the first on."""
    pages = {"first_page": first_page, "last_page": last_page}
    return Frame({"suffix": suffix, **pages, "limits": limits.model_dump(mode="json")})


def serve(asked: Frame, fd: int | None) -> Iterator[Frame]:
    """First how many pages the file has, then each page asked for, or why it cannot be used; no other is decoded."""
    if fd is None:
        raise ValueError("no file came with the request")
    limits = Limits.model_validate(asked.head["limits"])
    opened = open_source(read_source(fd, asked.head["suffix"], limits), limits)
    yield Frame({"page_count": opened.page_count})
    last = min(asked.head["last_page"] or opened.page_count, opened.page_count)
    for number in range(asked.head["first_page"], last + 1):
        yield _pack(opened.page(number))


def unpack(frame: Frame) -> Page | SetAsideError:
    """The page in a frame; its pixels are the frame's own bytes."""
    head = frame.head
    if "reason" in head:
        return SetAsideError(SetAsideReason(head["reason"]), head["message"], head["page"])
    gray = np.frombuffer(frame.body, np.uint8).reshape(head["height"], head["width"])
    gray.flags.writeable = False
    findings = tuple(Finding.model_validate(finding) for finding in head["findings"])
    return Page(head["page"], gray, head["dpi"], tuple(head["notes"]), findings, head["part"])


def _pack(page: Page | SetAsideError) -> Frame:
    if isinstance(page, SetAsideError):
        return Frame({"reason": page.reason.value, "message": page.message, "page": page.page})
    height, width = page.gray.shape
    head: dict[str, Any] = {"page": page.number, "height": height, "width": width, "dpi": page.dpi}
    head |= {
        "part": page.part,
        "notes": page.notes,
        "findings": [finding.model_dump(mode="json") for finding in page.findings],
    }
    return Frame(head, page.gray.data.cast("B"))
