"""Read text out of a CTC spread: the likeliest character of each step, or exactly so many digits."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ocr.recognizers.recognizer import Spread

Floats = NDArray[np.float64]
DIGITS = "0123456789"
# What the reader takes hand-drawn digits for; it counts as the digit where only digits can be meant.
LOOK_ALIKES = {"0": "OoDQ", "1": "lI|i", "2": "Zz", "4": "A", "5": "Ss", "6": "bG", "7": "T", "8": "B", "9": "gq"}
_LEAST = 1e-6  # below what the reader tells apart, yet above 0: no path is impossible


def read_greedily(spread: Spread) -> tuple[str, tuple[float, ...]]:
    """The likeliest symbol of each step, repeats and blanks dropped; with each character's highest probability."""
    best = spread.probabilities.argmax(axis=1)
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    highest = np.maximum.reduceat(spread.probabilities.max(axis=1), starts) if starts.size else starts
    runs = [(symbol, chance) for symbol, chance in zip(best[starts].tolist(), highest.tolist(), strict=True) if symbol]
    text = "".join(spread.symbols[symbol] for symbol, _ in runs)
    chances = tuple(chance for _, chance in runs)
    leading = len(text) - len(text.lstrip())
    return text.strip(), chances[leading : len(text.rstrip())]


def read_digits(spread: Spread, count: int) -> tuple[str, Floats]:
    """The likeliest `count` digits, and (count, 10) how likely each digit is at each of their places.

    All that is no digit counts as blank: separators, and strokes left over from printed cells. Where the reader saw
    hardly a digit, all ten are nearly as likely; rows sum to 1. A line too short for so many has none: "" and (0, 10).
    """
    shares = _digit_shares(spread)
    runs = _runs_of(shares, count)
    if runs is None:
        return "", np.empty((0, len(DIGITS)))
    seen = np.stack([shares[start:end, 1:].max(axis=0) for _, start, end in runs])
    chances = seen + (1 - seen.sum(axis=1, keepdims=True)).clip(0) / len(DIGITS)
    digits = "".join(DIGITS[symbol - 1] for symbol, _, _ in runs)
    return digits, np.asarray(chances / chances.sum(axis=1, keepdims=True))


def read_signs(spread: Spread, signs: Sequence[str], count: int) -> Floats:
    """(count, len(signs)): how likely each sign is at each place of a text of exactly `count`; (0, len) when too short.

    `signs` are the symbols that each counts for; one that counts for several, as O for 0, is in all of theirs.
    """
    columns = [[spread.symbols.index(c) for c in known if c in spread.symbols] for known in signs]
    seen = np.stack([spread.probabilities[:, column].sum(axis=1) for column in columns], axis=1).astype(np.float64)
    any_sign = spread.probabilities[:, sorted({at for column in columns for at in column})].sum(axis=1)
    shares = np.column_stack([1 - any_sign, seen]).clip(_LEAST)
    runs = _runs_of(shares, count)
    if runs is None:
        return np.empty((0, len(signs)))
    return np.stack([shares[start:end, 1:].max(axis=0) for _, start, end in runs])


def _runs_of(shares: Floats, count: int) -> list[tuple[int, int, int]] | None:
    """The stretch of each of the likeliest `count` symbols: symbol, first step, step after its last."""
    path = _best_path(np.log(shares), count)
    return None if path is None else [run for run in symbol_runs(path) if run[0]]


def symbol_runs(path: NDArray[np.intp]) -> Iterator[tuple[int, int, int]]:
    """Each run of equal symbols: symbol, first step, step after its last."""
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(path)], strict=True):
        yield int(path[start]), int(start), int(end)


def _digit_shares(spread: Spread) -> Floats:
    """(steps, 11): the blank, then the ten digits with their look-alikes; rows sum to 1."""
    columns = [[spread.symbols.index(c) for c in digit + LOOK_ALIKES.get(digit, "")] for digit in DIGITS]
    digits = np.stack([spread.probabilities[:, column].sum(axis=1) for column in columns], axis=1).astype(np.float64)
    shares = np.column_stack([1 - digits.sum(axis=1), digits]).clip(_LEAST)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _best_path(log_shares: Floats, count: int) -> NDArray[np.intp] | None:
    """The likeliest symbol of each step among all paths that spell exactly `count` digits (Viterbi).

    A state is (digits so far, symbol of this step); a digit follows the same digit only across a blank.
    """
    symbols = log_shares.shape[1]
    score = np.full((count + 1, symbols), -np.inf)
    score[0, 0] = 0.0
    came_from = []
    for step in log_shares:
        score, previous = _advance(score, step)
        came_from.append(previous)
    digits, symbol = count, int(score[count].argmax())
    if not np.isfinite(score[digits, symbol]):
        return None
    path = []
    for previous in reversed(came_from):
        path.append(symbol)
        before = int(previous[digits, symbol])
        digits -= int(symbol != 0 and before != symbol)
        symbol = before
    return np.array(path[::-1], np.intp)


@cache
def _no_repeat(symbols: int) -> Floats:
    """(symbols - 1, symbols), the blank first: a sign (row) begins anew after any symbol but itself."""
    return np.where(np.eye(symbols, dtype=bool)[1:], -np.inf, 0.0)


def _advance(score: Floats, step: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Scores after one more step, and for each state the symbol of the step before."""
    symbols = score.shape[1]
    previous = np.broadcast_to(np.arange(symbols), score.shape).copy()  # a sign that goes on
    best = score.copy()
    previous[:, 0], best[:, 0] = score.argmax(axis=1), score.max(axis=1)
    starts = score[:-1, None, :] + _no_repeat(symbols)  # (count, sign, before)
    came, reached = starts.argmax(axis=2), starts.max(axis=2)
    begins = reached > best[1:, 1:]
    np.copyto(previous[1:, 1:], came, where=begins)
    np.copyto(best[1:, 1:], reached, where=begins)
    return best + step, previous
