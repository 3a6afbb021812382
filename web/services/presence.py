"""Who has which slip open just now: shown to whoever comes second, so that two people do not do the same work."""

import threading
import time
from collections.abc import Callable

HERE_S = 120.0  # an open page says so every half minute


class Presence:
    """Names by item, forgotten after HERE_S; of this process only, for it is a courtesy and no lock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], float] = {}

    def note(self, item: str, who: str) -> list[str]:
        """Note that `who` has the item open; returns who else has."""
        now = self._clock()
        with self._lock:
            self._seen = {key: at for key, at in self._seen.items() if now - at < HERE_S}
            self._seen[item, who] = now
            return sorted(name for seen, name in self._seen if seen == item and name != who)

    def leave(self, item: str, who: str) -> None:
        """Note that `who` has closed it."""
        with self._lock:
            self._seen.pop((item, who), None)
