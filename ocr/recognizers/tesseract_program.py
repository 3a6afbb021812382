"""Tesseract as a program, started for each call: for whoever asks but once, and where there is no library of it."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray
from pytesseract.pytesseract import run_tesseract

from ocr.recognizers.recognizer import EngineFailedError
from ocr.recognizers.tesseract_engine import REMEDY, Layout, TableWord, failure, too_slow, words_of
from schemas.errors import MachineError

# Inverted text does not occur; not looking for it saves a tenth of the time.
OPTIONS = "-c tessedit_create_tsv=1 -c tessedit_do_invert=0"


class TesseractProgram:
    """A TesseractEngine through pytesseract in list mode: starting it costs 100 ms, a line 10 ms.

    It is only ever given pixels that were decoded before, as PNG files of our own in a private folder.
    """

    def __init__(self, timeout_s: float) -> None:
        """`timeout_s` is for all pictures of one call together."""
        self._timeout_s = timeout_s
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # read by the child; several threads are slower (5 s to 153 s)

    def check(self) -> None:
        """See TesseractEngine.check."""
        if shutil.which(pytesseract.pytesseract.tesseract_cmd) is None:
            raise MachineError(REMEDY)

    def read(self, pictures: Sequence[NDArray[np.uint8]], layout: Layout) -> list[list[TableWord]]:
        """See TesseractEngine.read."""
        with tempfile.TemporaryDirectory(prefix="refpad-") as folder:
            pages, table = _write_list(pictures, Path(folder)), Path(folder) / "words"
            options = f"--psm {layout:d} {OPTIONS}"
            try:
                run_tesseract(str(pages), str(table), "tsv", "eng", options, timeout=self._timeout_s)
            except pytesseract.TesseractNotFoundError as error:
                raise MachineError(REMEDY) from error
            except RuntimeError as error:  # a crash, or pytesseract's time-out: its text may hold file contents
                raise EngineFailedError(self._failure(error, len(pictures))) from None
            return _words(table.with_suffix(".tsv"), len(pictures))

    def _failure(self, error: RuntimeError, pictures: int) -> str:
        if isinstance(error, pytesseract.TesseractError):
            return failure(f"stopped with status {error.status} on", pictures)
        return too_slow(self._timeout_s, pictures)


def _write_list(pictures: Sequence[NDArray[np.uint8]], folder: Path) -> Path:
    names = []
    for number, picture in enumerate(pictures):
        _, png = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        path = folder / f"{number}.png"
        path.write_bytes(png.tobytes())
        names.append(f"{path}\n")
    pages = folder / "pictures.txt"
    pages.write_text("".join(names))
    return pages


def _words(table: Path, pictures: int) -> list[list[TableWord]]:
    if not table.is_file():
        raise EngineFailedError(failure("wrote no table for", pictures))
    return words_of(table.read_text(encoding="utf-8"), pictures)
