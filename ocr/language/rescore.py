"""Score how well texts fit the ink and the language, and restore capitals and accents from the ink."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr.language.alphabet import END, folding_matrix, places_of
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
    inks = ink_of(texts, views).T
    seen = zip(texts, inks.mean(axis=1).tolist(), inks.tolist(), strict=True)
    guesses = [_guess(text, ink, by_view, prior, before) for text, ink, by_view in seen]
    return sorted(guesses, key=lambda guess: guess.score, reverse=True)


def _guess(text: str, ink: float, inks: Sequence[float], prior: Prior, before: str) -> Guess:
    language = language_of(text, prior, before)
    score = ink + prior.weight * (language + LETTER_BONUS * len(text))
    return Guess(text, ink, language, score, tuple(inks))


def language_of(text: str, prior: Prior, before: str = "") -> float:
    """The logarithm of the probability of `text` and its end after `before`."""
    return float(np.add.accumulate(prior.along(text, before))[-1])  # one after the other, as single precision goes


def ink_of(texts: Sequence[str], views: Sequence[Chances]) -> NDArray[np.float64]:
    """(views, texts): the logarithm of each text's probability, summed over all alignments (Graves et al. 2006, eq. 8).

    Views go on side by side, step by step, until the shortest ends.
    """
    labels, skips, ends = _labels(texts)
    count, rows, start = len(texts), np.arange(len(texts)), 0
    inks = np.empty((len(views), count))
    sums, total = np.zeros((labels.shape[1] + 2, inks.size)), np.zeros(inks.size)  # two states before the first
    order = sorted(range(len(views)), key=lambda number: len(views[number]))
    for turn, number in enumerate(order):
        parts = [np.maximum(views[other][start : len(views[number])], CHANCE_LEAST) for other in order[turn:]]
        seen = np.concatenate([part.astype(np.float64)[:, labels.T] for part in parts], axis=2)
        sums = _summed(sums, seen, np.tile(skips.T.astype(np.float64), len(parts)), total, start)
        last = sums[ends + 2, rows] + np.where(ends > 0, sums[ends + 1, rows], 0.0)
        inks[number] = total[:count] + np.log(np.maximum(last, 1e-300))
        sums, total, start = np.ascontiguousarray(sums[:, count:]), total[count:], len(views[number])
    return inks


def _summed(
    sums: NDArray[np.float64],
    seen: NDArray[np.float64],
    may_skip: NDArray[np.float64],
    total: NDArray[np.float64],
    start: int,
) -> NDArray[np.float64]:
    """The sums of paths after the steps `seen` (steps, states, texts), of which the first has the number `start`.

    They are (2 + states, texts), scaled; the scales' logarithms go into `total`. States lie before texts: so each step
    is in one piece.
    """
    moved, skipped = np.zeros_like(sums), np.empty_like(may_skip)
    here, there = ((each, each[2:], each[1:-1], each[:-2]) for each in (sums, moved))
    for number, step in enumerate(seen, start=start):
        if number == 0:
            sums[2:4] = step[:2]
            continue
        (_, same, before, over), now = here, there[1]
        np.add(same, before, now)
        np.multiply(over, may_skip, skipped)
        np.add(now, skipped, now)
        np.multiply(now, step, now)
        here, there = there, here
        if number % SCALED_STEPS == 0:
            scale = np.maximum(np.ascontiguousarray(now.T).sum(axis=1), 1e-300)
            total += np.log(scale)
            now /= scale
    return here[0]


def _labels(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.intp]]:
    """Each text's states, blanks between letters: (texts, states); which may skip a blank; each one's last state."""
    states = 2 * max(map(len, texts), default=0) + 1
    labels = np.full((len(texts), states), END, np.intp)
    for row, text in enumerate(texts):
        labels[row, 1 : 2 * len(text) + 1 : 2] = np.frombuffer(places_of(text), np.uint8)
    skips = np.zeros(labels.shape, bool)
    skips[:, 2:] = (labels[:, 2:] != END) & (labels[:, 2:] != labels[:, :-2])
    return labels, skips, np.array([2 * len(text) for text in texts], np.intp)


def restore_symbols(
    texts: Sequence[str], symbols: str, probabilities: NDArray[np.float32], chances: Chances
) -> list[tuple[str, tuple[float, ...]]]:
    """The folded `texts` in the reader's symbols, capitals and accents as the ink has them, each with its probability.

    `probabilities` is (steps, len(symbols)), the blank first; `chances` the same folded, the blank last.
    """
    spans = iter(_align([text for text in texts if text], chances))
    framed = np.vstack([probabilities, np.zeros_like(probabilities[:1])])  # a span may end with the last step
    return [_restored(text, symbols, framed, next(spans)) if text else ("", ()) for text in texts]


def _restored(
    text: str, symbols: str, framed: NDArray[np.float32], spans: NDArray[np.intp]
) -> tuple[str, tuple[float, ...]]:
    highest = np.maximum.reduceat(framed, spans.ravel())[::2]
    seen = highest * folding_matrix(symbols).T[list(places_of(text))]
    seen[:, 0] = 0.0
    best, sums = seen.argmax(axis=1).tolist(), np.minimum(seen.sum(axis=1), 1.0).tolist()
    shown = seen.max(axis=1) > 0
    written = (symbols[at] if seen else plain for at, seen, plain in zip(best, shown, text, strict=True))
    return "".join(written), tuple(sums)


def _align(texts: Sequence[str], chances: Chances) -> list[NDArray[np.intp]]:
    """Of each text (letters, 2): the first step at which each of its letters is seen, and the one after its last.

    They are those of the likeliest alignment (Viterbi); no text is empty.
    """
    labels, skips, ends = _labels(texts)
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(chances, CHANCE_LEAST)).astype(np.float64)[:, labels.T]  # states before texts
    no_skip = np.ascontiguousarray(np.where(skips.T, 0.0, -np.inf))
    score, best = np.full((2, labels.shape[1] + 2, len(texts)), -np.inf)  # two states before the first
    score[2:4] = logs[0, :2]
    goes_on, skipped = np.zeros((2, *logs.shape), bool)  # by one state, and to a letter without the blank before it
    by_skip = np.empty_like(no_skip)
    for step, on, over in zip(logs[1:], goes_on[1:], skipped[1:], strict=True):
        now, same, before = best[2:], score[2:], score[1:-1]
        np.add(score[:-2], no_skip, by_skip)
        np.greater(before, same, on)
        np.maximum(same, before, out=now)
        np.greater(by_skip, now, over)
        np.maximum(now, by_skip, out=now)
        np.add(now, step, now)
        score, best = best, score
    came = np.where(skipped, np.uint8(2), goes_on.view(np.uint8))
    last = np.where(score[ends + 2, np.arange(len(texts))] >= score[ends + 1, np.arange(len(texts))], ends, ends - 1)
    return [
        _spans(came[:, :, row], int(state), len(text))
        for row, (state, text) in enumerate(zip(last, texts, strict=True))
    ]


def _spans(came: NDArray[np.uint8], state: int, count: int) -> NDArray[np.intp]:
    """The steps of `count` letters, (count, 2), where each state (steps, states) `came` from so many before it."""
    states = np.empty(len(came), np.intp)
    for number, step in zip(range(len(came) - 1, -1, -1), came[::-1].tolist(), strict=True):
        states[number] = state
        state -= step[state]
    letters = 2 * np.arange(count) + 1
    return np.stack([np.searchsorted(states, letters, side=side) for side in ("left", "right")], axis=1)
