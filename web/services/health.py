"""The line of health on the pages: each part asked now and then, however many people look.

But for the backlog: whoever has just put a scan into the inbox must not read that nothing waits.
"""

import threading
import time
from collections.abc import Callable

from refpad.ops.health import BACKLOG, PartHealth, backlog_health, health_of_parts
from refpad.settings import Settings
from store.database import Store

FRESH_S = 8.0


class Health:
    """Asks each part at most every FRESH_S seconds; may be used by several threads."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._lock = threading.Lock()
        self._asked_at_s = -FRESH_S
        self._signs: tuple[PartHealth, ...] = ()

    def signs(self) -> tuple[PartHealth, ...]:
        """How each part is."""
        with self._lock:
            if self._clock() - self._asked_at_s >= FRESH_S:
                self._signs = health_of_parts(self._settings, self._store)
                self._asked_at_s = self._clock()
            now = backlog_health(self._settings, self._store)
            return tuple(now if sign.part == BACKLOG else sign for sign in self._signs)
