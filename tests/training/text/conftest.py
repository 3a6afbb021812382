"""A person of a few strokes, as UNIPEN has hundreds."""

import numpy as np
import pytest

from training.text.hands.rows import Habit
from training.text.hands.strokes import PenWriter, letter_sample, line_sample
from training.unipen import Stroke

PLAIN = Habit(cap_px=40, capitals=False, slant=0.0, slope=0.0, drift=0.0, above=0.1, space=1.0)


def zigzag(left: float, feet: int, top: float = 0.0, foot: float = 10.0) -> Stroke:
    """A stroke that goes down and up again so often, as a row of small letters does; y grows downwards."""
    turns = np.array([(left + 4.0 * turn, (top, foot)[turn % 2]) for turn in range(2 * feet + 1)])
    at = np.linspace(0, len(turns) - 1, 12 * len(turns))
    return np.stack([np.interp(at, np.arange(len(turns)), turns[:, axis]) for axis in (0, 1)], axis=1)


@pytest.fixture
def writer() -> PenWriter:
    """A line and a word of small letters, and the capitals, digits and signs of one person."""
    line = line_sample("mum mum", [zigzag(0, 5), zigzag(60, 5)])
    word = line_sample("nun", [zigzag(0, 4)])
    assert line is not None
    assert word is not None
    letters = {
        letter: [letter_sample(letter, [zigzag(0, 2, foot=12.0)])]
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./-"
    }
    return PenWriter([line], [word], letters)
