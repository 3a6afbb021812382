"""The service around Tesseract's library: a table for each picture, or a word that there is none."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ocr import tesseract_library
from ocr.sandbox.framing import Frame
from ocr.sandbox.process import Child
from ocr.tesseract_library import LACKS, SERVICE, TABLES, serve

WHITE = Frame({"layout": 7, "sizes": [[30, 90], [4, 3]]}, np.full(30 * 90 + 4 * 3, 255, np.uint8).tobytes())


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    scratch: Path = tmp_path_factory.mktemp("scratch")
    with Child(SERVICE, memory_bytes=1 << 30, scratch=scratch, readable=()) as started:
        yield started


def test_each_picture_has_a_table_of_its_own(child: Child) -> None:
    """They lie one after the other without a mark between them; only their sizes part them."""
    (answer,) = child.ask(WHITE, 60.0)
    first, second = answer.head[TABLES]
    assert first.split("\t")[6:10] == ["0", "0", "90", "30"]
    assert second.split("\t")[6:10] == ["0", "0", "3", "4"]


def test_a_machine_without_it_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked then starts the program."""
    monkeypatch.setattr(tesseract_library, "NAME", "libtesseract.so.0")
    assert [answer.head for answer in serve(WHITE, None)] == [{LACKS: True}]


def test_a_library_without_its_language_is_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """apt can have the one without the other; the program's own complaint then names what is missing."""
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with Child(SERVICE, memory_bytes=1 << 30, scratch=tmp_path, readable=[tmp_path]) as child:
        (answer,) = child.ask(WHITE, 60.0)
    assert answer.head == {LACKS: True}
