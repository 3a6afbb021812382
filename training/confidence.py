"""Fit the weights of ocr/text/cells/digits.py on fields in hands new to the network, and count how they hold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.text.cells import digits as weights
from ocr.text.cells.comb import are_filled, is_struck_out, parse_digits
from ocr.text.cells.cut_cells import cut_cells, cut_clear_of_comb
from ocr.text.cells.digits import Decoded, Floats, decode, holds_no_digit, weigh
from ocr.text.confidence.judge import InkFacts, is_doubtful
from schemas.errors import UsageError
from training.cells import TODAY, FilledCells
from training.logistic import fit_weights

REGION = "US"
# The weights tried for each reader.
TRIED = np.arange(0.1, 1.55, 0.1)
BARS = (0.9, 0.95, 0.97, 0.98)


@dataclass(frozen=True, eq=False)
class ReadField:
    """One field as both readers saw it: two views (cells, 2, 10), cells (cells, 11), and what was written.

    `clear` are the cells clear of their print.
    """

    filled: FilledCells
    views: Floats
    cells: NDArray[np.float32]
    clear: NDArray[np.float32]

    @property
    def truth(self) -> str:
        return "".join(self.filled.labels)

    def decoded(self, *, by_cells_alone: bool = False) -> Decoded:
        field = self.filled.field
        return decode(
            weigh([] if by_cells_alone else [self.views[:, 0], self.views[:, 1]], self.cells),
            lambda digits: parse_digits(digits, field, TODAY, REGION),
        )

    @property
    def holds_no_digit(self) -> bool:
        return holds_no_digit(self.cells, self.clear)

    @property
    def is_doubted(self) -> bool:
        """Whether something else than the digits makes it doubtful."""
        ink, field = self.filled.ink, self.filled.field
        whole = sum(are_filled(ink, field)) == len(self.cells) and not is_struck_out(ink, field)
        return is_doubtful(InkFacts(ink.ink_mm2, ink.dust_mm2, ink.torn, whole and not self.holds_no_digit))


def read_fields(
    filled: Sequence[FilledCells], views: Floats, read: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
) -> Iterator[ReadField]:
    """The fields with what both readers saw; `views` (all cells, 2, 10) in the fields' order."""
    at = 0
    for one in filled:
        pictures, clear = cut_cells(one.ink, one.field), cut_clear_of_comb(one.ink, one.field)
        yield ReadField(one, views[at : at + len(pictures)], read(pictures), read(clear))
        at += len(pictures)


def fit_cell_weights(fields: Sequence[ReadField]) -> tuple[float, float]:
    """How much the line reader and the reader of cells count: what makes the written digits likeliest."""
    views = np.concatenate([one.views for one in fields])
    cells = np.concatenate([one.cells for one in fields])
    truth = np.array([int(label) for one in fields for label in one.filled.labels])
    losses = {}
    for line in TRIED:
        for cell in TRIED:
            weights.LINE_WEIGHT, weights.CELL_WEIGHT = float(line), float(cell)
            chances = weigh([views[:, 0], views[:, 1]], cells)
            losses[float(line), float(cell)] = -np.log(chances[np.arange(len(truth)), truth]).mean()
    best = min(losses, key=losses.__getitem__)
    weights.LINE_WEIGHT, weights.CELL_WEIGHT = best
    return round(best[0], 1), round(best[1], 1)


def fit_confidence(fields: Sequence[ReadField], *, by_cells_alone: bool = False) -> tuple[float, float]:
    """The weights of the likeliest number's share, by logistic regression.

    `by_cells_alone`: without the reader of lines, on fields whose cells hold a digit each. Raises UsageError where
    none, or all, are read right: nothing can be fitted on them.
    """
    shares, right = [], []
    for one in fields:
        if by_cells_alone and one.holds_no_digit:
            continue
        found = one.decoded(by_cells_alone=by_cells_alone)
        if found.numbers and not found.impossible:
            shares.append(found.numbers[0].share)
            right.append(found.numbers[0].digits == one.truth)
    if len(set(right)) < 2:
        said = f"{sum(right)} of {len(right)} fields are read right, and on these no confidence can be fitted"
        raise UsageError(f"{said}: ask for more --slips.")
    odds = np.log(np.clip(shares, 1e-6, 1 - 1e-6)) - np.log(1 - np.clip(shares, 1e-6, 1 - 1e-6))
    constant, slope = fit_weights(np.column_stack([np.ones(len(odds)), odds]), right)
    return round(constant, 2), round(slope, 2)


def count_settled(fields: Sequence[ReadField]) -> tuple[int, int]:
    """How many fields are told by their cells alone, and how many of these are wrong."""
    settled = [one for one in fields if weights.settled_by_cells(one.cells) and not one.holds_no_digit]
    seen = (one.decoded(by_cells_alone=True).numbers[:1] for one in settled)
    wrong = sum(not number or number[0].digits != one.truth for one, number in zip(settled, seen, strict=True))
    return len(settled), wrong


@dataclass(frozen=True)
class Count:
    """Fields, those read right, and for each bar how many pass and how many of these are wrong."""

    fields: int
    right: int
    passing: dict[float, tuple[int, int]]


def count(fields: Sequence[ReadField]) -> Count:
    """How well the shipped weights do on the fields."""
    sure, right = zip(*map(_judged, fields), strict=True)
    passing = {
        bar: (
            sum(share >= bar for share in sure),
            sum(share >= bar and not hit for share, hit in zip(sure, right, strict=True)),
        )
        for bar in BARS
    }
    return Count(len(fields), sum(right), passing)


def _judged(one: ReadField) -> tuple[float, bool]:
    """How sure the field is, and whether it is right."""
    found = one.decoded()
    if not found.numbers:
        return 0.0, False
    doubted = one.is_doubted or bool(found.impossible)
    best = found.numbers[0]
    return 0.0 if doubted else weights.digits_confidence(best.share), best.digits == one.truth
