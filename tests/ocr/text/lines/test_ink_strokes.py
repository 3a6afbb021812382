"""Strokes that stay when others are taken away are the strokes that are found without those."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.text.lines.ink_strokes import find_strokes


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.02, 0.4))
def test_strokes_that_stay_are_those_found_without_the_others(seed: int, share: float) -> None:
    """The slip is searched once: what a second search would say of each stroke, and in which order, must not differ."""
    rng = np.random.default_rng(seed)
    window = np.where(rng.random((40, 60)) < share, np.uint8(200), np.uint8(0))
    every = find_strokes(window)
    kept = rng.random(len(every.left)) < 0.5
    kept[0] = True
    window.ravel()[every.pixels[~kept[every.numbers]]] = 0
    stay, anew = every.only(kept), find_strokes(window)
    for name in ("pixels", "numbers"):
        np.testing.assert_array_equal(getattr(stay, name), getattr(anew, name))
    for name in ("left", "top", "right", "bottom", "middle", "area_mm2"):
        np.testing.assert_array_equal(getattr(stay, name)[1:], getattr(anew, name)[1:])


def test_a_tail_below_a_rule_goes_with_its_letter() -> None:
    """The rule was taken away and parted them; the tail of a g is no writing of the line below."""
    window, rules = np.zeros((80, 40), np.uint8), np.zeros((80, 40), np.uint8)
    window[10:38, 10:20] = window[41:52, 14:17] = 200
    rules[38:41] = 200
    found = find_strokes(window).hung_over(rules, window)
    assert found.host.tolist() == [0, 1, 1]
    assert found.middle[2] == found.middle[1]
