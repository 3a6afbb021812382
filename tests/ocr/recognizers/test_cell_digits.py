"""The reader of single digits, with the network that is shipped."""

import hashlib
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.recognizers.cell_digits import CELL_PX, DIGIT_PX, MODEL, NO_DIGIT, SHA256, CellReader, open_cell_reader
from pads.simulate.pen.fonts import face, handwriting_named
from schemas.errors import MachineError

CARD = MODEL.with_suffix(".md")
MODEL_BYTES_MOST = 600_000
# Hands that the network was not trained on.
HANDS = ("caveat", "kalam", "tinos", "arimo")


def _cell(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = DIGIT_PX / max(tight.shape)
    size = (max(1, round(tight.shape[1] * scale)), max(1, round(tight.shape[0] * scale)))
    cell = np.zeros((CELL_PX, CELL_PX), np.uint8)
    left, top = (CELL_PX - size[0]) // 2, (CELL_PX - size[1]) // 2
    cell[top : top + size[1], left : left + size[0]] = cv2.resize(tight, size, interpolation=cv2.INTER_AREA)
    return cell


def _written(text: str, hand: str) -> NDArray[np.uint8]:
    picture = Image.new("L", (160, 120))
    ImageDraw.Draw(picture).text((30, 80), text, fill=255, font=face(handwriting_named(hand), 44), anchor="ls")
    ink = np.asarray(picture)
    thick = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    return np.asarray(thick, np.uint8)


@pytest.mark.parametrize("hand", HANDS)
def test_digits_in_hands_it_has_not_seen_are_read(hand: str) -> None:
    """Ten digits, each alone, as sure as a person is."""
    chances = open_cell_reader().read(np.stack([_cell(_written(digit, hand)) for digit in "0123456789"]))
    assert chances.shape == (10, NO_DIGIT + 1)
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-4)
    assert chances.argmax(axis=1).tolist() == list(range(10))


@pytest.mark.parametrize("pair", ["10", "25", "73", "98", "46", "11", "30"])
def test_two_digits_in_one_cell_are_none(pair: str) -> None:
    """Whoever wrote both is asked which one counts."""
    (chances,) = open_cell_reader().read(_cell(_written(pair, "caveat"))[None])
    assert chances[NO_DIGIT] > 0.5


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_that_was_crossed_out_is_none(digit: str) -> None:
    """It stays legible beneath the pen, and is not meant any more."""
    ink = _written(digit, "kalam").copy()
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    left, right, top, bottom = (int(place) for place in (columns[0], columns[-1], rows[0], rows[-1]))
    for share in (0.3, 0.5, 0.7):
        y = round(top + share * (bottom - top))
        cv2.line(ink, (left - 8, y + 6), (right + 8, y - 6), 255, 4)
    (chances,) = open_cell_reader().read(_cell(ink)[None])
    assert chances[NO_DIGIT] > 0.5


def test_no_cell_is_no_work() -> None:
    """A field without cells gives none."""
    assert open_cell_reader().read(np.zeros((0, CELL_PX, CELL_PX), np.uint8)).shape == (0, NO_DIGIT + 1)


def test_the_network_is_the_one_that_its_card_describes() -> None:
    """Weights without their story are worth nothing to whoever must answer for them."""
    held = MODEL.read_bytes()
    assert len(held) <= MODEL_BYTES_MOST
    assert hashlib.sha256(held).hexdigest() == SHA256
    card = CARD.read_text("utf-8")
    assert SHA256 in card
    assert re.search(r"CC BY 4\.0", card)


@pytest.mark.parametrize("change", ["missing", "shorter", "one byte"])
def test_another_network_is_not_run(change: str, tmp_path: Path) -> None:
    """A file that a disk or a hand has changed would read other numbers, and nobody would know."""
    held = bytearray(MODEL.read_bytes())
    if change == "shorter":
        held = held[:-100]
    if change == "one byte":
        held[len(held) // 2] ^= 1
    other = tmp_path / "cell_digits.onnx"
    if change != "missing":
        other.write_bytes(held)
    with pytest.raises(MachineError, match="install refpad again"):
        CellReader(other)
