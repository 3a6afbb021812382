"""Lines of a slip for Tesseract, and how its words make one answer a line."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.recognizers.recognizer import NOTHING
from ocr.recognizers.tesseract import Tesseract
from ocr.recognizers.tesseract_engine import Layout
from ocr.recognizers.tesseract_program import TesseractProgram
from pads.typeface import FILES, FOLDER
from schemas.errors import MachineError


def test_without_tesseract_there_is_no_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told when refpad starts, not at the first typed slip."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="apt install tesseract-ocr"):
        Tesseract(TesseractProgram(60))


def test_a_line_is_as_sure_as_its_least_sure_word() -> None:
    """One word that was guessed makes a field wrong, however clear the others are."""
    picture = Image.new("L", (460, 56), 255)
    font = ImageFont.truetype(str(FOLDER / f"{FILES['bold']}.ttf"), 32)
    ImageDraw.Draw(picture).text((10, 8), "knee pain xq3vz", fill=0, font=font)
    line, engine = np.asarray(picture), TesseractProgram(60)
    found, nothing = Tesseract(engine).recognize([line, line[:0]])
    words = found.text.split()
    assert words[:2] == ["knee", "pain"]
    assert nothing is NOTHING
    (alone,) = engine.read([line], Layout.LINE)
    assert found.confidence < max(word.percent for word in alone) / 100
