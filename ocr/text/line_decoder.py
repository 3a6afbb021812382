"""One line of free writing: what the reader saw in it, weighed with what people write."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import folded, folding
from ocr.language.beam_search import search
from ocr.language.closed_list import ranked
from ocr.language.ngrams import Prior
from ocr.language.rescore import Guess, as_written, weighed
from ocr.recognisers.recogniser import Recognised, Spread

# So many texts of each view are weighed against each other; the right one is nearly always among them or nowhere.
WEIGHED = 4
UNRIVALLED = 25.0


@dataclass(frozen=True, eq=False)
class LineReading:
    """What a line says: `value` as written, the guesses that were weighed, best first, and what the eye alone saw.

    `plain` is the folded text without a prior; `sure` the probability of each character of `value` where it stands.
    """

    value: str
    sure: tuple[float, ...]
    guesses: tuple[Guess, ...]
    plain: Guess
    spreads: tuple[Spread, ...]

    @property
    def best(self) -> Guess:
        return self.guesses[0]

    @property
    def margin(self) -> float:
        """By how much the best guess is worth more than the next, in nats; a guess without rival is worth much more."""
        return self.best.score - self.guesses[1].score if len(self.guesses) > 1 else UNRIVALLED


def read_line(seen: Recognised, prior: Prior, before: str = "") -> LineReading:
    """The line as one view shows it; `before` is the folded text of the line above, which it may go on from.

    `seen` must have a spread.
    """
    if seen.spread is None:
        raise ValueError("a reader without a spread leaves nothing to weigh")
    return _read([seen.spread], search(_chances(seen.spread), prior, before), folded(seen.text), prior, before)


def read_again(line: LineReading, seen: Recognised, prior: Prior, before: str = "") -> LineReading:
    """The line as both the views of it so far and one more show it."""
    if seen.spread is None:
        return line
    texts = [guess.text for guess in line.guesses] + search(_chances(seen.spread), prior, before)[:WEIGHED]
    return _read([*line.spreads, seen.spread], texts, line.plain.text, prior, before)


def _read(spreads: list[Spread], texts: Sequence[str], plain: str, prior: Prior, before: str) -> LineReading:
    wanted = list(dict.fromkeys([*texts[: 2 * WEIGHED], plain]))
    guesses = weighed(wanted, [_chances(spread) for spread in spreads], prior, before)
    value, sure = as_written(guesses[0].text, spreads[0].symbols, spreads[0].probabilities)
    unaided = next(guess for guess in guesses if guess.text == plain)
    return LineReading(value, sure, tuple(guesses), unaided, tuple(spreads))


def among(choices: Sequence[str], lines: Sequence[LineReading]) -> list[tuple[str, float]]:
    """Which of `choices` is written on all lines together: with probabilities, likeliest first."""
    views = zip(*(line.spreads for line in lines), strict=True)
    return ranked(choices, [np.concatenate([_chances(spread) for spread in view]) for view in views])


def _chances(spread: Spread) -> NDArray[np.float32]:
    return np.asarray(spread.probabilities @ folding(spread.symbols), np.float32)
