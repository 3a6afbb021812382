"""A logistic regression comes to its end, wherever it begins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.logistic import Floats, fit_weights

ODDS = 2.0


def _drawn(count: int) -> tuple[Floats, list[bool]]:
    rng = np.random.default_rng(3)
    odds = rng.normal(ODDS, ODDS, count)
    right = rng.random(count) < 1 / (1 + np.exp(-odds))
    return np.column_stack([np.ones(count), odds]), right.tolist()


def test_a_fit_finds_the_weights_that_made_the_data() -> None:
    """Shares that are right as often as they say need no correction: constant 0, slope 1."""
    seen, right = _drawn(6000)
    assert fit_weights(seen, right) == pytest.approx([0, 1], abs=0.15)


@given(slope=st.floats(-30, 30), constant=st.floats(-60, 60))
def test_a_fit_that_begins_far_away_comes_to_the_same_end(slope: float, constant: float) -> None:
    """Confidence is fitted on from weights of other looks; a step too far made it 2e15, and everything pass."""
    seen, right = _drawn(400)
    near = fit_weights(seen, right, 0.0)
    far = fit_weights(seen, right, 0.0, seen @ np.array([constant, slope]))
    assert [found + begun for found, begun in zip(far, (constant, slope), strict=True)] == pytest.approx(near, abs=1e-4)


@pytest.mark.parametrize("right", [True, False])
def test_what_is_always_so_ends_in_numbers(right: bool) -> None:
    """Few slips, all of them read right, have no end of their own."""
    found = fit_weights(_drawn(50)[0], [right] * 50)
    assert np.isfinite(found).all()
