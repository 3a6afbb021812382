"""Figures that take long to count are counted at most once a minute."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

KEPT_S = 60.0
T = TypeVar("T")


class TimedCache(Generic[T]):
    """What `count` gave, for KEPT_S or until `forget`; may be used by several threads.

    Not cachetools.cached: its cache_clear does not wait for a count in progress, whose old figures would then be kept.
    """

    def __init__(self, count: Callable[[], T], clock: Callable[[], float] = time.monotonic) -> None:
        self._count, self._clock = count, clock
        self._lock = threading.Lock()
        self._cached: tuple[float, T] | None = None

    def get(self) -> T:
        """The figures, counted anew when they are old."""
        with self._lock:
            if self._cached is None or self._clock() - self._cached[0] > KEPT_S:
                self._cached = (self._clock(), self._count())
            return self._cached[1]

    def forget(self) -> None:
        """Count anew the next time: somebody changed what is counted."""
        with self._lock:
            self._cached = None
