"""Printed names as offices leave them where a signature should be."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import ImageFont

from pads.simulate.printed_names import (
    FACES,
    SCRIPTS,
    electronic_signature,
    name_stamp,
    script_signature,
    typed_name,
)
from pads.simulate.strokes import Box, Mask

ROOM = (200.0, 200.0, 900.0, 140.0)
Draw = Callable[[Mask, Box, float, np.random.Generator], None]


def drawn(draw: Draw, seed: int) -> Mask:
    mask = np.zeros((600, 1400), np.uint8)
    draw(mask, ROOM, 8.0, np.random.default_rng(seed))
    return mask


@pytest.mark.parametrize("draw", [name_stamp, typed_name, electronic_signature, script_signature])
def test_a_printed_name_stands_where_a_signature_should(draw: Draw) -> None:
    """A line that nobody signed, but that is not empty; the same seed prints the same."""
    for seed in range(5):
        rows, columns = np.nonzero(drawn(draw, seed) > 80)
        assert 150 < np.median(rows) < 390
        assert np.ptp(columns) > 200
    assert np.array_equal(drawn(draw, 1), drawn(draw, 1))
    assert not np.array_equal(drawn(draw, 1), drawn(draw, 2))


def test_every_face_has_the_letters_of_a_name() -> None:
    """A missing letter is drawn as a box."""
    for face in (*FACES, *SCRIPTS):
        font = ImageFont.truetype(str(face), 40)
        shapes = {bytes(font.getmask(letter)) for letter in "abcdefghijklmnopqrstuvwxyzAENR0123456789"}
        assert len(shapes) == len("abcdefghijklmnopqrstuvwxyzAENR0123456789"), face.name
