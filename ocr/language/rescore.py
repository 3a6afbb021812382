"""Score how well texts fit the ink and the language, and restore capitals and accents from the ink."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import END, OTHER, PLACE, folding_matrix
from ocr.language.beam_search import LETTER_BONUS
from ocr.language.ngrams import Prior

# No reader is sure beyond this that a letter is not there: 93 % of 936 doctors' words are told from 77 others with
# 1e-5, 92 % with 1e-3.
CHANCE_LEAST = 1e-5
# Sums of paths shrink by at most CHANCE_LEAST a step: scaled so often, they stay far above what a double can hold.
SCALED_STEPS = 16

Chances = NDArray[np.float32]


@dataclass(frozen=True)
class Guess:
    """A folded text that a line may say.

    `ink` and `language` are natural logarithms of probabilities: that a reader sees what it saw if this is written
    (mean over the views of the line, which `inks` has one by one), and that this is written at all. `score` combines
    both.
    """

    text: str
    ink: float
    language: float
    score: float
    inks: tuple[float, ...] = ()


def rescore(texts: Sequence[str], views: Sequence[Chances], prior: Prior, before: str = "") -> list[Guess]:
    """`texts` as guesses, best first; each of `views` is (steps, SIZE), the blank last."""
    inks = np.transpose([ink_of(texts, view) for view in views])
    guesses = [_guess(text, seen, prior, before) for text, seen in zip(texts, inks, strict=True)]
    return sorted(guesses, key=lambda guess: guess.score, reverse=True)


def _guess(text: str, inks: NDArray[np.float64], prior: Prior, before: str) -> Guess:
    language, ink = language_of(text, prior, before), float(inks.mean())
    score = ink + prior.weight * (language + LETTER_BONUS * len(text))
    return Guess(text, ink, language, score, tuple(inks.tolist()))


def language_of(text: str, prior: Prior, before: str = "") -> float:
    """The logarithm of the probability of `text` and its end after `before`."""
    written = before + text
    places = [*(PLACE.get(character, PLACE[OTHER]) for character in text), END]
    return float(sum(prior.row(written[: len(before) + at])[place] for at, place in enumerate(places)))


def ink_of(texts: Sequence[str], chances: Chances) -> NDArray[np.float64]:
    """(texts,): the logarithm of each text's probability, summed over all alignments (Graves et al. 2006, eq. 8)."""
    labels, skips, ends = _labels(texts)
    seen = np.maximum(chances, CHANCE_LEAST).astype(np.float64)[:, labels.T]  # states before texts: steps in one piece
    may_skip, total = skips.T.astype(np.float64), np.zeros(len(texts))
    forward, moved, skipped = np.zeros((3, labels.shape[1] + 2, len(texts)))  # two states before the first
    forward[2:4] = seen[0, :2]
    for number, step in enumerate(seen[1:], start=1):
        now = np.add(forward[2:], forward[1:-1], out=moved[2:])
        now += np.multiply(forward[:-2], may_skip, out=skipped[2:])
        now *= step
        forward, moved = moved, forward
        if number % SCALED_STEPS == 0:
            scale = np.maximum(np.ascontiguousarray(now.T).sum(axis=1), 1e-300)
            total += np.log(scale)
            now /= scale
    rows = np.arange(len(texts))
    last = forward[ends + 2, rows] + np.where(ends > 0, forward[ends + 1, rows], 0.0)
    return np.asarray(total + np.log(np.maximum(last, 1e-300)))


def _labels(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.intp]]:
    """Each text's states, blanks between letters: (texts, states); which may skip a blank; each one's last state."""
    states = 2 * max(map(len, texts), default=0) + 1
    labels = np.full((len(texts), states), END, np.intp)
    for row, text in enumerate(texts):
        labels[row, 1 : 2 * len(text) + 1 : 2] = [PLACE.get(character, PLACE[OTHER]) for character in text]
    skips = np.zeros(labels.shape, bool)
    skips[:, 2:] = (labels[:, 2:] != END) & (labels[:, 2:] != labels[:, :-2])
    return labels, skips, np.array([2 * len(text) for text in texts], np.intp)


def restore_symbols(text: str, symbols: str, probabilities: NDArray[np.float32]) -> tuple[str, tuple[float, ...]]:
    """The folded `text` in the reader's symbols, capitals and accents as the ink has them, each with its probability.

    `probabilities` is (steps, len(symbols)), the blank first.
    """
    if not text:
        return "", ()
    matrix = folding_matrix(symbols)
    spans = _align(text, np.asarray(probabilities @ matrix))
    framed = np.vstack([probabilities, np.zeros_like(probabilities[:1])])  # a span may end with the last step
    highest = np.maximum.reduceat(framed, spans.ravel())[::2]
    seen = highest * matrix.T[[PLACE.get(character, PLACE[OTHER]) for character in text]]
    seen[:, 0] = 0.0
    best, sums = seen.argmax(axis=1).tolist(), np.minimum(seen.sum(axis=1), 1.0).tolist()
    shown = seen.max(axis=1) > 0
    written = (symbols[at] if seen else plain for at, seen, plain in zip(best, shown, text, strict=True))
    return "".join(written), tuple(sums)


def _align(text: str, chances: Chances) -> NDArray[np.intp]:
    """(letters, 2): the first step at which each letter of `text` is seen, and the one after its last.

    They are those of the likeliest alignment (Viterbi).
    """
    labels, skips, ends = (label[0] for label in _labels([text]))
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(chances, CHANCE_LEAST)).astype(np.float64)[:, labels]
    no_skip = np.where(skips, 0.0, -np.inf)
    score, best = np.full((2, len(labels) + 2), -np.inf)  # two states before the first
    score[2:4] = logs[0, :2]
    goes_on, skipped = np.zeros((2, *logs.shape), bool)  # by one state, and to a letter without the blank before it
    for step, on, over in zip(logs[1:], goes_on[1:], skipped[1:], strict=True):
        now, by_skip = best[2:], score[:-2] + no_skip
        np.greater(score[1:-1], score[2:], out=on)
        np.maximum(score[2:], score[1:-1], out=now)
        np.greater(by_skip, now, out=over)
        np.maximum(now, by_skip, out=now)
        now += step
        score, best = best, score
    came = np.where(skipped, 2, goes_on).tolist()
    state = int(ends if score[ends + 2] >= score[ends + 1] else ends - 1)
    states = np.empty(len(logs), np.intp)
    for number in range(len(logs) - 1, -1, -1):
        states[number] = state
        state -= came[number][state]
    letters = 2 * np.arange(len(text)) + 1
    return np.stack([np.searchsorted(states, letters, side=side) for side in ("left", "right")], axis=1)
