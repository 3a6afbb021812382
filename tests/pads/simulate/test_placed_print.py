"""Print as hands put it on a line: askew, across the rule, framed, worn."""

from collections.abc import Callable

import numpy as np
import pytest

from pads.simulate.placed_print import Print, across_rule, framed, turned, worn
from pads.simulate.printed_names import name_stamp, typed_name
from pads.simulate.strokes import Mask

ROOM = (300.0, 300.0, 700.0, 100.0)
WAYS = [turned, across_rule, framed, worn]


def drawn(draw: Print, seed: int) -> Mask:
    mask = np.zeros((800, 1400), np.uint8)
    draw(mask, ROOM, 5.0, np.random.default_rng(seed))
    return mask


@pytest.mark.parametrize("way", WAYS)
def test_the_same_chance_puts_it_down_alike_and_another_otherwise(way: Callable[[Print], Print]) -> None:
    """A figure of the bench can be looked at again."""
    for printed in (name_stamp, typed_name):
        assert np.array_equal(drawn(way(printed), 1), drawn(way(printed), 1))
        assert not np.array_equal(drawn(way(printed), 1), drawn(way(printed), 2))
        assert drawn(way(printed), 3).max() > 100


def test_turned_print_is_as_much_ink_in_more_height() -> None:
    """Turned, not drawn anew."""
    level, askew = drawn(typed_name, 4), drawn(turned(typed_name), 4)
    assert 0.9 < askew.sum() / level.sum() < 1.1
    assert np.ptp(np.flatnonzero(askew.max(axis=1) > 60)) > 1.5 * np.ptp(np.flatnonzero(level.max(axis=1) > 60))


def test_the_rule_runs_through_what_is_put_across_it() -> None:
    """Ink lies above and below the lower edge of the room."""
    for seed in range(4):
        ink = drawn(across_rule(typed_name), seed) > 60
        edge = round(ROOM[1] + ROOM[3])
        assert ink[: edge - 2].any()
        assert ink[edge + 2 :].any()


def test_a_frame_stands_around_the_words() -> None:
    """More ink, and on all four sides of it."""
    plain, boxed = drawn(typed_name, 5) > 60, drawn(framed(typed_name), 5) > 40
    for axis in (0, 1):
        inner, outer = (np.flatnonzero(ink.any(axis=axis)) for ink in (plain, boxed))
        assert outer[0] < inner[0]
        assert outer[-1] > inner[-1]


def test_worn_ink_is_less_ink() -> None:
    """A stamp pad that has nearly run out."""
    assert drawn(worn(typed_name), 6).sum() < drawn(typed_name, 6).sum()
