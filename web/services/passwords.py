"""Passwords: hashed with Argon2id, checked in the same time whether or not the user exists."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.concurrency import run_in_threadpool

from schemas.errors import UsageError

# NIST SP 800-63B, 5.1.1.2: length is what counts; no rules about kinds of characters. The upper limit
# only keeps a hostile megabyte from being hashed.
LEAST, MOST = 12, 200
# One hash takes 64 MiB: 80 at once took 2.7 GB.
AT_ONCE = 2


class Passwords:
    """Argon2id; by default with what argon2-cffi keeps up to date (RFC 9106's second recommended option).

    Two hashes are computed at a time; the others wait in the event loop, without a thread or memory of their own.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._dummy_hash = self._hasher.hash("the password of nobody")
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash_in_turn(self, password: str) -> str:
        """`hash`, when it is this one's turn."""
        async with self._turns:
            return await run_in_threadpool(self.hash, password)

    async def match_in_turn(self, kept: str | None, password: str) -> bool:
        """`match`, when it is this one's turn."""
        async with self._turns:
            return await run_in_threadpool(self.match, kept, password)

    def hash(self, password: str) -> str:
        """The hash to keep; raises UsageError for a password that is too short or too long."""
        if not LEAST <= len(password) <= MOST:
            raise UsageError(f"A password has {LEAST} to {MOST} characters; this one has {len(password)}.")
        return self._hasher.hash(password)

    def match(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one that was kept; without one a hash is checked all the same."""
        try:
            matches = self._hasher.verify(kept or self._dummy_hash, password[:MOST])
        except (VerificationError, InvalidHashError):
            return False
        return matches and kept is not None
