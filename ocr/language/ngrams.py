"""Which character comes next: interpolated n-grams of characters (Witten and Bell 1991), as small files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import DIGITS, END, PLACE, SIZE, places_of

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

    `contexts` in order of length, the empty one first; `own` is the share that the lower order keeps of each row;
    of context i, the bytes from `starts[i]` to `starts[i + 1]` of `places` and `shares` say what follows it.
    """

    contexts: Sequence[str]
    own: NDArray[np.uint8]
    starts: NDArray[np.int32]
    places: NDArray[np.uint8]
    shares: NDArray[np.uint8]

    def save(self, path: Path) -> None:
        """Write the file."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                contexts=np.frombuffer("\n".join(self.contexts).encode("ascii"), np.uint8),
                own=self.own,
                lengths=np.diff(self.starts).astype(np.uint8),
                places=self.places,
                shares=self.shares,
            )

    @classmethod
    def load(cls, path: Path) -> "PackedNGrams":
        """Read the file."""
        with np.load(path) as file:
            contexts = file["contexts"].tobytes().decode("ascii").split("\n")
            starts = np.concatenate([[0], np.cumsum(file["lengths"], dtype=np.int32)]).astype(np.int32)
            return cls(contexts, file["own"], starts, file["places"], file["shares"])


class NGrams:
    """A language model of characters.

    Two things it leaves to the ink: which digit a digit is, and whether a line ends or goes on after a word.
    """

    def __init__(self, packed: PackedNGrams, weight: float) -> None:
        self.weight = weight
        # A row of its own for each of 147,665 contexts would take 40 MB more than their numbers do.
        self._numbers = {context: number for number, context in enumerate(packed.contexts)}
        self._rows = _unpack(packed)
        self._longest = max(map(len, packed.contexts))
        self._next = lru_cache(KEPT_MOST)(lambda number: Next(self._rows[number]))

    def row(self, before: str) -> Row:
        """See Prior.row."""
        row: Row = self._rows[self._number(before)]
        return row

    def after(self, before: str) -> Next:
        """See Prior.after."""
        return self._next(self._number(before))

    def along(self, text: str, before: str) -> Row:
        """See Prior.along."""
        written, numbered, found = START + before + text, self._numbers.get, list[int]()
        for end in range(len(written) - len(text), len(written) + 1):
            context = written[max(end - self._longest, 0) : end]
            while (number := numbered(context)) is None:
                context = context[1:]
            found.append(number)
        row: Row = self._rows[found, [*places_of(text), END]]
        return row

    def _number(self, before: str) -> int:
        """The number of the longest context that `before` ends in."""
        context = before[-self._longest :] if len(before) >= self._longest else START + before
        while (number := self._numbers.get(context)) is None:
            context = context[1:]
        return number


def share(byte: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The shares (0..1) that bytes stand for; 255 is none."""
    return np.asarray(np.where(byte == 255, 0, np.exp(-byte.astype(np.float32) / _STEPS)), np.float32)


def in_bytes(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The bytes that stand for `shares`."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.minimum(np.rint(-np.log(shares) * _STEPS), 255), np.uint8)


def _unpack(packed: PackedNGrams) -> NDArray[np.float32]:
    """(contexts, SIZE) logarithms."""
    chances = np.empty((len(packed.contexts), SIZE), np.float32)
    number = {context: index for index, context in enumerate(packed.contexts)}
    lower = np.array([number[context[1:]] for context in packed.contexts], np.intp)
    own, shares = share(packed.own), share(packed.shares)
    rows = np.repeat(np.arange(len(packed.contexts)), np.diff(packed.starts))
    for first, last in _orders(packed.contexts):
        base = np.float32(1 / SIZE) if first == 0 else chances[lower[first:last]]
        chances[first:last] = own[first:last, None] * base
        between = slice(packed.starts[first], packed.starts[last])
        chances[rows[between], packed.places[between]] += shares[between]
    chances[:, _DIGITS] = chances[:, _DIGITS].mean(axis=1, keepdims=True)
    chances[:, END] += chances[:, PLACE[" "]]
    least = np.full(SIZE, LEAST, np.float32)
    least[_DIGITS], least[END] = DIGIT_LEAST, END_LEAST
    np.maximum(chances, least, out=chances)  # in place: each copy of the largest model is 21 MB
    return np.log(chances, out=chances)


def _orders(contexts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First and last index of the contexts of each length."""
    lengths = np.fromiter(map(len, contexts), np.intp, len(contexts))
    return pairwise(np.searchsorted(lengths, np.arange(int(lengths.max()) + 2)).tolist())


@cache
def model(kind: Kind) -> NGrams:
    """The model of that kind, from `data/<kind>.npz`."""
    return NGrams(PackedNGrams.load(DATA / f"{kind}.npz"), WEIGHTS[kind])
