"""The one good page on demand."""

import numpy as np
import zxingcpp

from pads.simulate.good_page import draw_page
from schemas.code import SlipCode


def _serial(seed: int) -> int:
    (code,) = zxingcpp.read_barcodes(np.asarray(draw_page(seed)))
    read = SlipCode.parse(code.text)
    assert read is not None
    return read.serial


def test_a_page_has_the_size_asked_for() -> None:
    """Corpus builders ask for letter at 200 dpi and at half of it."""
    assert (draw_page().size, draw_page(size=(850, 1100)).size) == ((1700, 2200), (850, 1100))


def test_each_seed_is_another_slip() -> None:
    """Two pages of a corpus must not be duplicates of each other."""
    assert len({_serial(seed) for seed in (1, 2, 1001)}) == 3


def test_the_same_seed_is_the_same_page() -> None:
    """A corpus is built again and compared."""
    assert draw_page(4, dx="LBP").tobytes() == draw_page(4, dx="LBP").tobytes()


def test_diagnosis_and_name_are_those_asked_for() -> None:
    """Another one changes the picture."""
    assert draw_page(4, dx="LBP").tobytes() != draw_page(4, dx="Neck pain").tobytes()
    assert draw_page(4, name="Ada Cho").tobytes() != draw_page(4, name="Bea Ng").tobytes()
