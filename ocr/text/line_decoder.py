"""Decode one line of free writing: the recognizer's output combined with a language model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import fold, folding_matrix
from ocr.language.beam_search import search_texts
from ocr.language.closed_list import rank_closed_list
from ocr.language.ngrams import Prior
from ocr.language.rescore import Guess, rescore, restore_symbols
from ocr.recognizers.recognizer import RecognizedLine, Spread
from ocr.text.meaning import meaning

# This many texts of each view are rescored; the right one is nearly always among them or not found at all.
TEXTS_A_VIEW = 4
UNRIVALLED = 25.0
# Whether there is a comma is a doubt only where both are nearly as likely: of 426 fields of simulated slips that are
# sure without this limit it takes 4, of which 3 differed in a comma or a point from what was written.
CLOSE_NATS = 1.5


@dataclass(frozen=True, eq=False)
class LineReading:
    """The reading of a line: `value` as written, the rescored guesses, best first, and the text without a prior.

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
        """By how much the best guess scores above the next that means something else, in nats; UNRIVALLED without one.

        A rival that is nearly as likely counts whatever it differs in.
        """
        said = meaning(self.best.text)
        ahead = [(guess, self.best.score - guess.score) for guess in self.guesses[1:]]
        rivals = (lead for guess, lead in ahead if lead < CLOSE_NATS or meaning(guess.text) != said)
        return next(rivals, UNRIVALLED)


def read_line(seen: RecognizedLine, prior: Prior, before: str = "") -> LineReading:
    """Read the line from one view; `before` is the folded text of the line above, which it may continue.

    `seen` must have a spread.
    """
    if seen.spread is None:
        raise ValueError("a reading without a spread cannot be decoded")
    return _read([seen.spread], search_texts(_chances(seen.spread), prior, before), fold(seen.text), prior, before)


def read_again(line: LineReading, seen: RecognizedLine, prior: Prior, before: str = "") -> LineReading:
    """Read the line again from its views so far and one more."""
    if seen.spread is None:
        return line
    texts = [guess.text for guess in line.guesses] + search_texts(_chances(seen.spread), prior, before)[:TEXTS_A_VIEW]
    return _read([*line.spreads, seen.spread], texts, line.plain.text, prior, before)


def _read(spreads: list[Spread], texts: Sequence[str], plain: str, prior: Prior, before: str) -> LineReading:
    wanted = list(dict.fromkeys([*texts[: 2 * TEXTS_A_VIEW], plain]))
    guesses = rescore(wanted, [_chances(spread) for spread in spreads], prior, before)
    value, sure = restore_symbols(guesses[0].text, spreads[0].symbols, spreads[0].probabilities)
    unaided = next(guess for guess in guesses if guess.text == plain)
    return LineReading(value, sure, tuple(guesses), unaided, tuple(spreads))


def rank_choices(choices: Sequence[str], lines: Sequence[LineReading]) -> list[tuple[str, float]]:
    """`choices` with the probability that each is what all lines together say, likeliest first."""
    views = zip(*(line.spreads for line in lines), strict=True)
    return rank_closed_list(choices, [np.concatenate([_chances(spread) for spread in view]) for view in views])


def _chances(spread: Spread) -> NDArray[np.float32]:
    return np.asarray(spread.probabilities @ folding_matrix(spread.symbols), np.float32)
