"""A studio's own words on top of a language model: drug names, towns, doctors, whatever people add or confirm."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from ocr.language.alphabet import END, LETTERS, PLACE, SIZE, fold, places_of
from ocr.language.ngrams import Next, Prior, Row

# How often the next word is one of the studio's own: of 20 words on a slip, a doctor's name or a drug.
OWN_SHARE = 0.05
# However far an own word has come, another one may be meant: Quill is no Quillfeather yet.
MOST = 0.98
_WITHIN = np.array([PLACE[letter] for letter in LETTERS])


class OwnWords:
    """A prior that expects certain words besides what `base` expects; a word that it does not know reads as before.

    Within a word the two are mixed as Bayes says: the more letters of an own word have come, and the less `base`
    would have expected them, the more the own words count.
    """

    def __init__(self, base: Prior, words: Iterable[str]) -> None:
        self.weight = base.weight
        self._base = base
        self._rows = _rows(_starts({fold(word) for word in words} - {""}), base)

    def row(self, before: str) -> Row:
        """See Prior.row."""
        base = self._base.row(before)
        own = self._rows.get(_begun(before))
        if own is None:
            return base
        share, row = own
        return np.asarray(np.log((1 - share) * np.exp(base) + share * row(base)), np.float32)

    def after(self, before: str) -> Next:
        """See Prior.after."""
        return Next(self.row(before)) if _begun(before) in self._rows else self._base.after(before)

    def along(self, text: str, before: str) -> Row:
        """See Prior.along."""
        places = [*places_of(text), END]
        return np.array([self.row(before + text[:at])[place] for at, place in enumerate(places)], np.float32)


def _begun(before: str) -> str:
    """The word that `before` ends in."""
    return before[before.rfind(" ") + 1 :]


class _Own:
    """What follows the start of own words: letters with their shares, and the share of words that end here."""

    def __init__(self, letters: Mapping[str, float], ends: float) -> None:
        self._letters = np.zeros(SIZE, np.float32)
        for letter, share in letters.items():
            self._letters[PLACE[letter]] = share
        self._ends = ends

    def __call__(self, base: Row) -> Row:
        """The shares (SIZE,) of the next character; after the whole word, what `base` puts between words."""
        between = np.exp(base)
        between[_WITHIN] = 0.0
        return np.asarray(self._letters + self._ends * between / max(float(between.sum()), 1e-9), np.float32)


def _starts(words: set[str]) -> dict[str, float]:
    """Each start of a word, the whole word with the end mark, and the share of the words that have it."""
    starts: dict[str, float] = defaultdict(float)
    for word in words:
        for length in range(len(word) + 1):
            starts[word[:length]] += 1 / len(words)
        starts[word + "\0"] += 1 / len(words)
    return starts


def _rows(starts: Mapping[str, float], base: Prior) -> dict[str, tuple[float, _Own]]:
    """For each start: how much the own words count after it, and what they expect next."""
    follows: dict[str, dict[str, float]] = defaultdict(dict)
    for start, share in starts.items():
        if start:
            follows[start[:-1]][start[-1]] = share
    rows, expected = {}, {"": 0.0}
    for start in sorted(follows, key=len):
        if start:
            row = base.row(f" {start[:-1]}" if len(start) > 1 else " ")
            expected[start] = expected[start[:-1]] + float(row[PLACE[start[-1]]])
        mine = OWN_SHARE * starts[start]
        share = min(mine / (mine + (1 - OWN_SHARE) * float(np.exp(expected[start]))), MOST)
        total = sum(follows[start].values())
        letters = {letter: part / total for letter, part in follows[start].items() if letter != "\0"}
        rows[start] = (share, _Own(letters, follows[start].get("\0", 0.0) / total))
    return rows
