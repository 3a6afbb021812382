"""Tesseract's library, kept open in a process of its own that may die: a call costs no start."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr.processor_time import count_in
from ocr.recognizers.recognizer import EngineFailedError
from ocr.recognizers.tesseract_engine import Layout, TableWord, TesseractEngine, failure, too_slow, words_of
from ocr.recognizers.tesseract_program import TesseractProgram
from ocr.sandbox.framing import Frame
from ocr.sandbox.process import Child
from ocr.tesseract_library import LACKS, SERVICE, TABLES
from schemas.errors import MachineError, SetAsideError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason


class TesseractProcess:
    """A TesseractEngine whose `child` serves `ocr.tesseract_library`; it starts with the first picture.

    One that hangs or dies costs that call, and the next starts another. A machine without the library has `program`
    asked instead.
    """

    def __init__(self, child: Child, program: TesseractEngine, timeout_s: float) -> None:
        """`timeout_s` is for all pictures of one call together."""
        self._child, self._program, self._timeout_s = child, program, timeout_s
        self._lacks_library = False

    def check(self) -> None:
        """See TesseractEngine.check."""
        self._program.check()

    def read(self, pictures: Sequence[NDArray[np.uint8]], layout: Layout) -> list[list[TableWord]]:
        """See TesseractEngine.read."""
        tables = None if self._lacks_library else self._ask(pictures, layout)
        if tables is None:
            self._lacks_library = True
            return self._program.read(pictures, layout)
        return [words for table in tables for words in words_of(table)]

    def _ask(self, pictures: Sequence[NDArray[np.uint8]], layout: Layout) -> list[str] | None:
        """A table for each picture; None where there is no library."""
        head = {"layout": layout, "sizes": [picture.shape for picture in pictures]}
        request = Frame(head, b"".join(picture.tobytes() for picture in pictures))
        try:
            (answer,) = self._child.ask(request, self._timeout_s)
        except MachineError:
            return None
        except SetAsideError as error:
            raise EngineFailedError(self._failure(error, len(pictures))) from None
        return None if LACKS in answer.head else list(answer.head[TABLES])

    def _failure(self, error: SetAsideError, pictures: int) -> str:
        if error.reason is SetAsideReason.TIMEOUT:
            return too_slow(self._timeout_s, pictures)
        return failure(f"broke down ({error.reason}) on", pictures)


@contextmanager
def open_tesseract(limits: Limits, scratch: Path) -> Iterator[TesseractProcess]:
    """Tesseract for many slips; its process, which has a folder of its own in `scratch`, ends with it."""
    data = os.environ.get("TESSDATA_PREFIX")
    readable = [Path(data)] if data else []
    with Child(SERVICE, memory_bytes=limits.child_bytes, scratch=scratch, readable=readable) as child:
        count_in(child)
        yield TesseractProcess(child, TesseractProgram(limits.ocr_seconds), limits.ocr_seconds)
