"""Trained weights in a file: tensors by their names in PP-OCR's graph."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


def read_weights(path: Path) -> dict[str, Floats]:
    """The tensors of a file."""
    with np.load(path) as held:
        return {name: held[name] for name in held.files}


def write_weights(path: Path, weights: Weights) -> None:
    """Keep `weights`; a run that is ended meanwhile leaves those of before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **weights)
    part.replace(path)


def between(first: Weights, second: Weights, share: float) -> dict[str, Floats]:
    """Weights that lie between two networks of one kind, by `share` towards the second."""
    return {name: np.asarray((1 - share) * first[name] + share * second[name], np.float32) for name in first}
