"""What the network is to say of each line, and batches of lines that are equally wide."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from training.text.lines.augment import varied
from training.text.lines.shards import LabeledLine

BATCH = 16
STEP_PX = 8  # of a line's width make one step of the network
STRETCH = (0.85, 1.3)
WIDTH_RATIO = 1.07  # lines are brought to widths so far apart, which their stretch hides
NARROWEST_PX, WIDEST_PX = 16, 1200


@dataclass(frozen=True, eq=False)
class Example:
    """A line's picture (H, W), and the columns of its characters; column 0 is the blank."""

    picture: NDArray[np.uint8]
    columns: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Batch:
    """Pictures (N, H, W) of one width, and the columns of each."""

    pictures: NDArray[np.uint8]
    columns: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Examples:
    """What can be learned from, and how many lines cannot: they hold an unknown character, or are too short for CTC."""

    usable: list[Example]
    unknown: int
    crowded: int


def examples_of(lines: Iterable[LabeledLine], characters: Sequence[str]) -> Examples:
    """Lines as examples."""
    places = {character: column for column, character in enumerate(characters, start=1)}
    usable: list[Example] = []
    unknown = crowded = 0
    for line in lines:
        columns = _columns(line.text, places)
        if columns is None:
            unknown += 1
        elif _least_width(columns) > line.picture.shape[1]:
            crowded += 1
        else:
            usable.append(Example(line.picture, columns))
    return Examples(usable, unknown, crowded)


def _columns(text: str, places: Mapping[str, int]) -> tuple[int, ...] | None:
    if not text or any(character not in places for character in text):
        return None
    return tuple(places[character] for character in text)


def _least_width(columns: Sequence[int]) -> int:
    """One step for each character, and a blank between two of the same."""
    return STEP_PX * (len(columns) + sum(first == second for first, second in pairwise(columns)))


def widths() -> tuple[int, ...]:
    """The widths to which lines are brought, whole steps."""
    found = [NARROWEST_PX]
    while found[-1] < WIDEST_PX:
        found.append(max(found[-1] + STEP_PX, round(found[-1] * WIDTH_RATIO / STEP_PX) * STEP_PX))
    return tuple(found)


def batches(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[Batch]:
    """Every example once and varied, in batches of one width and at most BATCH, in an order of chance."""
    allowed = np.array(widths())
    by_width: dict[int, list[Example]] = defaultdict(list)
    for place in rng.permutation(len(examples)):
        example = examples[place]
        goal = max(example.picture.shape[1] * rng.uniform(*STRETCH), _least_width(example.columns))
        by_width[int(allowed[min(np.searchsorted(allowed, goal), len(allowed) - 1)])].append(example)
    parts = [
        (width, same[start : start + BATCH]) for width, same in by_width.items() for start in range(0, len(same), BATCH)
    ]
    for place in rng.permutation(len(parts)):
        width, part = parts[place]
        pictures = np.stack([varied(example.picture, width, rng) for example in part])
        yield Batch(pictures, tuple(example.columns for example in part))
