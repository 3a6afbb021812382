"""Decode one line of free writing: the recognizer's output combined with a language model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import fold, folding_matrix
from ocr.language.beam_search import search_texts
from ocr.language.closed_list import rank_closed_list
from ocr.language.letter_edits import EditInks, edit_inks
from ocr.language.ngrams import Prior
from ocr.language.rescore import Guess, ink_of, rescore, restore_symbols
from ocr.recognizers.recognizer import RecognizedLine, Spread
from ocr.text.meaning import meaning, runs_together

# This many texts of each view are rescored; the right one is nearly always among them or not found at all.
TEXTS_A_VIEW = 4
UNRIVALLED = 25.0
# A text without a space between two words is so much less expected than with it.
LOST_SPACE_NATS = 4.0


@dataclass(frozen=True, eq=False)
class Look:
    """One view of a line: what the reader held possible, the likeliest folded texts, and the one without a prior."""

    spread: Spread
    texts: tuple[str, ...]
    plain: str

    @cached_property
    def chances(self) -> NDArray[np.float32]:
        """(steps, alphabet.SIZE), the blank last."""
        return np.asarray(self.spread.probabilities @ folding_matrix(self.spread.symbols), np.float32)

    def spelled(self, text: str) -> tuple[str, tuple[float, ...]]:
        """The folded `text` in this view's capitals and accents, each with its probability."""
        self.spell([text])
        return self._spelled[text]

    def spell(self, texts: Sequence[str]) -> None:
        """Find out for several texts at once what `spelled` says of each: one by one takes longer."""
        if new := [text for text in dict.fromkeys(texts) if text not in self._spelled]:
            found = restore_symbols(new, self.spread.symbols, self.spread.probabilities, self.chances)
            self._spelled.update(zip(new, found, strict=True))

    def edited(self, text: str) -> EditInks:
        """How well the folded `text`, not empty, fits this view with one character changed or added."""
        if text not in self._edited:
            self._edited[text] = edit_inks(text, [self.chances])
        return self._edited[text]

    # What was found out of the view once: a second look at the line asks for the same of the first view.
    @cached_property
    def _spelled(self) -> dict[str, tuple[str, tuple[float, ...]]]:
        return {}

    @cached_property
    def _edited(self) -> dict[str, EditInks]:
        return {}


@dataclass(frozen=True, eq=False)
class LineReading:
    """The reading of a line: `value` as written, the rescored guesses, best first, and the text without a prior.

    `plain` is what the first view shows without a prior; `sure` the probability of each character of `value` where it
    stands, the mean over all views.
    """

    value: str
    sure: tuple[float, ...]
    guesses: tuple[Guess, ...]
    plain: Guess
    looks: tuple[Look, ...]

    @property
    def best(self) -> Guess:
        return self.guesses[0]

    def spelled(self, guess: Guess) -> str:
        """The guess in the capitals and accents of the first view: what people choose among is no folded text."""
        return self.looks[0].spelled(guess.text)[0]

    @cached_property
    def edited(self) -> EditInks:
        """How well the best text fits the ink with one character changed or added; it is not empty."""
        replaced, added = zip(*(look.edited(self.best.text) for look in self.looks), strict=True)
        return np.mean(replaced, axis=0), np.mean(added, axis=0)

    def inks_of(self, texts: Sequence[str]) -> list[float]:
        """How well each of the folded `texts` fits the ink, as `best.ink` does: in nats, the mean of all views."""
        return np.mean(ink_of(texts, [look.chances for look in self.looks]), axis=0).tolist() if texts else []

    @cached_property
    def rivals(self) -> tuple[Guess, ...]:
        """The guesses that mean something else than the best one, best first: no comma or space makes a rival.

        Nor does a text that runs words of the best one together, if such a word is not expected.
        """
        said = meaning(self.best.text)
        return tuple(guess for guess in self.guesses[1:] if meaning(guess.text) != said and not self._lost_space(guess))

    def _lost_space(self, guess: Guess) -> bool:
        """Whether the guess only lacks a space: "heatherlarsen" for "heather larsen", not "eriksen" for "erik sen"."""
        unexpected = guess.language < self.best.language - LOST_SPACE_NATS
        return unexpected and runs_together(guess.text, self.best.text)

    @property
    def margin(self) -> float:
        """By how much the best guess scores above the next that means something else, in nats; UNRIVALLED without one.

        Whether a comma stands there is another matter (ocr.text.confidence.word_evidence).
        """
        return self.best.score - self.rivals[0].score if self.rivals else UNRIVALLED


def read_line(seen: Sequence[RecognizedLine], prior: Prior, before: str = "") -> LineReading:
    """Read the line from one view or several; `before` is the folded text of the line above, which it may continue.

    All of `seen` must have a spread.
    """
    return _read([_look(view, prior, before) for view in seen], prior, before)


def read_again(line: LineReading, seen: Sequence[RecognizedLine], prior: Prior, before: str = "") -> LineReading:
    """Read the line again from its views so far and more of them."""
    return _read([*line.looks, *(_look(view, prior, before) for view in seen)], prior, before)


def _look(seen: RecognizedLine, prior: Prior, before: str) -> Look:
    if seen.spread is None:
        raise ValueError("a reading without a spread cannot be decoded")
    look = Look(seen.spread, (), fold(seen.text))
    return Look(seen.spread, tuple(search_texts(look.chances, prior, before)[:TEXTS_A_VIEW]), look.plain)


def _read(looks: Sequence[Look], prior: Prior, before: str) -> LineReading:
    wanted = list(dict.fromkeys(text for look in looks for text in (*look.texts, look.plain)))
    guesses = rescore(wanted, [look.chances for look in looks], prior, before)
    written = [look.spelled(guesses[0].text) for look in looks]
    sure = np.mean([chances for _, chances in written], axis=0)
    unaided = next(guess for guess in guesses if guess.text == looks[0].plain)
    return LineReading(written[0][0], tuple(sure.tolist()), tuple(guesses), unaided, tuple(looks))


def rank_choices(choices: Sequence[str], lines: Sequence[LineReading]) -> list[tuple[str, float]]:
    """`choices` with the probability that each is what all lines together say, likeliest first."""
    views = zip(*(line.looks for line in lines), strict=True)
    return rank_closed_list(choices, [np.concatenate([look.chances for look in view]) for view in views])
