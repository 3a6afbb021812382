"""One search for all that a caller may name."""

import threading

from store.database import Store
from store.search import sources
from store.search.found import Found
from store.search.search import Searcher
from store.search.small_index import SmallIndex
from store.search.words import tokens_of


class RecordSearcher:
    """Searches one record; may be used by several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._referrals = Searcher(store)
        self._slips, self._pages = SmallIndex(sources.Slips()), SmallIndex(sources.Pages())
        self._files, self._providers = SmallIndex(sources.Files(store.clock)), SmallIndex(sources.Providers())
        self._offices, self._codes = SmallIndex(sources.Offices()), SmallIndex(sources.Codes())

    def search(self, query: str) -> Found:
        """What has every word of the query, by kind; of an empty one the newest referrals."""
        words, dated = tokens_of(query), tokens_of(query, has_days=True)
        referrals = self._referrals.search(query)
        with self._lock, self._store.read() as connection:
            return Found(
                referrals=tuple(referrals),
                slips=tuple(self._slips.search(connection, dated)),
                pages=tuple(self._pages.search(connection, dated)),
                files=tuple(self._files.search(connection, dated)),
                providers=tuple(self._providers.search(connection, words)),
                offices=tuple(self._offices.search(connection, words)),
                codes=tuple(self._codes.search(connection, words)),
            )
