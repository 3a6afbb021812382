"""What digits in cells say: both readers weighed cell by cell, and the likeliest number among those that can be.

The weights are fitted by `python -m training.digits` on simulated slips in hands that the network has not seen, and
checked on others (ocr/recognizers/data/cell_digits.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.cell_digits import NO_DIGIT
from ocr.recognizers.ctc import DIGITS
from schemas.log_odds import log_odds, probability

Floats = NDArray[np.float64]

# How much the logarithms of the line reader's two views (their mean) and of the reader of cells count.
LINE_WEIGHT, CELL_WEIGHT = 0.6, 1.0
# For the share of the likeliest number: constant, ln(p / (1 - p)); by both readers, and by the reader of cells alone.
CONFIDENCE = (0.14, 1.0)
CELLS_CONFIDENCE = (2.31, 1.62)
# Cells that are so likely all read right need no reader of lines: of 371 such telephone numbers and dates by people and
# in fonts that the network has not seen (2,227 in all) none is wrong; from 0.75 on one of 883 is.
CELLS_SETTLE_LEAST = 0.85
_LEAST = 1e-5  # no reader is surer than this that a digit is not there
# So many numbers are looked at, from the likeliest down: beyond them lies less than 1 in 1,000.
LISTED = 24
# More than so likely to hold no single digit, a cell is one that a person must look at. Of 180 digits with another one
# written over them 91 are so, 54 above 0.5; of 345 good fields on hand-filled slips 9, all but one of them faxes.
NO_DIGIT_MOST = 0.25
# A number that cannot be gives way to one that can, if that is at least so likely beside it.
GIVES_WAY_LEAST = 0.01
# A number that slips never have but by a misread digit counts so much beside one that they have: chosen, far above how
# often it is what was written. In hands that the network has not seen 1,226 of 1,367 dates pass so, none of which is
# such a one, 1,196 where it counts in full and 1,213 at three tenths, 9 of them wrong each time.
UNUSUAL_COUNTS = 0.1


@dataclass(frozen=True)
class Number:
    """What a number means in the form that records hold, its digits, and how likely it is (0..1)."""

    value: str
    digits: str
    share: float


@dataclass(frozen=True)
class Decoded:
    """The numbers that can be written in a field's cells, likeliest first; `impossible`: the ink alone says another."""

    numbers: tuple[Number, ...]
    impossible: str = ""

    @property
    def share(self) -> float:
        """How likely the likeliest of them is; 0 when there is none."""
        return self.numbers[0].share if self.numbers else 0.0


def weigh(views: Sequence[Floats], cells: NDArray[np.float32]) -> Floats:
    """(cells, 10): how likely each digit is in each cell, after the line reader's views (cells, 10) and the
    reader of cells (cells, 11); rows sum to 1."""
    single = cells[:, :NO_DIGIT] + cells[:, NO_DIGIT:] / NO_DIGIT
    score = CELL_WEIGHT * np.log(np.maximum(single, _LEAST)).astype(np.float64)
    if views:
        score = score + LINE_WEIGHT * np.mean([np.log(np.maximum(view, _LEAST)) for view in views], axis=0)
    chances = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def decode(chances: Floats, means: Callable[[str], str | None]) -> Decoded:
    """The likeliest numbers that `means` knows a meaning of; what has none takes no share.

    Numbers that were not looked at are taken for possible ones, so that no share is too large.
    """
    listed = likeliest_numbers(chances, LISTED)
    possible = [(means(digits), digits, chance) for digits, chance in listed]
    ruled_out = sum(chance for value, _, chance in possible if value is None)
    left = max(1 - ruled_out, 1e-9)
    numbers = tuple(Number(value, digits, chance / left) for value, digits, chance in possible if value is not None)
    first, best = listed[0]
    if possible[0][0] is not None:
        return Decoded(numbers)
    near = tuple(number for number in numbers if number.share * left >= GIVES_WAY_LEAST * best)
    return Decoded(near, impossible=first)


def likely(decoded: Decoded, is_usual: Callable[[str], bool]) -> float:
    """How likely the likeliest number is, given that slips have other than usual values hardly but by a misread digit.

    Which number is the likeliest the ink alone tells: one that is unusual itself is as likely as the ink says.
    """
    if not decoded.numbers or not is_usual(decoded.numbers[0].value):
        return decoded.share
    unusual = sum(number.share for number in decoded.numbers[1:] if not is_usual(number.value))
    return decoded.share / (1 - (1 - UNUSUAL_COUNTS) * unusual)


def likeliest_numbers(chances: Floats, count: int) -> list[tuple[str, float]]:
    """The `count` likeliest numbers of cells (cells, 10) with their probabilities, likeliest first."""
    numbers, shares = [""], np.ones(1)
    for row in chances:
        longer = np.multiply.outer(shares, row).ravel()
        first = np.argsort(-longer, kind="stable")[:count]
        numbers = [numbers[at // len(DIGITS)] + DIGITS[at % len(DIGITS)] for at in first.tolist()]
        shares = longer[first]
    return list(zip(numbers, shares.tolist(), strict=True))


def best_digits(chances: Floats | NDArray[np.float32]) -> str:
    """The likeliest digit of each cell (cells, 10)."""
    return "".join(DIGITS[digit] for digit in chances.argmax(axis=1))


def without_digit(cells: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which cells (cells, 11) the reader takes for something else: struck out, written over, two digits, a scrap."""
    return np.asarray(cells[:, NO_DIGIT] > NO_DIGIT_MOST, np.bool_)


def holds_no_digit(cells: NDArray[np.float32], clear: NDArray[np.float32]) -> bool:
    """Whether one of `cells` holds no single digit, seen as it is and in `clear`, clear of its printed sides and rule.

    Clear of them it counts only where it shows the same digit as before.
    """
    same = cells[:, :NO_DIGIT].argmax(axis=1) == clear[:, :NO_DIGIT].argmax(axis=1)
    return bool((without_digit(cells) & (without_digit(clear) | ~same)).any())


def settled_by_cells(cells: NDArray[np.float32]) -> bool:
    """Whether the cells (cells, 11) alone tell every digit."""
    return bool(weigh([], cells).max(axis=1).prod() >= CELLS_SETTLE_LEAST)


def digits_confidence(share: float, *, by_cells_alone: bool = False) -> float:
    """The probability that the likeliest number is the one that was written."""
    constant, slope = CELLS_CONFIDENCE if by_cells_alone else CONFIDENCE
    return probability(constant + slope * log_odds(share, most=1 - 1e-6))
