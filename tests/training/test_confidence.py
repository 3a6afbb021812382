"""The fit of the confidence of digits."""

import numpy as np
import pytest

from training.confidence import logistic


def test_a_fit_finds_the_weights_that_made_the_data() -> None:
    """Shares that are right as often as they say need no correction: constant 0, slope 1."""
    rng = np.random.default_rng(3)
    odds = rng.normal(2, 2, 6000)
    right = rng.random(6000) < 1 / (1 + np.exp(-odds))
    found = logistic(np.column_stack([np.ones(6000), odds]), right.astype(float))
    assert found == pytest.approx([0, 1], abs=0.15)
