"""Guessing passwords is slow: wrong tries at a name wait longer and longer, and a right password is never refused."""

import asyncio
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from schemas.errors import RefpadError

WINDOW_S = 15 * 60.0  # tries older than that are forgotten
WAIT_MOST_S = 30.0  # a browser that waits longer looks broken
KEYS_MOST = 10_000  # some 2 MB; the least recent are forgotten first


@dataclass(frozen=True)
class Allowance:
    """`free` tries without a wait in a window; then 1 s, 2 s, 4 s ... up to `most_s` between one and the next."""

    free: int
    most_s: float

    def spacing_s(self, tries: int) -> float:
        """Seconds from the last of `tries` to the next."""
        doublings = tries - self.free
        return 0.0 if doublings < 0 else min(2.0 ** min(doublings, 30), self.most_s)


# NIST SP 800-63B, 5.2.2 asks that guessing be limited, and names waits that grow. Five tries let an honest person
# mistype; one in 30 s is 2,880 a day, against passwords of 12 characters and more.
BY_PAIR = Allowance(free=5, most_s=30)
# Whoever tries from many addresses meets a second limit, by the name alone, which honest people never reach.
BY_NAME = Allowance(free=20, most_s=10)
# A browser that has signed in as this user before waits for nobody's tries but its own (OWASP, "Slow Down Online
# Guessing Attacks with Device Cookies").
BY_DEVICE = Allowance(free=5, most_s=30)


class TooManyTriesError(RefpadError):
    """So many tries wait for their turn that another would wait too long; it was not looked at."""

    def __init__(self) -> None:
        super().__init__(f"Too many tries to sign in at once: wait {WAIT_MOST_S:.0f} seconds, then try again.")


@dataclass
class _Tries:
    count: int
    last_turn_s: float


class LoginThrottle:
    """Gives tries to sign in their turn, the same for names that exist and names that do not.

    For one event loop; keeps no name, only a keyed hash of it: people type passwords where the name belongs.
    """

    def __init__(
        self,
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now_s, self._sleep = now_s, sleep
        self._hash_key = secrets.token_bytes(32)
        self._tries: OrderedDict[bytes, _Tries] = OrderedDict()

    async def wait_for_turn(self, name: str, address: str, device: str | None = None) -> None:
        """Count a try and wait until it may be looked at; raises TooManyTriesError at once when that is too far off.

        `device` is set for a browser that has signed in as this user before.
        """
        keys = self._keys(name, address, device)
        now = self._now_s()
        turn = max(now, *(self._next_turn_s(key, allowance, now) for key, allowance in keys))
        if turn - now > WAIT_MOST_S:
            raise TooManyTriesError
        for key, _ in keys:
            self._count(key, turn)
        if turn > now:
            await self._sleep(turn - now)

    def forget(self, name: str, address: str, device: str | None = None) -> None:
        """The password was right: the tries before it were an honest person's."""
        for key, _ in self._keys(name, address, device):
            self._tries.pop(key, None)

    def __len__(self) -> int:
        """How many names and addresses it remembers tries of; KEYS_MOST at most."""
        return len(self._tries)

    def _keys(self, name: str, address: str, device: str | None) -> Sequence[tuple[bytes, Allowance]]:
        if device is not None:
            return [(self._hash("device", name, device), BY_DEVICE)]
        return [(self._hash("pair", name, address), BY_PAIR), (self._hash("name", name), BY_NAME)]

    def _hash(self, *parts: str) -> bytes:
        text = "\0".join(parts).encode("utf-8", "replace")
        return blake2b(text, key=self._hash_key, digest_size=16).digest()

    def _next_turn_s(self, key: bytes, allowance: Allowance, now: float) -> float:
        tries = self._tries.get(key)
        if tries is None or now - tries.last_turn_s > WINDOW_S:
            return -math.inf
        return tries.last_turn_s + allowance.spacing_s(tries.count)

    def _count(self, key: bytes, turn: float) -> None:
        tries = self._tries.pop(key, None)
        count = 1 if tries is None or turn - tries.last_turn_s > WINDOW_S else tries.count + 1
        self._tries[key] = _Tries(count, turn)
        while len(self._tries) > KEYS_MOST:
            self._tries.popitem(last=False)
