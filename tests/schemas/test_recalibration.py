"""From examples to a bar: strict at once, looser only where it is sure."""

import math
from random import Random

import pytest

from schemas.recalibration import LOOSEN_FROM, PRIOR, Labeled, choose, fit, look_share, looks_enough

TARGET = 1 / 300
SHIPPED_BAR = 0.97


def settled(seed: int, count: int, shift: float, slope: float, mean: float = 3.2) -> list[Labeled]:
    """Values as a reader reads them that is right with ln odds `shift` + `slope` * those it claims."""
    chance = Random(seed)  # noqa: S311 - the same values each time
    claimed = [min(chance.gauss(mean, 1.8), 7.0) for _ in range(count)]
    return [Labeled(_probability(x), chance.random() < _probability(shift + slope * x)) for x in claimed]


def _probability(ln_odds: float) -> float:
    return 1 / (1 + math.exp(-ln_odds))


def test_the_curve_begins_at_the_shipped_one_and_follows_the_examples() -> None:
    """A few examples leave it uncertain; many leave nothing of where it began."""
    assert fit([])[:2] == PRIOR
    few, many = fit(settled(1, 20, -0.8, 0.8)), fit(settled(1, 1000, -0.8, 0.8))
    assert abs(many.shift + 0.8) < 0.3
    assert abs(many.slope - 0.8) < 0.15
    assert many.spread[0] < few.spread[0] / 3


def test_nothing_moves_before_there_are_thirty_examples() -> None:
    """Three wrong ones of five say nothing yet."""
    assert choose([Labeled(0.98, is_right=False)] * 29, SHIPPED_BAR, SHIPPED_BAR, TARGET, 29) is None


def test_a_reader_that_is_wrong_more_often_than_it_claims_is_believed_less_soon() -> None:
    """Within 60 settled values of a hand that it cannot read; doubts alone tell, no sure value needs to be wrong."""
    choice = choose(settled(2, 60, -1.5, 0.6), SHIPPED_BAR, SHIPPED_BAR, TARGET, 60)
    assert choice is not None
    assert choice.bar > 0.99


def test_a_new_scanner_makes_it_stricter_though_all_was_well_before() -> None:
    """The newest examples count by themselves: a thousand good ones do not drown a hundred bad ones."""
    before, after = settled(3, 900, 2.5, 1.3), settled(4, 100, -1.5, 0.6)
    assert choose(before, SHIPPED_BAR, SHIPPED_BAR, TARGET, 900) is None
    choice = choose([*before, *after], SHIPPED_BAR, SHIPPED_BAR, TARGET, 1000)
    assert choice is not None
    assert choice.bar > SHIPPED_BAR


def test_nothing_is_loosened_before_there_are_enough_examples_nor_below_the_least() -> None:
    """However good they are; and what an owner has set stays the least."""
    good = settled(5, 1000, 3.0, 1.5)
    assert choose(good, 0.99, SHIPPED_BAR, TARGET, LOOSEN_FROM - 1) is None
    choice = choose(good, 0.99, SHIPPED_BAR, TARGET, LOOSEN_FROM)
    assert choice is not None
    assert choice.bar == SHIPPED_BAR
    assert choice.error_most <= TARGET
    lower = choose(good, 0.99, 0.85, TARGET, LOOSEN_FROM)
    assert lower is not None
    assert 0.85 <= lower.bar < SHIPPED_BAR


def test_single_errors_among_sure_values_stop_what_the_curve_would_allow() -> None:
    """A reader that is sure and wrong, at any confidence, is on no curve: what is counted has the last word."""
    good = settled(6, 940, 3.0, 1.5)
    sure_and_wrong = [Labeled(0.995, is_right=False, weight=20.0)] * 4
    seen = [Labeled(0.995, is_right=True, weight=20.0)] * 56
    assert choose([*seen, *sure_and_wrong, *good], 0.99, 0.9, TARGET, 1000) is not None
    choice = choose([*seen, *sure_and_wrong, *good], 0.99, 0.9, TARGET, 1000)
    assert choice is not None
    assert choice.bar > 0.99


@pytest.mark.parametrize(("looks", "share"), [(0, 0.1), (450, 0.05), (900, 0.02), (5000, 0.02)])
def test_second_looks_are_many_while_little_is_known_and_few_later(looks: int, share: float) -> None:
    """900 looks without an error show that no more than one in 300 is wrong."""
    assert look_share(looks, TARGET, 0.02, 0.1) == pytest.approx(share)
    assert look_share(min(looks, looks_enough(TARGET)), TARGET, 0.02, 0.1) == pytest.approx(share)
