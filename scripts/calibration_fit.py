"""Fit logistic regressions; used by scripts/calibrate.py and scripts/calibrate_typed.py."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.text.agreement import CROSSED
from ocr.text.confidence import CONSTANT, Measures

RIDGE = 1.0  # pulls weights that the data do not call for towards 0, in standard deviations of their measures
# More of these never makes a text less sure, or surer: a fit that says so has learned it of the hands it saw.
FOR = frozenset(["margin", "lead", "ink_margin", "view_margin", "ink", "language", "views", "clear", "plausible"])
AGAINST = frozenset(
    [
        "unknown",
        "near_miss",
        "short_unknown",
        "crossed",
        "dust",
        "comma_expected",
        "point_expected",
        "apostrophe_expected",
    ]
)


def fit_measures(measures: Sequence[Measures], right: Sequence[bool]) -> dict[str, float]:
    """The weight of each measure by its name, and the constant, fitted with all measures on one scale."""
    names = sorted(measures[0])
    table = np.array([[one[name] for name in names] for one in measures])
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = np.column_stack([np.ones(len(table)), (table - middle) / spread])
    senses = np.array([0, *((name in FOR) - (name in AGAINST) for name in names)])
    while (worst := ((fitted := np.array(fit_weights(scaled, right, RIDGE))) * senses)).min() < 0:
        scaled[:, worst.argmin()] = 0.0
    constant, *weights = fitted.tolist()
    own = np.array(weights) / spread
    found = dict(zip(names, own.tolist(), strict=True)) | {CONSTANT: constant - float(own @ middle)}
    if "crossed" in found:  # chosen, not fitted: simulated strokes from outside cover few letters
        found["crossed"] = min(found["crossed"], CROSSED)
    return {name: round(weight, 4) for name, weight in found.items()}


def fit_weights(
    seen: Sequence[Sequence[float]] | NDArray[np.float64], right: Sequence[bool], ridge: float = 1.0
) -> list[float]:
    """The weights of a logistic regression with a ridge on all but the constant (Newton's method)."""
    x, y = np.array(seen), np.array(right, float)
    weights, pull = np.zeros(x.shape[1]), ridge * np.eye(x.shape[1])
    pull[0, 0] = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) + pull @ weights
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + pull + 1e-9 * np.eye(len(weights)), slope)
    return [float(weight) for weight in weights]
