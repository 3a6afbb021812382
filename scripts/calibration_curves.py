"""Count and draw how far a confidence can be believed; used by scripts/calibrate.py."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

mpl.use("Agg")
from matplotlib import pyplot as plt

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "reliability.png"
LEAST_A_BIN = 5
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)
MARKERS = "os^Dv"

Pairs = Sequence[tuple[float, bool]]  # how sure, and whether right


def draw(curves: Mapping[str, Pairs], bar: float) -> None:
    """How often readings of each confidence are right; and how many are wrong among the surest ones."""
    figure, (reliable, covered) = plt.subplots(1, 2, figsize=(9.6, 4.4), dpi=100)
    reliable.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="as it should be")
    for (name, pairs), marker in zip(curves.items(), MARKERS, strict=False):
        at, share, error = _bins(pairs)
        reliable.errorbar(at, share, error, marker=marker, capsize=2, linewidth=1, label=f"{name} ({len(pairs)})")
        accepted, wrong = _coverage(pairs)
        covered.plot(accepted, wrong, linewidth=1.4, label=name)
        passing = 100 * sum(sure >= bar for sure, _ in pairs) / max(len(pairs), 1)
        covered.axvline(passing, color=covered.lines[-1].get_color(), linewidth=0.6, linestyle=":")
    reliable.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1.02), ylim=(0, 1.02))
    covered.axhline(0.5, color="0.7", linewidth=1)
    covered.set(
        xlabel="share accepted, surest first (%)", ylabel="wrong among the accepted (%)", ylim=(0, 8), xlim=(0, 100)
    )
    for axis in (reliable, covered):
        axis.legend(loc="upper left", frameon=False, fontsize=8)
        axis.grid(color="0.92")
    figure.tight_layout()
    figure.savefig(PICTURE)


def _bins(pairs: Pairs) -> tuple[list[float], list[float], list[float]]:
    """Mean confidence, share that is right and its 95 % error, for each bin with enough readings in it."""
    sure, right = np.array([share for share, _ in pairs]), np.array([hit for _, hit in pairs], float)
    at, share, error = [], [], []
    for low, high in pairwise(BINS):
        inside = (sure >= low) & (sure < high)
        if inside.sum() >= LEAST_A_BIN:
            mean = float(right[inside].mean())
            at.append(float(sure[inside].mean()))
            share.append(mean)
            error.append(1.96 * (mean * (1 - mean) / int(inside.sum())) ** 0.5)
    return at, share, error


def _coverage(pairs: Pairs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per cent accepted, and per cent wrong among them, as the bar falls."""
    ranked = sorted(pairs, key=lambda pair: -pair[0])
    wrong = np.cumsum([not right for _, right in ranked])
    count = np.arange(1, len(ranked) + 1)
    return 100 * count / max(len(ranked), 1), 100 * wrong / count
