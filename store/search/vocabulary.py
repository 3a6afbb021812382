"""The words of an index in memory, and which of them a typed one may mean, with the misspellings that people make."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from store.search.word_list import WordList
from store.search.words import CODE, DATE, PHONE, PHONE_LOCAL, PHONE_WHOLE, SERIAL, TEXT, Word

SIMILAR_MOST = 40  # words
TIERS = 4
# How many letters may be wrong (optimal string alignment: swapped neighbors count once). Damerau (1964) found four of
# five misspellings to be of one letter; short words become other words with one.
ONE_WRONG_FROM, TWO_WRONG_FROM = 4, 8
BEGUN_LEAST, WITHIN_LEAST = 2, 3  # letters of the beginning of a word, and of a piece of one
_LIKE_A_CODE = re.compile(r"[a-z][0-9][0-9a-z]{1,5}")


class Meant:
    """The words that a token may mean: itself, those that begin with it, those that hold it, those like it."""

    def __init__(self, *tiers: Callable[[], Iterable[Word]]) -> None:
        self._tiers, self._found = tiers, list[frozenset[Word]]()

    def within(self, tier: int) -> frozenset[Word]:
        """The words of the first tiers, 0 to `tier`; each is looked for when asked for, as the last seldom are."""
        for find in self._tiers[len(self._found) : tier + 1]:
            self._found.append(frozenset(find()))
        return frozenset().union(*self._found[: tier + 1])


class Vocabulary:
    """The words there are, by kind. `most`: of those that begin with a token, or hold it, so many count, the newest.

    Without `has_whole` words are not kept as a whole, and each comes once: a token may then mean itself, whether there
    is such a word or not, and whoever asks looks it up.
    """

    def __init__(self, most: int | None = None, *, has_whole: bool = True) -> None:
        self._known: set[Word] | None = set() if has_whole else None
        self._most = most
        self._lists = {kind: WordList() for kind in (TEXT, PHONE, CODE, DATE)}  # serials are only asked for as a whole
        self._of_length: dict[int, list[str]] = {}  # texts

    def learn(self, words: Iterable[Word]) -> None:
        """Take in words that came."""
        for kind, word in words:
            if self._known is not None:
                if (kind, word) in self._known:
                    continue
                self._known.add((kind, word))
            if kind in self._lists:
                self._lists[kind].add(word)
            if kind == TEXT:
                self._of_length.setdefault(len(word), []).append(word)

    def meant_by(self, token: str) -> Meant:
        """Which words a token may mean, as `store.search.words.tokens_of` gives it."""
        if "-" in token:
            return Meant(lambda: _of(DATE, self._lists[DATE].ending(token)))
        if token.isdecimal():
            return self._number(token)
        whole, begun = partial(self._whole, (TEXT, token), (CODE, token)), partial(self._begun, TEXT, token)
        if _LIKE_A_CODE.fullmatch(token):
            return Meant(whole, lambda: begun() | self._begun(CODE, token))
        return Meant(whole, begun, partial(self._held, TEXT, token), partial(self._similar, token))

    def _number(self, token: str) -> Meant:
        whole = partial(self._whole, (SERIAL, str(int(token))), (PHONE, token), (TEXT, token))
        if len(token) < WITHIN_LEAST:
            return Meant(whole)
        held = partial(self._held, PHONE, token)
        return Meant(whole, lambda: self._begun(TEXT, token) | held(), set, partial(self._similar_phones, token))

    def _whole(self, *words: Word) -> set[Word]:
        return set(words) if self._known is None else self._known.intersection(words)

    def _begun(self, kind: str, token: str) -> set[Word]:
        return _of(kind, self._lists[kind].beginning(token, self._most) if len(token) >= BEGUN_LEAST else ())

    def _held(self, kind: str, token: str) -> set[Word]:
        return _of(kind, self._lists[kind].holding(token, self._most) if len(token) >= WITHIN_LEAST else ())

    def _similar(self, token: str) -> set[Word]:
        wrong = (len(token) >= ONE_WRONG_FROM) + (len(token) >= TWO_WRONG_FROM)
        lengths = range(len(token) - wrong, len(token) + wrong + 1) if wrong else ()
        texts = [text for length in lengths for text in self._of_length.get(length, ())]
        near = extract(token, texts, scorer=OSA.distance, score_cutoff=wrong, limit=SIMILAR_MOST)
        return _of(TEXT, (word for word, _, _ in near))

    def _similar_phones(self, token: str) -> set[Word]:
        """Phones, or their last seven digits, with one digit wrong: they have one half of it, or its middle swapped."""
        if len(token) not in (PHONE_LOCAL, PHONE_WHOLE):
            return set()
        half, rest = len(token) // 2, len(token) - len(token) // 2
        swapped = token[: half - 1] + token[half] + token[half - 1] + token[half + 1 :]
        like = (rf"{token[:half]}\d{{{rest - 1},{rest + 1}}}", token[half:], swapped)
        phones = list(dict.fromkeys(chain(*map(self._lists[PHONE].ending, like))))
        ends = [phone[-len(token) :] for phone in phones]
        near = extract(token, ends, scorer=OSA.distance, score_cutoff=1, limit=SIMILAR_MOST)
        return _of(PHONE, (phones[at] for _, _, at in near))


def _of(kind: str, words: Iterable[str]) -> set[Word]:
    return {(kind, word) for word in words}
