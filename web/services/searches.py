"""What users searched for, kept in memory: an address, which browsers remember, holds a number and no words."""

import secrets
import threading
from collections import OrderedDict

KEPT_MOST = 500


class Searches:
    """The last searches of all users; may be used by several threads. They are forgotten when refpad stops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def keep(self, user: str, query: str) -> str:
        """Keep what the user searches for; the word by which it is found again."""
        word = secrets.token_urlsafe(9)
        with self._lock:
            self._kept[word] = (user, query)
            while len(self._kept) > KEPT_MOST:
                self._kept.popitem(last=False)
        return word

    def find(self, user: str, word: str) -> str | None:
        """What the user searched for, or None when it is forgotten or was somebody else's search."""
        with self._lock:
            owner, query = self._kept.get(word, ("", ""))
        return query if owner == user and query else None
