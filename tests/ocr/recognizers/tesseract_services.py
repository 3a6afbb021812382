"""Services in the place of `ocr.tesseract_library`: one that dies at a picture, and one that lacks the library."""

import os
from collections.abc import Iterator

from ocr.sandbox.framing import Frame
from ocr.tesseract_library import LACKS, serve

DIES_AT_WHITE = "tests.ocr.recognizers.tesseract_services:die_at_white"
LACKS_LIBRARY = "tests.ocr.recognizers.tesseract_services:lack_library"


def die_at_white(request: Frame, fd: int | None) -> Iterator[Frame]:
    """The library, which breaks at white pictures as it does at a fault of its own."""
    if min(request.body) == 255:
        os.abort()
    yield from serve(request, fd)


def lack_library(_request: Frame, _fd: int | None) -> Iterator[Frame]:
    """What a machine without it answers."""
    yield Frame({LACKS: True})
