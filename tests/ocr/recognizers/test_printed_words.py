"""Print is found with its place; handwriting is not print; a missing engine is told, never passed over."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.recognizers.printed_words import TesseractWords, open_word_finder
from ocr.recognizers.recognizer import EngineFailedError
from ocr.recognizers.tesseract_program import TesseractProgram
from pads.simulate.pen.signature import sign
from pads.typeface import FILES, FOLDER
from schemas.limits import Limits


def stamp() -> NDArray[np.uint8]:
    picture = Image.new("L", (700, 160), 255)
    font = ImageFont.truetype(str(FOLDER / f"{FILES['bold']}.ttf"), 44)
    ImageDraw.Draw(picture).multiline_text((40, 20), "JANE DOE\nFamily Medicine", fill=0, font=font)
    return np.asarray(picture)


def test_words_come_with_their_places() -> None:
    """What lies beside them may be a signature over a stamp."""
    blank = np.full((90, 400), 255, np.uint8)
    nothing, words = open_word_finder(Limits()).find_words([blank, stamp()])
    assert nothing == []
    assert [word.text for word in words] == ["JANE", "DOE", "Family", "Medicine"]
    assert all(0.7 < word.confidence <= 1 for word in words)
    first, *_, last = words
    assert first.left_px == pytest.approx(40, abs=6)
    assert first.top_px + first.height_px < last.top_px


def test_hardly_anything_is_found_in_a_signature() -> None:
    """A signature that passed for print would be doubted."""
    ink = np.zeros((160, 700), np.uint8)
    sign(ink, (20, 20, 660, 120), 7, np.random.default_rng(2))
    (words,) = open_word_finder(Limits()).find_words([255 - ink])
    assert not [word for word in words if word.confidence > 0.7 and len(word.text) > 2]


def test_a_missing_or_slow_engine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slip then goes to a person."""
    with pytest.raises(EngineFailedError, match="failed"):
        TesseractWords(TesseractProgram(0.001)).find_words([stamp()])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineFailedError, match="apt install"):
        TesseractWords(TesseractProgram(30)).find_words([stamp()])
