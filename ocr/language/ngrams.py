"""Which character comes next: interpolated n-grams of characters (Witten and Bell 1991), as small files."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import DIGITS, END, PLACE, SIZE, places_of
from ocr.language.context_index import ContextIndex, Keys, lengths_of, numbers_of_shorter

Row = NDArray[np.float32]
Kind = Literal["text", "names", "numbers"]  # what is written freely, people's names, phones and dates
# By lines of real handwriting and of our field's phrases (316 and 206): the character error rate falls from 0.087 and
# 0.072 without a prior to 0.068 and 0.032 with 0.7; with 0.45 it is 0.070 and 0.038. With 0.8 phrases still gain, but
# ordinary English begins to lose. A name is whatever its bearer says: there the prior counts less.
WEIGHTS: dict[Kind, float] = {"text": 0.7, "names": 0.5, "numbers": 0.7}
START = "^"  # before the first character of a text
DATA = Path(__file__).parent / "data"
# Shares are kept as sixteenths of a natural logarithm in a byte: down to e^-16, within 3 %.
_STEPS = 16
# Clear ink is read whatever the prior thinks of it: each character keeps this probability everywhere, and each digit
# more, for a lost digit is a wrong dose; and a line may end anywhere, or its last letter would be lost (209 + 312
# lines: no more errors).
LEAST, DIGIT_LEAST, END_LEAST = 1e-4, 1e-3, 1e-2
_DIGITS = [PLACE[digit] for digit in DIGITS]
# No row has more: what shares lose in bytes makes some of them more than 1, by up to 0.032 in the logarithm.
ROW_MOST = 0.1
PART = 16_384  # contexts that are unpacked at a time, in single precision
# Of so many contexts the search's sums are kept: some 4 MB a model.
KEPT_MOST = 2048


class Next:
    """What is expected after a text: a row, and in `grows` what was reckoned of it for some characters."""

    __slots__ = ("grows", "row")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.grows: dict[int, float] = {}


class Prior(Protocol):
    """What is expected to be written, and how much that counts against the ink (0: not at all, 1: as much)."""

    @property
    def weight(self) -> float: ...

    def row(self, before: str) -> Row:
        """The natural logarithms (SIZE,) of the next character's probabilities after the folded text `before`."""

    def after(self, before: str) -> Next:
        """The same, with what was reckoned of it for other texts that have the same row, where that is still known."""

    def along(self, text: str, before: str) -> Row:
        """(len(text) + 1,): for each character of the folded `text`, and its end, the logarithm where it stands."""


@dataclass(frozen=True, eq=False)
class PackedNGrams:
    """A model as a file holds it.

    `contexts` are keys (ocr.language.context_index) in ascending order, that of the empty one first; `own` is the share
    that the lower order keeps of each row; of context i, the bytes from `starts[i]` to `starts[i + 1]` of `places` and
    `shares` say what follows it.
    """

    contexts: Keys
    own: NDArray[np.uint8]
    starts: NDArray[np.int32]
    places: NDArray[np.uint8]
    shares: NDArray[np.uint8]

    def save(self, path: Path) -> None:
        """Write the file."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                contexts=self.contexts,
                own=self.own,
                lengths=np.diff(self.starts).astype(np.uint8),
                places=self.places,
                shares=self.shares,
            )

    @classmethod
    def load(cls, path: Path) -> "PackedNGrams":
        """Read the file."""
        with np.load(path) as file:
            starts = np.concatenate([[0], np.cumsum(file["lengths"], dtype=np.int32)]).astype(np.int32)
            return cls(file["contexts"], file["own"], starts, file["places"], file["shares"])


class NGrams:
    """A language model of characters.

    Two things it leaves to the ink: which digit a digit is, and whether a line ends or goes on after a word.
    """

    def __init__(self, packed: PackedNGrams, weight: float) -> None:
        self.weight = weight
        self._contexts = ContextIndex(packed.contexts)
        self._rows = _unpack(packed)
        self._next = lru_cache(KEPT_MOST)(lambda number: Next(self._rows[number].astype(np.float32)))

    def row(self, before: str) -> Row:
        """See Prior.row."""
        row: Row = self._rows[self._number(before)].astype(np.float32)
        return row

    def after(self, before: str) -> Next:
        """See Prior.after."""
        return self._next(self._number(before))

    def along(self, text: str, before: str) -> Row:
        """See Prior.along."""
        written, number, longest = START + before + text, self._contexts.number, self._contexts.longest
        ends = range(len(written) - len(text), len(written) + 1)
        found = [number(written[max(end - longest, 0) : end]) for end in ends]
        return self._rows[found, [*places_of(text), END]].astype(np.float32)

    def _number(self, before: str) -> int:
        """The number of the longest context that `before` ends in."""
        longest = self._contexts.longest
        return self._contexts.number(before[-longest:] if len(before) >= longest else START + before)


def share(byte: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The shares (0..1) that bytes stand for; 255 is none."""
    return np.asarray(np.where(byte == 255, 0, np.exp(-byte.astype(np.float32) / _STEPS)), np.float32)


def in_bytes(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The bytes that stand for `shares`."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.minimum(np.rint(-np.log(shares) * _STEPS), 255), np.uint8)


def _unpack(packed: PackedNGrams) -> NDArray[np.float16]:
    """(contexts, SIZE) logarithms, 0.004 off at most."""
    rows, lower = np.empty((len(packed.contexts), SIZE), np.float16), numbers_of_shorter(packed.contexts)
    own, shares = share(packed.own), share(packed.shares)
    holders = np.repeat(np.arange(len(packed.contexts)), np.diff(packed.starts))
    start, shorter = 0, np.full((1, SIZE), 1 / SIZE, np.float32)
    for first, last in _orders(packed.contexts):
        chances = shorter[lower[first:last] - start]
        chances *= own[first:last, None]  # in place: the largest order is 37 MB
        between = slice(packed.starts[first], packed.starts[last])
        chances[holders[between] - first, packed.places[between]] += shares[between]
        start, shorter = first, chances
        for part in range(first, last, PART):
            rows[part : min(part + PART, last)] = _logarithms(chances[part - first : part - first + PART])
    return rows


def _logarithms(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Those of the chances of what comes next, with what language leaves to the ink."""
    left = chances.copy()
    left[:, _DIGITS] = chances[:, _DIGITS].mean(axis=1, keepdims=True)
    left[:, END] += chances[:, PLACE[" "]]
    least = np.full(SIZE, LEAST, np.float32)
    least[_DIGITS], least[END] = DIGIT_LEAST, END_LEAST
    np.maximum(left, least, out=left)
    return np.log(left, out=left)


def _orders(contexts: Keys) -> Iterator[tuple[int, int]]:
    """First and last index of the contexts of each length."""
    lengths = lengths_of(contexts)
    return pairwise(np.searchsorted(lengths, np.arange(int(lengths.max()) + 2)).tolist())


@cache
def model(kind: Kind) -> NGrams:
    """The model of that kind, from `data/<kind>.npz`."""
    return NGrams(PackedNGrams.load(DATA / f"{kind}.npz"), WEIGHTS[kind])
