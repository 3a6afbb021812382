"""Finding referrals by name, phone, serial or diagnosis, with the misspellings that people make."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from schemas.base import Value
from store.database import Store
from store.directory.offices import with_office
from store.search.index import PHONE, SERIAL, TEXT, digits, plain_words
from store.tables import referral, search_hit, search_word

FOUND_MOST = 50  # on a page
ENOUGH = 10  # with as many finds of the words themselves, others would be noise
RANKED_MOST = 400  # the newest of what is found; among them the best come first
SIMILAR_MOST = 40  # words
WORDS_MOST = 1000  # that a token may mean; of more (an area code, two letters) the newest
TOKENS_MOST = 6
TIERS = 3
# How many letters may be wrong (optimal string alignment: swapped neighbours count once). Damerau (1964) found four of
# five misspellings to be of one letter; short words become other words with one.
ONE_WRONG_FROM, TWO_WRONG_FROM = 4, 8
PHONE_PART_LEAST, PHONE_LOCAL, PHONE_WHOLE = 3, 7, 10


class FoundReferral(Value):
    """One referral in a list."""

    id: int
    accepted_on: date
    patient_name: str
    patient_phone: str
    provider_name: str
    diagnosis: str
    serial: int | None
    office: str | None


@dataclass(frozen=True)
class _Matches:
    """The words that a token may mean: itself, those that begin with it or hold its digits, those like it."""

    whole: frozenset[int]
    begun: frozenset[int]
    similar: frozenset[int]

    def within(self, tier: int) -> frozenset[int]:
        """The words of the first tiers, 0 to `tier`."""
        return frozenset().union(*(self.whole, self.begun, self.similar)[: tier + 1])


@dataclass
class _Vocabulary:
    """All words there are, kept in memory: a new one is a row with a higher number. 10 MB for 100,000 referrals."""

    last: int = 0
    words: dict[str, list[str]] = field(default_factory=lambda: {TEXT: [], PHONE: [], SERIAL: []})
    ids: dict[tuple[str, str], int] = field(default_factory=dict)


class Searcher:
    """Searches one record; may be used by several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._vocabulary = _Vocabulary()

    def search(self, query: str) -> list[FoundReferral]:
        """The best FOUND_MOST referrals that have every word of the query; the newest when it is empty."""
        tokens = tokens_of(query)
        if not tokens:
            return newest_referrals(self._store)
        with self._lock:
            self._learn()
            matches = [self._matches(token) for token in tokens]
        ids: dict[int, None] = {}
        for tier in range(TIERS):
            if len(ids) < ENOUGH:
                ids |= dict.fromkeys(_having(self._store, [match.within(tier) for match in matches]))
        return _by_id(self._store, list(ids)[:FOUND_MOST])

    def _learn(self) -> None:
        """Take in the words that came since the last time."""
        known = self._vocabulary
        query = sa.select(search_word).where(search_word.c.id > known.last).order_by(search_word.c.id)
        with self._store.read() as connection:
            for row in connection.execute(query):
                known.words[row.kind].append(row.word)
                known.ids[row.kind, row.word] = row.id
                known.last = row.id

    def _matches(self, token: str) -> _Matches:
        ids, words = self._vocabulary.ids, self._vocabulary.words[TEXT]
        whole = {ids[key] for key in [(TEXT, token), *_number_keys(token)] if key in ids}
        begun = {ids[TEXT, word] for word in words if word.startswith(token)} if len(token) > 1 else set()
        near = extract(token, words, scorer=OSA.distance, score_cutoff=_wrong_letters(token), limit=SIMILAR_MOST)
        similar = {ids[TEXT, word] for word, _, _ in near} if _wrong_letters(token) else set()
        if token.isdecimal() and len(token) >= PHONE_PART_LEAST:
            begun |= {ids[PHONE, phone] for phone in self._vocabulary.words[PHONE] if token in phone}
            similar = self._similar_phones(token)
        return _Matches(frozenset(whole), frozenset(sorted(begun)[-WORDS_MOST:]), frozenset(similar))

    def _similar_phones(self, token: str) -> set[int]:
        """Phones, or their last seven digits, with one digit wrong."""
        if len(token) not in (PHONE_LOCAL, PHONE_WHOLE):
            return set()
        phones = self._vocabulary.words[PHONE]
        ends = [phone[-len(token) :] for phone in phones]
        near = extract(token, ends, scorer=OSA.distance, score_cutoff=1, limit=SIMILAR_MOST)
        return {self._vocabulary.ids[PHONE, phones[at]] for _, _, at in near}


def tokens_of(query: str) -> list[str]:
    """The words of a query; one that is a telephone number as people write it is one word."""
    number = digits(query)
    if len(number) >= PHONE_LOCAL and not any(ch.isalpha() for ch in query):
        return [number]
    return list(dict.fromkeys(plain_words(query)))[:TOKENS_MOST]


def newest_referrals(store: Store, before: int | None = None) -> list[FoundReferral]:
    """The newest FOUND_MOST referrals, or the newest of those before one."""
    query = sa.select(referral.c.id).order_by(referral.c.id.desc()).limit(FOUND_MOST)
    if before is not None:
        query = query.where(referral.c.id < before)
    with store.read() as connection:
        ids = list(connection.execute(query).scalars())
    return _by_id(store, ids)


def _number_keys(token: str) -> list[tuple[str, str]]:
    return [(SERIAL, str(int(token))), (PHONE, token)] if token.isdecimal() else []


def _wrong_letters(token: str) -> int:
    return (len(token) >= ONE_WRONG_FROM) + (len(token) >= TWO_WRONG_FROM)


def _having(store: Store, words: Sequence[frozenset[int]]) -> list[int]:
    """Referrals that have a word of each set: first those with the best places, of those the newest."""
    if not all(words):
        return []
    rarest, *others = sorted(words, key=len)
    query = sa.select(search_hit.c.referral_id, sa.func.min(search_hit.c.place).label("place")).where(
        search_hit.c.word_id.in_(rarest)
    )
    for other in others:
        having = sa.select(search_hit.c.referral_id).where(search_hit.c.word_id.in_(other))
        query = query.where(search_hit.c.referral_id.in_(having))
    grouped = query.group_by(search_hit.c.referral_id).order_by(search_hit.c.referral_id.desc()).limit(RANKED_MOST)
    with store.read() as connection:
        rows = connection.execute(grouped).all()
    return [row.referral_id for row in sorted(rows, key=lambda row: (row.place, -row.referral_id))]


def _by_id(store: Store, ids: Sequence[int]) -> list[FoundReferral]:
    """These referrals, in this order."""
    columns = sa.select(*referral.c["id", "accepted_on", "record"])
    query = with_office(columns, referral, referral.c.office_id).where(referral.c.id.in_(ids))
    with store.read() as connection:
        rows = {row["id"]: row for row in connection.execute(query).mappings()}
    names = ("patient_name", "patient_phone", "provider_name", "diagnosis", "serial")
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
