"""Tesseract, the reader of print and the second opinion on handwriting: one process for all lines of a slip."""

import csv
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray
from pytesseract.pytesseract import run_tesseract

from ocr.recognizers.crop import scale_line
from ocr.recognizers.recognizer import NOTHING, EngineFailedError, RecognizedLine
from schemas.errors import MachineError

# At 36-48 px Tesseract errs least on our lines (CER 0.37 against 0.43 at full size) and takes 10 ms a line.
LINE_HEIGHT_PX = 40
LEAST_WIDTH_PX = 8
MARGIN_PX = 10  # without white around it the first and last letters are lost
# --psm 7: a picture is one line. Inverted text does not occur; not looking for it saves a tenth of the time.
OPTIONS = "--psm 7 -c tessedit_create_tsv=1 -c tessedit_do_invert=0"
_REMEDY = "Tesseract is not installed: run `apt install tesseract-ocr`."
_WORD = "5"  # the level of words in Tesseract's table


class Tesseract:
    """Tesseract 5 through pytesseract in list mode: starting it costs 90 ms, a line 10 ms.

    It is only ever given pixels that were decoded before, as PNG files of our own in a private folder.
    """

    name = "tesseract"

    def __init__(self, timeout_s: float) -> None:
        """`timeout_s` is for all lines of one call together; raises MachineError when there is no Tesseract."""
        self._timeout_s = timeout_s
        if shutil.which(pytesseract.pytesseract.tesseract_cmd) is None:
            raise MachineError(_REMEDY)
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # read by the child; several threads are slower (5 s to 153 s)

    def recognize(self, lines: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """See TextRecognizer.recognize."""
        legible = [index for index, line in enumerate(lines) if line.size]
        found = [NOTHING] * len(lines)
        if legible:
            for index, words in zip(legible, self._run([lines[index] for index in legible]), strict=True):
                found[index] = _join_words(words)
        return found

    def _run(self, lines: Sequence[NDArray[np.uint8]]) -> list[list[tuple[str, float]]]:
        """Words with confidence (0..1) of each line."""
        with tempfile.TemporaryDirectory(prefix="refpad-") as folder:
            pages = _write_list(lines, Path(folder))
            table = Path(folder) / "words"
            try:
                run_tesseract(str(pages), str(table), "tsv", "eng", OPTIONS, timeout=self._timeout_s)
            except pytesseract.TesseractNotFoundError as error:
                raise MachineError(_REMEDY) from error
            except RuntimeError as error:  # a crash, or pytesseract's time-out: its text may hold file contents
                raise EngineFailedError(self._failure(error, len(lines))) from None
            return _words(table.with_suffix(".tsv"), len(lines))

    def _failure(self, error: RuntimeError, lines: int) -> str:
        if isinstance(error, pytesseract.TesseractError):
            return f"Tesseract stopped with status {error.status} on {lines} lines; check the text of this slip by eye."
        return (
            f"Tesseract took longer than {self._timeout_s:g} s for {lines} lines; check the text of this slip by eye."
        )


def _write_list(lines: Sequence[NDArray[np.uint8]], folder: Path) -> Path:
    names = []
    for number, line in enumerate(lines):
        framed = np.pad(scale_line(line, LINE_HEIGHT_PX, LEAST_WIDTH_PX), MARGIN_PX, constant_values=255)
        _, png = cv2.imencode(".png", framed, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        path = folder / f"{number}.png"
        path.write_bytes(png.tobytes())
        names.append(f"{path}\n")
    pages = folder / "lines.txt"
    pages.write_text("".join(names))
    return pages


def _words(table: Path, lines: int) -> list[list[tuple[str, float]]]:
    if not table.is_file():
        raise EngineFailedError(f"Tesseract wrote no table for {lines} lines; check the text of this slip by eye.")
    by_page: dict[int, list[tuple[str, float]]] = defaultdict(list)
    with table.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == _WORD and (text := (row["text"] or "").strip()):
                by_page[int(row["page_num"])].append((text, max(float(row["conf"]), 0.0) / 100))
    return [by_page[page] for page in range(1, lines + 1)]


def _join_words(words: Sequence[tuple[str, float]]) -> RecognizedLine:
    return RecognizedLine(" ".join(text for text, _ in words), min((sure for _, sure in words), default=0.0))
