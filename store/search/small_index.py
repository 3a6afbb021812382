"""An index in memory of what there are few of, beside the referrals: brought up to date before each search."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from sqlalchemy.engine import Connection

from store.search.vocabulary import TIERS, Vocabulary
from store.search.words import Word

Key = TypeVar("Key", int, str)
Stamp = TypeVar("Stamp")
Hit = TypeVar("Hit")
Places = Mapping[Word, int]  # what something is found by, and in which place the word stands: 0 the best


class SearchSource(ABC, Generic[Key, Stamp, Hit]):
    """A kind of thing that is searched for; `most` are shown."""

    most: ClassVar[int]

    @abstractmethod
    def stamps(self, connection: Connection) -> Mapping[Key, Stamp]:
        """All there are; one whose stamp is another than before has changed."""

    @abstractmethod
    def words(self, connection: Connection, changed: Mapping[Key, Stamp]) -> Mapping[Key, Places]:
        """What those that changed are found by."""

    @abstractmethod
    def found(self, connection: Connection, keys: Sequence[Key]) -> Sequence[Hit]:
        """These, in this order, as a page shows them."""


class SmallIndex(Generic[Key, Stamp, Hit]):
    """The words of one source. Not for several threads at once."""

    def __init__(self, source: SearchSource[Key, Stamp, Hit]) -> None:
        self._source: SearchSource[Key, Stamp, Hit] = source
        self._vocabulary = Vocabulary()
        self._stamps: dict[Key, Stamp] = {}
        self._words: dict[Key, Places] = {}
        self._holders: dict[Word, dict[Key, int]] = {}

    def rank(self, connection: Connection, tokens: Sequence[str]) -> dict[Key, int]:
        """The best that have all tokens, each with its tier: words themselves, beginnings, pieces, misspellings."""
        if not tokens:
            return {}
        self.catch_up(connection)
        return dict(list(self._ranked(tokens).items())[: self._source.most])

    def shown(self, connection: Connection, keys: Iterable[Key]) -> list[Hit]:
        """These, in this order, as a page shows them."""
        wanted = list(keys)
        return list(self._source.found(connection, wanted)) if wanted else []

    def catch_up(self, connection: Connection) -> None:
        """Take in what changed since the last time; the first time it is everything."""
        now = self._source.stamps(connection)
        for gone in self._stamps.keys() - now.keys():
            self._forget(gone)
        changed = {key: stamp for key, stamp in now.items() if self._stamps.get(key) != stamp}
        if not changed:
            return
        for key, places in self._source.words(connection, changed).items():
            self._forget(key)
            self._words[key], self._stamps[key] = places, changed[key]
            self._vocabulary.learn(places)
            for word, place in places.items():
                self._holders.setdefault(word, {})[key] = place

    def _forget(self, key: Key) -> None:
        self._stamps.pop(key, None)
        for word in self._words.pop(key, {}):
            self._holders[word].pop(key, None)

    def _ranked(self, tokens: Sequence[str]) -> dict[Key, int]:
        meant = [self._vocabulary.meant_by(token) for token in tokens]
        ranked: dict[Key, int] = {}
        for tier in range(TIERS):
            holding = [self._holding(words.within(tier)) for words in meant]
            places = {key: min(held[key] for held in holding) for key in holding[0] if all(key in h for h in holding)}
            best_first = sorted(sorted(places, reverse=True), key=places.__getitem__)
            ranked |= {key: tier for key in best_first if key not in ranked}
            if len(ranked) >= self._source.most:
                break
        return ranked

    def _holding(self, words: Iterable[Word]) -> dict[Key, int]:
        """Which have one of the words, with the best of its places."""
        keys: dict[Key, int] = {}
        for word in words:
            for key, place in self._holders.get(word, {}).items():
                keys[key] = min(place, keys.get(key, place))
        return keys
