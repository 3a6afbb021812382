"""One search for all that a caller may name."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from store import audit
from store.database import Store
from store.search import sources
from store.search.found import Found
from store.search.search import Searcher, newest_referrals
from store.search.small_index import FILE, FollowedIndex, Named, SmallIndex
from store.search.vocabulary import TIERS
from store.search.words import tokens_of

DATED = ("slips", "pages", "files")  # what is found by a day, too
ACTS_MOST = 1000  # of more since the last search everything is looked at anew
LIKE = TIERS - 1  # the tier of misspellings, and of numbers with one digit wrong

Ranked = Mapping[str, Mapping[Any, int]]  # by kind, what was found, each with its tier


class RecordSearcher:
    """Searches one record; may be used by several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._referrals = Searcher(store)
        self._last: audit.LineMark | None = None
        self._others: Mapping[str, SmallIndex[Any, Any, Any]] = {
            "slips": FollowedIndex(sources.Slips()),
            "pages": FollowedIndex(sources.Pages()),
            "files": SmallIndex(sources.Files(store.clock)),
            "providers": SmallIndex(sources.Providers()),
            "offices": SmallIndex(sources.Offices()),
            "codes": SmallIndex(sources.Codes()),
        }

    def warm(self) -> None:
        """Take in all words, before somebody waits for the first search: 1 to 2 s of 100,000 referrals."""
        self._referrals.warm()
        with self._lock, self._store.read() as connection:
            self._catch_up(connection)

    def rank_referrals(self, query: str) -> Mapping[int, int]:
        """The best referrals that have every word of the query, best first, each with its tier."""
        return self._referrals.rank(query)

    def search(self, query: str) -> Found:
        """What has every word of the query, by kind; of an empty one the newest referrals."""
        words, dated = tokens_of(query), tokens_of(query, has_days=True)
        if not words and not dated:
            return Found(referrals=tuple(newest_referrals(self._store)))
        ranked: dict[str, Mapping[Any, int]] = {"referrals": self._referrals.rank(query) if words else {}}
        with self._lock, self._store.read() as connection:
            self._catch_up(connection)
            for kind, index in self._others.items():
                ranked[kind] = index.rank(dated if kind in DATED else words)
            limit = _near_from(dated, ranked)
            near = self._found(connection, ranked, range(limit, TIERS))
            found = self._found(connection, ranked, range(limit))
        return found.model_copy(update={"near": near}) if near.count else found

    def _catch_up(self, connection: Connection) -> None:
        """Take in what changed since the last time, by what the audit says that acts were about."""
        last, subjects = audit.named_since(connection, self._last, ACTS_MOST)
        named = None if subjects is None else _numbers(subjects)
        for index in self._others.values():
            index.catch_up(connection, named)
        self._last = last

    def _found(self, connection: Connection, ranked: Ranked, tiers: range) -> Found:
        """What was found in these tiers, as a page shows it."""
        picked = {kind: [key for key, tier in keys.items() if tier in tiers] for kind, keys in ranked.items()}
        others = {kind: tuple(index.shown(connection, picked[kind])) for kind, index in self._others.items()}
        return Found(referrals=tuple(self._referrals.shown(picked["referrals"])), **others)


def _numbers(subjects: Iterable[str]) -> Named:
    """The numbers of the slips, pages and files among what acts were about."""
    named: dict[str, set[int]] = {noun: set() for noun in ("slip", "page", FILE)}
    for subject in subjects:
        noun, _, number = subject.partition(" ")
        if noun in named and number.isdecimal():
            named[noun].add(int(number))
    return named


def _near_from(tokens: Sequence[str], ranked: Ranked) -> int:
    """From which tier on what was found is only near: of numbers, from the first below the whole ones."""
    best = min(_tiers(ranked), default=0)
    if best == 0 and all(token.isdecimal() for token in tokens):
        return 1
    return LIKE if best < LIKE else TIERS


def _tiers(ranked: Ranked) -> Iterator[int]:
    for keys in ranked.values():
        yield from keys.values()
