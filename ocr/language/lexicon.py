"""Words that are known, and words that are one stroke of the pen from a known one."""

import gzip
import re
from collections.abc import Iterable
from functools import cache, cached_property
from itertools import groupby
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ocr.language.alphabet import LETTERS, fold
from ocr.language.ngrams import DATA

# A shorter word has so many neighbors that nearly every abbreviation would be one stroke from a word.
NEAR_LEAST = 5
# A word that is misread is like so many known ones at most; farther ones are no help to a person.
LIKE_MOST, EDITS_MOST = 12, 2
_WORD = re.compile(r"[a-z]+")


class Lexicon:
    """A list of known words and names, in lower case, with a studio's own words in it."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = {word for entry in own for word in _WORD.findall(fold(entry))} - _listed()
        self._known = _listed() | self._own

    def __contains__(self, word: str) -> bool:
        """Whether the folded `word` is in the list."""
        return word in self._known

    def near_miss(self, text: str) -> str | None:
        """The first word of `text` that is unknown but would be known with one letter added, lost or changed."""
        return next((word for word in self.unknown(text) if not self._known.isdisjoint(_neighbors(word))), None)

    def unknown(self, text: str) -> list[str]:
        """The words of `text` that are in no list; short ones aside, which may be anybody's abbreviation."""
        return [word for word in _WORD.findall(fold(text)) if len(word) >= NEAR_LEAST and word not in self._known]

    def like(self, word: str) -> list[str]:
        """Known words that differ from `word` in at most two letters, the nearest first."""
        near = [
            one
            for length in (len(word) + 1, len(word), len(word) - 1)  # a lost letter is likelier than one too many
            for one in process.extract(
                word,
                self._by_length.get(length, []),
                scorer=Levenshtein.distance,
                score_cutoff=EDITS_MOST,
                limit=LIKE_MOST,
            )
        ]
        return [known for known, _, _ in sorted(near, key=itemgetter(1))[:LIKE_MOST]]

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        """Known words by the number of their letters, each time in the order of letters, as the list of words is."""
        words = sorted(sorted([*_words(), *self._own]), key=len)
        return {length: list(several) for length, several in groupby(words, key=len)}


def _neighbors(word: str) -> set[str]:
    """All that is one letter from `word` (Damerau 1964, without the swaps, which no reader makes)."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lost = {left + right[1:] for left, right in parts if right}
    changed = {left + letter + right[1:] for left, right in parts if right for letter in LETTERS}
    added = {left + letter + right for left, right in parts for letter in LETTERS}
    return lost | changed | added


@cache
def _words() -> tuple[str, ...]:
    return tuple(gzip.decompress((DATA / "words.txt.gz").read_bytes()).decode("ascii").split())


@cache
def _listed() -> frozenset[str]:
    return frozenset(_words())
