"""Logistic regression with a ridge for each weight, beside odds that are claimed already."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
STEPS_MOST = 50
HALVES = 0.5 ** np.arange(60)


def fit_weights(
    seen: Sequence[Sequence[float]] | Floats,
    right: Sequence[bool],
    ridge: float | Floats = 1.0,
    claimed: float | Floats = 0.0,
) -> list[float]:
    """The weights of a logistic regression (Newton's method), beside the ln odds `claimed` already.

    `ridge` is on all but the constant, or one number for each weight.
    """
    x, y = np.array(seen, float), np.array(right, float)
    weights, pull = np.zeros(x.shape[1]), np.broadcast_to(ridge, x.shape[1]).astype(float).copy()
    pull[0] = 0.0

    def loss(tried: Floats) -> float:
        odds = x @ tried + claimed
        return float(np.logaddexp(0, odds).sum() - y @ odds + pull @ tried**2 / 2)

    for _ in range(STEPS_MOST):
        p = np.exp(-np.logaddexp(0, -(x @ weights + claimed)))
        slope = x.T @ (p - y) + pull * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(pull) + 1e-9 * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        # A whole step from far away leads further away.
        now = loss(weights)
        share = next((half for half in HALVES if loss(weights - half * step) <= now), 0.0)
        weights -= share * step
    return [float(weight) for weight in weights]
