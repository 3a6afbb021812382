"""How many requests a program may make: a token bucket for each API token, in the memory of this process.

Own code of a few lines: the kept libraries (limits, pyrate-limiter) bring storages for many servers, and the front desk
is one process.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

# At 200 lines a page a program reads 60,000 referrals in a minute, and leaves pages for people in between.
REQUESTS_A_MINUTE, BURST = 300, 60


@dataclass
class _Bucket:
    left: float
    at_s: float


class RequestRates:
    """May be used by several threads. `now_s` is a clock that only goes on."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s, self._lock = now_s, threading.Lock()
        self._buckets: dict[int, _Bucket] = {}

    def wait_s(self, token_id: int) -> float:
        """Count a request; 0 when it may be answered, else in how many seconds one may be. That one is not counted."""
        a_second = REQUESTS_A_MINUTE / 60
        with self._lock:
            now = self._now_s()
            bucket = self._buckets.setdefault(token_id, _Bucket(BURST, now))
            bucket.left = min(BURST, bucket.left + (now - bucket.at_s) * a_second)
            bucket.at_s = now
            if bucket.left < 1:
                return (1 - bucket.left) / a_second
            bucket.left -= 1
            return 0.0
