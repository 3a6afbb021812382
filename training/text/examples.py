"""What the network is to say of each line, and batches of lines that are equally wide."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from training.text.shards import Features, SeenLine

BATCH = 16


@dataclass(frozen=True, eq=False)
class Example:
    """A line's features, and the columns of its characters; column 0 is the blank."""

    features: Features
    columns: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Examples:
    """What can be learned from, and how many lines cannot: they hold an unknown character, or are too short for CTC."""

    usable: list[Example]
    unknown: int
    crowded: int


def examples_of(lines: Iterable[SeenLine], characters: Sequence[str], per_step: int) -> Examples:
    """Lines as examples; `per_step` columns of features make one step of the network."""
    places = {character: column for column, character in enumerate(characters, start=1)}
    usable: list[Example] = []
    unknown = crowded = 0
    for line in lines:
        columns = _columns(line.text, places)
        if columns is None:
            unknown += 1
        elif _steps_needed(columns) > line.features.shape[-1] // per_step:
            crowded += 1
        else:
            usable.append(Example(line.features, columns))
    return Examples(usable, unknown, crowded)


def _columns(text: str, places: Mapping[str, int]) -> tuple[int, ...] | None:
    if not text or any(character not in places for character in text):
        return None
    return tuple(places[character] for character in text)


def _steps_needed(columns: Sequence[int]) -> int:
    """One for each character, and a blank between two of the same."""
    return len(columns) + sum(first == second for first, second in pairwise(columns))


def batches(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[list[Example]]:
    """Every example once, in batches of one width and at most BATCH, in an order of chance."""
    by_width: dict[int, list[Example]] = defaultdict(list)
    for place in rng.permutation(len(examples)):
        by_width[examples[place].features.shape[-1]].append(examples[place])
    parts = [same[start : start + BATCH] for same in by_width.values() for start in range(0, len(same), BATCH)]
    for place in rng.permutation(len(parts)):
        yield parts[place]
