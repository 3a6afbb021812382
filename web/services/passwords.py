"""Passwords: hashed with Argon2id, checked in the same time whether or not the user exists."""

import asyncio
import re
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.concurrency import run_in_threadpool
from zxcvbn import zxcvbn

from schemas.errors import UsageError

# NIST SP 800-63B, 5.1.1.2: length is what counts; no rules about kinds of characters. The upper limit
# only keeps a hostile megabyte from being hashed.
LEAST, MOST = 12, 200
# One hash takes 64 MiB: 80 at once took 2.7 GB.
AT_ONCE = 2

# NIST SP 800-63B, 5.1.1.2, asks for a look at common passwords, words of the service, and repetition. 3 is zxcvbn's
# "safely unguessable": 10^8 tries or more (Wheeler 2016). It looks at 72 characters at most.
STRONG_LEAST, LOOKED_AT = 3, 72
NAME_LEAST = 3  # letters: a shorter word of a name is part of many others


def is_guessable(password: str, about: Sequence[str]) -> bool:
    """Whether the password is common, repeats itself, or is little but words of `about`: a user's name, a studio's."""
    words = sorted({word for text in about for word in re.findall(r"\w+", text.casefold())}, key=len, reverse=True)
    left = password.casefold()
    for word in words:
        left = left.replace(word, "") if len(word) >= NAME_LEAST else left
    return any(zxcvbn(text[:LOOKED_AT] or "a")["score"] < STRONG_LEAST for text in {password, left})


def _must_fit(password: str) -> None:
    if not LEAST <= len(password) <= MOST:
        raise UsageError(f"A password has {LEAST} to {MOST} characters; this one has {len(password)}.")


class Passwords:
    """Argon2id; by default with what argon2-cffi keeps up to date (RFC 9106's second recommended option).

    Two hashes are computed at a time; the others wait in the event loop, without a thread or memory of their own.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._dummy_hash = self._hasher.hash("the password of nobody")
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash_in_turn(self, password: str, about: Sequence[str]) -> str:
        """`hash` of a new password, when it is this one's turn.

        `about` is what others know of its user; raises UsageError for a password that is easily guessed.
        """
        async with self._turns:
            return await run_in_threadpool(self._hash_new, password, about)

    async def match_in_turn(self, kept: str | None, password: str) -> bool:
        """`match`, when it is this one's turn."""
        async with self._turns:
            return await run_in_threadpool(self.match, kept, password)

    def _hash_new(self, password: str, about: Sequence[str]) -> str:
        _must_fit(password)
        if is_guessable(password, about):
            raise UsageError(
                "This password is easily guessed: take four or five words that have nothing to do with each other, "
                "with you, or with the studio."
            )
        return self._hasher.hash(password)

    def hash(self, password: str) -> str:
        """The hash to keep; raises UsageError for a password that is too short or too long."""
        _must_fit(password)
        return self._hasher.hash(password)

    def match(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one that was kept; without one a hash is checked all the same."""
        try:
            matches = self._hasher.verify(kept or self._dummy_hash, password[:MOST])
        except (VerificationError, InvalidHashError):
            return False
        return matches and kept is not None
