"""Tesseract kept open: the same words as its program's, from a process that may hang or die and leaves nothing."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.processor_time import processor_seconds
from ocr.recognizers.recognizer import EngineFailedError
from ocr.recognizers.tesseract_engine import Layout
from ocr.recognizers.tesseract_process import TesseractProcess, open_tesseract
from ocr.recognizers.tesseract_program import TesseractProgram
from ocr.sandbox.process import Child
from ocr.tesseract_library import SERVICE
from pads.typeface import FILES, FOLDER
from schemas.limits import Limits
from tests.ocr.recognizers import tesseract_services

MEMORY_BYTES = 1 << 30


def typed(words: str, size: int, seed: int) -> NDArray[np.uint8]:
    """Typed words on paper with some dust."""
    font = ImageFont.truetype(str(FOLDER / f"{FILES['regular']}.ttf"), size)
    picture = Image.new("L", (int(font.getlength(words)) + 60, 2 * size), 255)
    ImageDraw.Draw(picture).text((20, size // 3), words, fill=0, font=font)
    dust = np.random.default_rng(seed).random((2 * size, picture.width))
    return np.where(dust < 0.004, 90, np.asarray(picture)).astype(np.uint8)


WORDS = ("s/p left total knee", "Dr. Ana Quill, MD", "LBP x 6 wks | no lifting", "gait & balance 2x/wk", "IlI1 O0")
PICTURES = [typed(words, 22 + 7 * number, number) for number, words in enumerate(WORDS)]
NOISE = np.random.default_rng(5).integers(0, 256, (60, 300)).astype(np.uint8)
WHITE = np.full((30, 90), 255, np.uint8)


@dataclass
class Kept:
    """A Tesseract that is kept open, and its process."""

    engine: TesseractProcess
    child: Child


@contextmanager
def kept(scratch: Path, timeout_s: float = 60.0, service: str = SERVICE) -> Iterator[Kept]:
    with Child(service, memory_bytes=MEMORY_BYTES, scratch=scratch) as child:
        yield Kept(TesseractProcess(child, TesseractProgram(60), timeout_s), child)


def test_it_reads_what_the_program_reads_to_the_last_digit(tmp_path: Path) -> None:
    """Confidence was fitted to what the program says; and what one slip says must not color the next."""
    pictures = [*PICTURES, NOISE, WHITE]
    with open_tesseract(Limits(), tmp_path) as engine:
        for layout in Layout:
            there = TesseractProgram(60).read(pictures, layout)
            assert sum(map(len, there)) >= len(WORDS)
            assert engine.read(pictures, layout) == there
            assert engine.read(pictures[::-1], layout) == there[::-1]
            assert [engine.read([picture], layout) for picture in pictures] == [[words] for words in there]


def test_one_process_reads_for_many_slips_and_ends_with_its_owner(tmp_path: Path) -> None:
    """Its start is what is saved; and a process nobody owns would stay until the machine is switched off."""
    with kept(tmp_path) as tesseract:
        assert tesseract.child.pid is None
        tesseract.engine.read(PICTURES[:1], Layout.LINE)
        first = tesseract.child.pid
        tesseract.engine.read(PICTURES[:1], Layout.BLOCK)
        assert first == tesseract.child.pid
    assert first is not None
    assert not psutil.pid_exists(first)


def test_no_picture_becomes_a_file(tmp_path: Path) -> None:
    """They are a patient's: what is never written need not be removed."""
    with kept(tmp_path) as tesseract:
        tesseract.engine.read(PICTURES, Layout.LINE)
        assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == []


def test_one_that_hangs_costs_its_call_and_is_ended(tmp_path: Path) -> None:
    """A line that sends the engine round in circles must not hold up the day's slips."""
    with kept(tmp_path, timeout_s=0.3) as tesseract:
        tesseract.child.start()
        hung = tesseract.child.pid or 0
        os.kill(hung, signal.SIGSTOP)
        with pytest.raises(EngineFailedError, match=r"longer than 0\.3 s for 5 lines"):
            tesseract.engine.read(PICTURES, Layout.LINE)
        assert tesseract.child.pid is None
        assert not psutil.pid_exists(hung)


def test_one_that_dies_at_a_picture_costs_its_call_and_the_next_is_read(tmp_path: Path) -> None:
    """A picture that breaks the engine is one doubtful field; the slips after it are read as ever."""
    with kept(tmp_path, service=tesseract_services.DIES_AT_WHITE) as tesseract:
        for _ in range(2):
            with pytest.raises(EngineFailedError, match=r"broke down \(engine_crashed\) on 1 lines") as caught:
                tesseract.engine.read([WHITE], Layout.LINE)
            assert caught.value.__cause__ is None
            ((first, *_),) = tesseract.engine.read(PICTURES[:1], Layout.LINE)
            assert first.text == "s/p"


def test_one_that_was_ended_between_two_slips_is_started_again(tmp_path: Path) -> None:
    """A machine short of memory ends what it likes; nobody need look at a slip for that."""
    with kept(tmp_path) as tesseract:
        before = tesseract.engine.read(PICTURES[:1], Layout.LINE)
        first = tesseract.child.pid or 0
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        assert tesseract.engine.read(PICTURES[:1], Layout.LINE) == before


@pytest.mark.parametrize("service", [tesseract_services.LACKS_LIBRARY, "tests.ocr.recognizers.tesseract_services:none"])
def test_a_machine_without_the_library_asks_the_program(tmp_path: Path, service: str) -> None:
    """Its name differs from system to system; the program is there wherever refpad is installed."""
    with kept(tmp_path, service=service) as tesseract:
        for _ in range(2):
            assert tesseract.engine.read(PICTURES, Layout.LINE) == TesseractProgram(60).read(PICTURES, Layout.LINE)


def test_its_time_is_counted_while_it_runs_and_once(tmp_path: Path) -> None:
    """Milliseconds a slip are told by the bench; a process that is never awaited would seem to cost nothing."""
    with open_tesseract(Limits(), tmp_path) as engine:
        engine.read(PICTURES[:1], Layout.LINE)
        own, all_of_it = os.times(), processor_seconds()
        engine.read([*PICTURES, NOISE] * 3, Layout.LINE)
        spent = processor_seconds() - all_of_it
        here = sum(os.times()[:2]) - sum(own[:2])
        assert spent > 2 * here
        before = processor_seconds()
    assert before <= processor_seconds() < before + spent
