"""OpenVINO computes the same networks, a little otherwise and sooner."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.recognizers import FIRST
from ocr.recognizers.inference.line_network import open_network
from ocr.recognizers.inference.openvino_network import WIDTH_STEP_PX, OpenVinoNetwork
from ocr.recognizers.ppocr import picture_of, stock_model_file
from pads.simulate.pen.fonts import face, handwriting_named
from refpad.services.reading.file_reader import open_reader
from refpad.settings import Settings
from schemas.errors import MissingPackageError
from schemas.inference_engine import InferenceEngine
from schemas.text_model import TextModel

ROOT = Path(__file__).parents[4]
SAID = ("knee pain", "improve gait", "L4-5 disc, 12 wks", "Dr. Hart")


def _written(text: str) -> NDArray[np.uint8]:
    font = face(handwriting_named("kalam"), 40)
    picture = Image.new("L", (int(font.getlength(text)) + 20, 64), 255)
    ImageDraw.Draw(picture).text((10, 46), text, fill=0, font=font, anchor="ls")
    return np.asarray(picture, np.uint8)


@pytest.mark.parametrize("model", [TextModel.STOCK, TextModel.OWN])
def test_both_engines_read_the_same_text_as_surely(model: TextModel) -> None:
    """Confidence was fitted on what onnxruntime computes; engines far apart would need one each."""
    lines = [_written(text) for text in SAID]
    found = [FIRST[model](engine).recognize(lines) for engine in InferenceEngine]
    for one, other in zip(*found, strict=True):
        assert (one.text, one.confidence) == (other.text, pytest.approx(other.confidence, abs=0.1))


def test_lines_are_stretched_to_few_widths() -> None:
    """Each new width is prepared for once; as many widths as lines would be slower than the other engine."""
    lines = [np.full((40, width), 255, np.uint8) for width in range(1, 1700, 7)]
    widths = [picture_of(line, WIDTH_STEP_PX).shape[-1] for line in lines]
    assert {width % WIDTH_STEP_PX for width in widths} == {0}
    plain = [picture_of(line).shape[-1] for line in lines]
    assert max(abs(one - other) for one, other in zip(widths, plain, strict=True)) <= WIDTH_STEP_PX / 2


def test_an_answer_is_the_callers_own() -> None:
    """It computes into memory that the next line overwrites."""
    network = open_network(stock_model_file(), InferenceEngine.OPENVINO)
    first = network.run(picture_of(_written("knee"), WIDTH_STEP_PX))
    kept = first.copy()
    network.run(picture_of(_written("hips"), WIDTH_STEP_PX))
    assert (first == kept).all()


def test_without_the_package_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no part of `make run`, and a reader that cannot start must say how it can."""
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingPackageError, match="pip install openvino, or unset REFPAD_INFERENCE_ENGINE"):
        OpenVinoNetwork(stock_model_file())


def test_the_setting_says_what_computes(tmp_path: Path) -> None:
    """A setting that nothing obeys would have two engines compared that are one."""
    settings = Settings(folder=tmp_path, inference_engine=InferenceEngine.OPENVINO)
    with open_reader(settings) as reader:
        (page,) = reader.read(ROOT / "samples" / "neat-slip.png", date(2026, 11, 20))
    (slip,) = page.page.slips
    assert "openvino" in sys.modules
    assert any("ppocr" in reading.reader or "refpad" in reading.reader for reading in slip.text.values())


def test_it_keeps_no_record_of_its_use_and_sends_none(tmp_path: Path) -> None:
    """A package that counts users comes with it, and what it counts here is nobody's business."""
    surroundings = os.environ | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    check = (
        "import sys, numpy; sent = [];"
        "sys.addaudithook(lambda name, _: sent.append(name) if 'socket' in name or 'fork' in name else None);"
        "from ocr.recognizers.ppocr import PpOcr; from schemas.inference_engine import InferenceEngine;"
        "PpOcr(engine=InferenceEngine.OPENVINO).recognize([numpy.ones((40, 200), 'uint8')]);"
        "sys.exit(repr(sent) if sent else 0)"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, env=surroundings, check=True)
    assert list(tmp_path.iterdir()) == []
