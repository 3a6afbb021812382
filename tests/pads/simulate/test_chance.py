"""What is chosen by chance is fair, and the same for one seed in every version."""

from collections import Counter

import numpy as np

from pads.simulate.chance import one_of


def test_each_choice_is_as_likely_as_another() -> None:
    """Words that are never drawn would be missing from what is trained and measured on."""
    rng = np.random.default_rng(5)
    drawn = Counter(one_of("abc", rng) for _ in range(3000))
    assert sorted(drawn) == ["a", "b", "c"]
    assert all(900 < count < 1100 for count in drawn.values())


def test_a_choice_is_one_draw() -> None:
    """A second draw, or another kind of one, would change every slip that was invented from a seed before."""
    rng, same = np.random.default_rng(7), np.random.default_rng(7)
    assert one_of("abcdefg", rng) == "abcdefg"[same.integers(7)]
    assert rng.random() == same.random()
