"""What every listed recognizer must do, whoever wrote it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.recognizers import CONFIRMING, FIRST, Confirmer, Opener
from ocr.recognizers.recognizer import TextRecognizer
from ocr.recognizers.tesseract import Tesseract
from ocr.recognizers.tesseract_process import open_tesseract
from ocr.recognizers.two_networks import networks_of
from schemas.inference_engine import InferenceEngine
from schemas.limits import Limits
from schemas.text_model import TextModel

FONT = Path(__file__).parents[3] / "pads" / "fonts" / "LibreFranklin-Bold.ttf"
ODD_SHAPES = ((0, 0), (0, 30), (30, 0), (1, 1), (1, 4000), (4000, 1), (3, 3), (2000, 3000))


def _line(text: str) -> NDArray[np.uint8]:
    font = ImageFont.truetype(str(FONT), 36)
    picture = Image.new("L", (int(font.getlength(text)) + 12, 48), 255)
    ImageDraw.Draw(picture).text((6, 2), text, fill=0, font=font)
    return np.asarray(picture, np.uint8)


@contextmanager
def _kept_open(folder: Path) -> Iterator[TextRecognizer]:
    with open_tesseract(Limits(), folder) as engine:
        yield Tesseract(engine)


@contextmanager
def _computed(opener: Opener, engine: InferenceEngine, _: Path) -> Iterator[TextRecognizer]:
    yield opener(engine)


@contextmanager
def _confirming(opener: Confirmer, _: Path) -> Iterator[TextRecognizer]:
    yield opener(Limits(), None)


LISTED = {
    **{
        f"{model}-{engine}": partial(_computed, opener, engine)
        for (model, opener), engine in product(FIRST.items(), InferenceEngine)
    },
    **{opener.__name__: partial(_confirming, opener) for opener in CONFIRMING},
    "tesseract-kept-open": _kept_open,
}


@pytest.fixture(scope="module", params=LISTED)
def recognizer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextRecognizer]:
    with LISTED[request.param](tmp_path_factory.mktemp("scratch")) as opened:
        yield opened


def test_it_reads_print(recognizer: TextRecognizer) -> None:
    """A reader that cannot read a clean printed line is not installed as it should be."""
    found = recognizer.recognize([_line("return to tennis"), _line("improve gait")])
    assert [line.text for line in found] == ["return to tennis", "improve gait"]
    assert all(line.confidence > 0.5 for line in found)


def test_it_answers_in_order_whatever_stands_between(recognizer: TextRecognizer) -> None:
    """Answers are matched to fields by place: one left out would move every later value into another field."""
    empty, white = np.zeros((0, 9), np.uint8), np.full((40, 200), 255, np.uint8)
    found = recognizer.recognize([_line("knee"), empty, white, _line("hip"), white])
    assert [found[0].text, found[1].text, found[3].text] == ["knee", "", "hip"]
    assert len(found) == 5


@pytest.mark.parametrize("shape", ODD_SHAPES, ids=str)
@pytest.mark.parametrize("gray", [0, 255])
def test_it_never_raises_for_odd_crops(recognizer: TextRecognizer, shape: tuple[int, int], gray: int) -> None:
    """A streak or a torn corner makes crops of any shape; the slip must not be lost for it."""
    (found,) = recognizer.recognize([np.full(shape, gray, np.uint8)])
    assert 0 <= found.confidence <= 1


def test_it_answers_nothing_with_nothing(recognizer: TextRecognizer) -> None:
    """An empty slip asks about no line at all."""
    assert recognizer.recognize([]) == []


def test_what_it_tells_of_characters_fits_its_text(recognizer: TextRecognizer) -> None:
    """Probabilities are looked up by place in the text; a spread must hold every symbol it is read with."""
    (found,) = recognizer.recognize([_line("L4-5 disc, 12 wks")])
    assert len(found.characters) in (0, len(found.text))
    assert all(0 <= character <= 1 for character in found.characters)
    if found.spread is not None:
        assert found.spread.probabilities.shape[1] == len(found.spread.symbols)
        assert found.spread.probabilities.sum(axis=1).max() <= 1.001


def test_it_says_nothing_and_leaves_the_pictures_alone(
    recognizer: TextRecognizer, capfd: pytest.CaptureFixture[str]
) -> None:
    """`refpad read --json` owns stdout, and a log line could hold a name; pictures are read again by others."""
    line = _line("walk 30 min")
    line.setflags(write=False)
    before = line.copy()
    recognizer.recognize([line])
    assert capfd.readouterr() == ("", "")
    assert (line == before).all()


def test_readers_have_names_of_their_own() -> None:
    """Readings say who read them; two readers of one name could not be told apart."""
    both = FIRST[TextModel.BOTH](InferenceEngine.ONNXRUNTIME)
    names = [network.name for network in (*networks_of(both), *(opener(Limits(), None) for opener in CONFIRMING))]
    assert len(set(names)) == len(names)
