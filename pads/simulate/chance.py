"""Choosing by chance: one call of the generator a choice, so that a seed draws the same in every version."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


def one_of(choices: Sequence[Choice], rng: np.random.Generator) -> Choice:
    """One of the choices, each as likely as another."""
    return choices[int(rng.integers(len(choices)))]
