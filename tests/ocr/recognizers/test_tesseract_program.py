"""Tesseract as a program that may be missing, broken or slow, and that must leave no picture behind."""

from pathlib import Path

import numpy as np
import pytest

from ocr.recognizers.recognizer import EngineFailedError
from ocr.recognizers.tesseract_engine import Layout
from ocr.recognizers.tesseract_program import TesseractProgram
from schemas.errors import MachineError

LINES = [np.full((40, 200), 255, np.uint8), np.full((30, 80), 255, np.uint8)]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that is this test's own."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first folder in which programs are looked for."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def _install(folder: Path, script: str) -> None:
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_missing_program_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs refpad must learn what to install, not that a file was not found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="apt install tesseract-ocr"):
        TesseractProgram(timeout_s=60).check()


def test_a_program_that_vanishes_later_is_named_too(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade of the machine may take it away under a running watcher."""
    program = TesseractProgram(timeout_s=60)
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(MachineError, match="apt install tesseract-ocr"):
        program.read(LINES, Layout.LINE)


def test_a_crash_is_told_without_what_the_program_said(programs: Path, scratch: Path) -> None:
    """Its last words may hold text of a slip, which must not reach a log; and the pictures must go."""
    _install(programs, "echo Ada Okonkwo >&2; exit 3")
    with pytest.raises(EngineFailedError, match="status 3 on 2 lines") as caught:
        TesseractProgram(timeout_s=60).read(LINES, Layout.LINE)
    assert "Ada" not in str(caught.value)
    assert list(scratch.iterdir()) == []


def test_a_hang_ends_at_the_limit(programs: Path, scratch: Path) -> None:
    """One line that sends the engine round in circles must not hold up the day's slips."""
    _install(programs, "exec sleep 60")
    with pytest.raises(EngineFailedError, match=r"longer than 0\.3 s"):
        TesseractProgram(timeout_s=0.3).read(LINES, Layout.LINE)
    assert list(scratch.iterdir()) == []


def test_an_answer_without_a_table_is_a_failure_of_the_engine(programs: Path) -> None:
    """A full disk makes it end well and write nothing."""
    _install(programs, "exit 0")
    with pytest.raises(EngineFailedError, match="no table"):
        TesseractProgram(timeout_s=60).read(LINES, Layout.LINE)


def test_pictures_lie_in_a_private_folder_and_one_process_reads_them_all(programs: Path, tmp_path: Path) -> None:
    """The lines are a patient's; and starting the program costs as much as reading ten lines."""
    seen = tmp_path / "seen"
    _install(programs, f'echo "$(stat -c %a "$(dirname "$1")") $(wc -l < "$1")" >> {seen}; exit 1')
    with pytest.raises(EngineFailedError):
        TesseractProgram(timeout_s=60).read(LINES, Layout.LINE)
    assert seen.read_text() == "700 2\n"
