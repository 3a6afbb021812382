"""PP-OCR with refpad's own weights, with the file that is shipped."""

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.recognizers import open_recognizers
from ocr.recognizers.own_weights import MODEL, NAME, SHA256, open_own_weights
from ocr.recognizers.two_networks import networks_of
from pads.simulate.pen.fonts import face, handwriting_named
from refpad.services.reading.file_reader import open_reader
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.limits import Limits
from schemas.text_model import TextModel

CARD = MODEL.with_suffix(".md")
MODEL_BYTES_MOST = 8_000_000
SAMPLES = Path(__file__).parents[3] / "samples"


def test_handwriting_of_the_field_is_read() -> None:
    """What it was trained for: short medical English in a running hand."""
    said = "knee pain, improve gait"
    font = face(handwriting_named("kalam"), 40)
    picture = Image.new("L", (int(font.getlength(said)) + 20, 64), 255)
    ImageDraw.Draw(picture).text((10, 46), said, fill=0, font=font, anchor="ls")
    (found,) = open_own_weights().recognize([np.asarray(picture, np.uint8)])
    assert (found.text.casefold(), found.confidence > 0.3) == (said, True)


def test_the_setting_says_which_weights_read(tmp_path: Path) -> None:
    """A setting that nothing obeys would have two models compared that are one."""
    opened = {model: open_recognizers(Limits(), model)[0] for model in TextModel}
    networks = {model: [network.name for network in networks_of(reader)] for model, reader in opened.items()}
    assert networks == {TextModel.BOTH: ["ppocr", NAME], TextModel.STOCK: ["ppocr"], TextModel.OWN: [NAME]}
    with open_reader(Settings(folder=tmp_path, text_model=TextModel.OWN)) as reader:
        (page,) = reader.read(SAMPLES / "neat-slip.png", date(2026, 11, 20))
    (slip,) = page.page.slips
    readers = {reading.reader for reading in slip.text.values() if reading.value}
    assert any(NAME in reader.split("+") for reader in readers)
    assert not any("ppocr" in reader for reader in readers)


def test_the_weights_are_those_that_their_card_describes() -> None:
    """Weights without their story are worth nothing to whoever must answer for them."""
    held = MODEL.read_bytes()
    assert len(held) <= MODEL_BYTES_MOST
    assert hashlib.sha256(held).hexdigest() == SHA256
    card = CARD.read_text("utf-8")
    assert SHA256 in card
    assert "CC BY 4.0" in card


@pytest.mark.parametrize("change", ["missing", "shorter", "one byte"])
def test_other_weights_are_not_run(change: str, tmp_path: Path) -> None:
    """A file that a disk or a hand has changed would read other letters, and nobody would know."""
    held = bytearray(MODEL.read_bytes())
    if change == "shorter":
        held = held[:-100]
    if change == "one byte":
        held[len(held) // 2] ^= 1
    other = tmp_path / "own_weights.onnx"
    if change != "missing":
        other.write_bytes(held)
    with pytest.raises(MachineError, match="install refpad again"):
        open_own_weights(other)
