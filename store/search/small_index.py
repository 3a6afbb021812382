"""An index in memory of what there are few of, beside the referrals: brought up to date before each search.

Where there may be many, only that is looked at again which an act has named since, in its line of the audit.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from sqlalchemy.engine import Connection

from store.search.vocabulary import TIERS, Vocabulary
from store.search.words import Word

Key = TypeVar("Key", int, str)
Stamp = TypeVar("Stamp")
Hit = TypeVar("Hit")
Places = Mapping[Word, int]  # what something is found by, and in which place the word stands: 0 the best
Named = Mapping[str, Collection[int]]  # what acts were about: numbers of slips, pages and files, by the noun
FILE = "file"


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


class FollowedSource(SearchSource[int, Stamp, Hit]):
    """What each act that changes it names in the audit, as "slip 12" (its `noun` and number), or by its file."""

    noun: ClassVar[str]

    @abstractmethod
    def stamps(self, connection: Connection, among: Iterable[int] | None = None) -> Mapping[int, Stamp]:
        """All there are, or those of them that are `among` these."""

    @abstractmethod
    def of_files(self, connection: Connection, files: Collection[int]) -> Iterable[int]:
        """The numbers of those that came with these files."""

    @abstractmethod
    def file_of(self, stamp: Stamp) -> int:
        """With which file it came."""


class SmallIndex(Generic[Key, Stamp, Hit]):
    """The words of one source. Not for several threads at once."""

    def __init__(self, source: SearchSource[Key, Stamp, Hit]) -> None:
        self._source: SearchSource[Key, Stamp, Hit] = source
        self._vocabulary = Vocabulary()
        self._stamps: dict[Key, Stamp] = {}
        self._words: dict[Key, Places] = {}
        self._holders: dict[Word, dict[Key, int]] = {}

    def rank(self, tokens: Sequence[str]) -> dict[Key, int]:
        """The best that have all tokens, each with its tier: words themselves, beginnings, pieces, misspellings."""
        if not tokens:
            return {}
        return dict(list(self._ranked(tokens).items())[: self._source.most])

    def shown(self, connection: Connection, keys: Iterable[Key]) -> list[Hit]:
        """These, in this order, as a page shows them."""
        wanted = list(keys)
        return list(self._source.found(connection, wanted)) if wanted else []

    def catch_up(self, connection: Connection, _named: Named | None = None) -> None:
        """Take in what changed since the last time; the first time it is everything."""
        self._renew(connection, self._stamps.keys(), self._source.stamps(connection))

    def _renew(self, connection: Connection, known: Collection[Key], now: Mapping[Key, Stamp]) -> None:
        """Of what was `known`, and of what is new, there is now this."""
        for gone in set(known) - now.keys():
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


class FollowedIndex(SmallIndex[int, Stamp, Hit]):
    """The words of a source of which acts name what they change."""

    def __init__(self, source: FollowedSource[Stamp, Hit]) -> None:
        super().__init__(source)
        self._followed: FollowedSource[Stamp, Hit] = source
        self._of_file: dict[int, set[int]] = {}

    def catch_up(self, connection: Connection, named: Named | None = None) -> None:
        """Take in what changed of what acts `named` since the last time; where that is not known, of everything."""
        if named is None:
            super().catch_up(connection)
            return
        files = named.get(FILE, ())
        some = {*named.get(self._followed.noun, ()), *self._followed.of_files(connection, files)}
        for file_id in files:
            some |= self._of_file.pop(file_id, set())  # of a file that was purged the record knows nothing any more
        if some:
            self._renew(connection, some & self._stamps.keys(), self._followed.stamps(connection, some))

    def _renew(self, connection: Connection, known: Collection[int], now: Mapping[int, Stamp]) -> None:
        super()._renew(connection, known, now)
        for key, stamp in now.items():
            self._of_file.setdefault(self._followed.file_of(stamp), set()).add(key)
