"""Finding referrals by name, phone, serial or diagnosis, with the misspellings that people make."""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store
from store.directory.offices import with_office
from store.search.found import FoundReferral
from store.search.index import ids_of
from store.search.vocabulary import TIERS, Vocabulary
from store.search.words import DATE, SERIAL, Word, tokens_of
from store.tables import referral, search_hit, search_word

FOUND_MOST = 50  # on a page
ENOUGH = 10  # with as many finds of the words themselves, others would be noise
RANKED_MOST = 400  # the newest of what is found; among them the best come first
WORDS_MOST = 1000  # that a token may mean; of more (an area code, two letters) the newest
HITS_AT_ONCE = 2000  # words with more hits, as "knee" has them, are looked for among the newest referrals first:
STRETCH, STRETCH_GROWS = 4000, 4  # among so many, then among four times as many before those, and so on
# "referral 7", "slip no. 12", "s12": one by its number. A slip's is the one on paper, or the one in review.
_BY_NUMBER = re.compile(r"(?P<noun>referral|slip|s)\s*(?:no\.?|number|#)?\s*(?P<number>[0-9]{1,9})", re.IGNORECASE)


class Searcher:
    """Searches the referrals of one record; may be used by several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._vocabulary = Vocabulary(WORDS_MOST, has_whole=False)
        self._last = 0

    def search(self, query: str) -> list[FoundReferral]:
        """The best FOUND_MOST referrals that have every word of the query; the newest when it is empty."""
        return self.shown(self.rank(query)) if tokens_of(query) else newest_referrals(self._store)

    def rank(self, query: str) -> dict[int, int]:
        """The best FOUND_MOST referrals that have every word of the query, best first, each with its tier."""
        self.warm()
        tokens = _tokens(self._store, query)
        with self._lock:
            meant = [self._vocabulary.meant_by(token) for token in tokens]
        ids = dict.fromkeys(_by_number(self._store, query), 0)
        for tier in range(TIERS if meant else 0):
            if len(ids) >= ENOUGH:
                break
            with self._lock:
                words = [one.within(tier) for one in meant]
            ids |= {number: tier for number in _having(self._store, words) if number not in ids}
        return dict(list(ids.items())[:FOUND_MOST])

    def shown(self, ids: Iterable[int]) -> list[FoundReferral]:
        """These, in this order, as a page shows them."""
        return _by_id(self._store, list(ids))

    def warm(self) -> None:
        """Take in the words that came since the last time; the first time it is all of them, which takes a second."""
        with self._lock:
            self._learn()

    def _learn(self) -> None:
        """Take in the words that came since the last time: a new one is a row with a higher number."""
        newer = (search_word.c.id > self._last, search_word.c.kind != SERIAL)  # which is only asked for as a whole
        query = sa.select(search_word).where(*newer).order_by(search_word.c.id)
        with self._store.read() as connection:
            for row in connection.execute(query):
                self._vocabulary.learn([(row.kind, row.word)])
                self._last = row.id


def _tokens(store: Store, query: str) -> list[str]:
    """The words of the query; a day on which somebody was born is one word, any other is part of a diagnosis."""
    tokens = tokens_of(query, has_days=True)
    days = {token: (token, f"19{token[2:]}") for token in tokens if "-" in token}
    with store.read() as connection:
        known = ids_of(connection, [(DATE, day) for either in days.values() for day in either]) if days else {}
    if not known:
        return tokens_of(query)
    born = {token: next((day for day in either if (DATE, day) in known), "") for token, either in days.items()}
    return [word for token in tokens if (word := born.get(token, token))]


def _by_number(store: Store, query: str) -> list[int]:
    found = _BY_NUMBER.fullmatch(query.strip())
    if found is None:
        return []
    number = int(found["number"])
    is_it = referral.c.id == number if found["noun"].lower() == "referral" else referral.c.slip_id == number
    with store.read() as connection:
        return list(connection.execute(sa.select(referral.c.id).where(is_it)).scalars())


def newest_referrals(store: Store, before: int | None = None) -> list[FoundReferral]:
    """The newest FOUND_MOST referrals, or the newest of those before one."""
    query = sa.select(referral.c.id).order_by(referral.c.id.desc()).limit(FOUND_MOST)
    if before is not None:
        query = query.where(referral.c.id < before)
    with store.read() as connection:
        ids = list(connection.execute(query).scalars())
    return _by_id(store, ids)


def _having(store: Store, meant: Iterable[frozenset[Word]]) -> list[int]:
    """Referrals that have a word of each set: first those with the best places, of those the newest."""
    with store.read() as connection:
        words = [_newest_ids(connection, some) for some in meant]
        if not all(words):
            return []
        hits = {some: _count_hits(connection, some) for some in words}
        rarest, *others = sorted(words, key=hits.__getitem__)
        query = sa.select(search_hit.c.referral_id, sa.func.min(search_hit.c.place).label("place"))
        query = query.where(search_hit.c.word_id.in_(rarest), *map(_has_one, others)).group_by(search_hit.c.referral_id)
        rows: list[sa.Row[tuple[int, int]]] = []
        for low, high in _stretches(connection, at_once=hits[rarest] < HITS_AT_ONCE):
            some = query.where(search_hit.c.referral_id > low, search_hit.c.referral_id <= high)
            newest = some.order_by(search_hit.c.referral_id.desc()).limit(RANKED_MOST - len(rows))
            rows += connection.execute(newest).all()
            if len(rows) >= RANKED_MOST:
                break
    return [row.referral_id for row in sorted(rows, key=lambda row: (row.place, -row.referral_id))]


def _newest_ids(connection: Connection, words: Iterable[Word]) -> frozenset[int]:
    return frozenset(sorted(ids_of(connection, list(words)).values())[-WORDS_MOST:])


def _count_hits(connection: Connection, words: frozenset[int]) -> int:
    """How many hits some words have, or HITS_AT_ONCE."""
    some = sa.select(search_hit.c.word_id).where(search_hit.c.word_id.in_(words)).limit(HITS_AT_ONCE).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


def _has_one(words: frozenset[int]) -> sa.ColumnElement[bool]:
    other = search_hit.alias()
    return sa.exists().where(other.c.referral_id == search_hit.c.referral_id, other.c.word_id.in_(words))


def _stretches(connection: Connection, *, at_once: bool) -> Iterator[tuple[int, int]]:
    """Stretches of the referrals' numbers, the first excluded, newest first and each longer than the one before."""
    high = connection.execute(sa.select(sa.func.max(referral.c.id))).scalar() or 0
    length = high if at_once else STRETCH
    while high > 0:
        low = max(high - length, 0)
        yield low, high
        high, length = low, STRETCH_GROWS * length


def _by_id(store: Store, ids: Sequence[int]) -> list[FoundReferral]:
    """These referrals, in this order."""
    columns = sa.select(*referral.c["id", "accepted_on", "record"])
    query = with_office(columns, referral, referral.c.office_id).where(referral.c.id.in_(ids))
    with store.read() as connection:
        rows = {row["id"]: row for row in connection.execute(query).mappings()}
    names = ("patient_name", "patient_phone", "provider_name", "diagnosis", "conditions", "serial")
    return [
        FoundReferral(
            id=number,
            accepted_on=rows[number]["accepted_on"],
            office=rows[number]["office_name"],
            **{name: rows[number]["record"][name] for name in names},
        )
        for number in ids
        if number in rows
    ]
