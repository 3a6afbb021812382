"""Tesseract's own library, kept open in a child process (`ocr.sandbox.process`): pixels in, its tables of words out.

It is the library that the program stands on (apt's tesseract-ocr brings both) and is told what the program is told, so
that both read the same; ctypes calls its C interface (tesseract/capi.h). No picture becomes a file.
"""

import ctypes
from collections.abc import Iterator
from functools import cache
from typing import Any

from ocr.sandbox.framing import Frame

SERVICE = "ocr.tesseract_library:serve"
TABLES, LACKS = "tables", "lacks"
NAME = "libtesseract.so.5"  # of Debian 12 and 13, and of Ubuntu 24.04
_ENGINE, _TEXT, _NUMBER, _NOTHING = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, None
# What each function gives, and what it takes after the engine.
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "TessBaseAPIInit3": (_NUMBER, (_TEXT, _TEXT)),
    "TessBaseAPISetVariable": (_NUMBER, (_TEXT, _TEXT)),
    "TessBaseAPISetPageSegMode": (_NOTHING, (_NUMBER,)),
    "TessBaseAPISetImage": (_NOTHING, (_TEXT, _NUMBER, _NUMBER, _NUMBER, _NUMBER)),
    "TessBaseAPIRecognize": (_NUMBER, (ctypes.c_void_p,)),
    "TessBaseAPIGetTsvText": (ctypes.c_void_p, (_NUMBER,)),
    "TessBaseAPIClear": (_NOTHING, ()),
    "TessBaseAPIClearAdaptiveClassifier": (_NOTHING, ()),
}


def is_installed() -> bool:
    """Whether there is a library to keep open; without it Tesseract's program is started for each slip."""
    try:
        ctypes.CDLL(NAME)
    except OSError:
        return False
    return True


class Library:
    """An open Tesseract for English; raises OSError or AttributeError where there is none that will do."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(NAME)
        for name, (gives, takes) in _FUNCTIONS.items():
            function = getattr(self._library, name)
            function.restype, function.argtypes = gives, (_ENGINE, *takes)
        self._library.TessBaseAPICreate.restype = _ENGINE
        self._library.TessDeleteText.restype, self._library.TessDeleteText.argtypes = _NOTHING, (ctypes.c_void_p,)
        self._engine = self._library.TessBaseAPICreate()
        if self._call("Init3", None, b"eng") != 0:
            raise OSError("Tesseract has no English data")
        self._call("SetVariable", b"tessedit_do_invert", b"0")

    def table(self, pixels: bytes, height: int, width: int, layout: int) -> str:
        """The table of the words in a gray picture, a byte a pixel; `layout` is what the program calls --psm.

        Raises ValueError where the library gives up.
        """
        self._call("SetPageSegMode", layout)
        self._call("SetImage", pixels, width, height, 1, width)
        try:
            text = self._call("GetTsvText", 0) if self._call("Recognize", None) == 0 else None
            if text is None:
                raise ValueError("Tesseract gave up")
            try:
                return ctypes.string_at(text).decode("utf-8", "replace")
            finally:
                self._library.TessDeleteText(text)
        finally:  # nothing of one slip stays for the next: neither its picture nor its words
            self._call("Clear")
            self._call("ClearAdaptiveClassifier")

    def _call(self, name: str, *values: object) -> int | None:
        """What the function gives: a number, or where its text lies, None where it has none."""
        given: int | None = getattr(self._library, f"TessBaseAPI{name}")(self._engine, *values)
        return given


def serve(request: Frame, _fd: int | None) -> Iterator[Frame]:
    """The tables of pictures that lie one after the other in the request's body, of these `sizes` (height, width)."""
    try:
        library = _library()
    except (OSError, AttributeError):
        yield Frame({LACKS: True})
        return
    tables, start = [], 0
    for height, width in request.head["sizes"]:
        end = start + height * width
        tables.append(library.table(bytes(request.body[start:end]), height, width, request.head["layout"]))
        start = end
    yield Frame({TABLES: tables})


@cache
def _library() -> Library:
    """The one library of this process, which ends with it."""
    return Library()
