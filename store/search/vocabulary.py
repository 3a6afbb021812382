"""All words of an index in memory, and which of them a typed one may mean, with the misspellings that people make."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from store.search.words import CODE, DATE, PHONE, PHONE_LOCAL, PHONE_WHOLE, SERIAL, TEXT, Word

SIMILAR_MOST = 40  # words
TIERS = 4
# How many letters may be wrong (optimal string alignment: swapped neighbours count once). Damerau (1964) found four of
# five misspellings to be of one letter; short words become other words with one.
ONE_WRONG_FROM, TWO_WRONG_FROM = 4, 8
BEGUN_LEAST, WITHIN_LEAST = 2, 3  # letters of the beginning of a word, and of a piece of one
PHONE_PART_LEAST = 3
KINDS = (TEXT, PHONE, SERIAL, CODE, DATE)
_LIKE_A_CODE = re.compile(r"[a-z][0-9][0-9a-z]{1,5}")


@dataclass(frozen=True)
class Meant:
    """The words that a token may mean: itself, those that begin with it, those that hold it, those like it."""

    whole: frozenset[Word] = frozenset()
    begun: frozenset[Word] = frozenset()
    held: frozenset[Word] = frozenset()
    similar: frozenset[Word] = frozenset()

    def within(self, tier: int) -> frozenset[Word]:
        """The words of the first tiers, 0 to `tier`."""
        return frozenset().union(*(self.whole, self.begun, self.held, self.similar)[: tier + 1])


@dataclass
class Vocabulary:
    """The words there are, by kind. 10 MB for 100,000 referrals."""

    words: dict[str, list[str]] = field(
        default_factory=lambda: {kind: [] for kind in (TEXT, PHONE, SERIAL, CODE, DATE)}
    )
    known: set[Word] = field(default_factory=set)

    def learn(self, words: Iterable[Word]) -> None:
        """Take in words that came."""
        for word in words:
            if word not in self.known:
                self.known.add(word)
                self.words[word[0]].append(word[1])

    def meant_by(self, token: str) -> Meant:
        """Which words a token may mean, as `store.search.words.tokens_of` gives it."""
        if "-" in token:
            return Meant(whole=frozenset((DATE, day) for day in self.words[DATE] if day.endswith(token)))
        if token.isdecimal():
            return self._number(token)
        whole = {(kind, token) for kind in (TEXT, CODE)} & self.known
        begun, held = set[Word](), set[Word]()
        for word in self.words[TEXT]:
            if token in word:
                (begun if word.startswith(token) else held).add((TEXT, word))
        if _LIKE_A_CODE.fullmatch(token):
            begun |= {(CODE, code) for code in self.words[CODE] if code.startswith(token)}
            return Meant(frozenset(whole), frozenset(begun))
        return Meant(
            frozenset(whole),
            frozenset(begun) if len(token) >= BEGUN_LEAST else frozenset(),
            frozenset(held) if len(token) >= WITHIN_LEAST else frozenset(),
            self._similar(token),
        )

    def _number(self, token: str) -> Meant:
        whole = {(SERIAL, str(int(token))), (PHONE, token), (TEXT, token)} & self.known
        if len(token) < PHONE_PART_LEAST:
            return Meant(frozenset(whole))
        begun = {(TEXT, word) for word in self.words[TEXT] if word.startswith(token)}
        begun |= {(PHONE, phone) for phone in self.words[PHONE] if token in phone}
        return Meant(frozenset(whole), frozenset(begun), similar=self._similar_phones(token))

    def _similar(self, token: str) -> frozenset[Word]:
        wrong = (len(token) >= ONE_WRONG_FROM) + (len(token) >= TWO_WRONG_FROM)
        if not wrong:
            return frozenset()
        near = extract(token, self.words[TEXT], scorer=OSA.distance, score_cutoff=wrong, limit=SIMILAR_MOST)
        return frozenset((TEXT, word) for word, _, _ in near)

    def _similar_phones(self, token: str) -> frozenset[Word]:
        """Phones, or their last seven digits, with one digit wrong."""
        if len(token) not in (PHONE_LOCAL, PHONE_WHOLE):
            return frozenset()
        phones = self.words[PHONE]
        ends = [phone[-len(token) :] for phone in phones]
        near = extract(token, ends, scorer=OSA.distance, score_cutoff=1, limit=SIMILAR_MOST)
        return frozenset((PHONE, phones[at]) for _, _, at in near)
