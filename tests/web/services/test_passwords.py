"""Passwords are kept as hashes, and checked alike for users that are there and users that are not."""

import asyncio
import threading
import time
from typing import Literal

import pytest
from argon2 import PasswordHasher

from schemas.errors import UsageError
from tests.web.services.event_loops import run_alone
from web.services.passwords import AT_ONCE, LEAST, MOST, Passwords

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WORDS = "correct horse battery"


def test_only_the_right_password_matches_its_hash() -> None:
    """And two hashes of one password differ, so that nobody sees who shares one."""
    passwords = Passwords(CHEAP)
    kept = passwords.hash(WORDS)
    assert WORDS not in kept
    assert kept != passwords.hash(WORDS)
    assert passwords.match(kept, WORDS)
    assert not passwords.match(kept, WORDS + " ")


def test_without_a_hash_nothing_matches_and_a_hash_is_checked_all_the_same() -> None:
    """An answer that comes sooner for a name that nobody has tells a guesser which names there are."""
    checked: list[str] = []

    class Noting(PasswordHasher):
        def verify(self, *parts: str | bytes) -> Literal[True]:
            checked.append(str(parts[0]))
            return super().verify(*parts)

    passwords = Passwords(Noting(time_cost=1, memory_cost=8, parallelism=1))
    assert not passwords.match(None, "the password of nobody")
    assert not passwords.match("no hash at all", WORDS)
    assert len(checked) == 2


@pytest.mark.parametrize("length", [0, LEAST - 1, MOST + 1, 1_000_000])
def test_a_password_of_a_wrong_length_is_refused_with_both_limits(length: int) -> None:
    """NIST SP 800-63B: length is what counts; a megabyte is only somebody who keeps the server busy."""
    with pytest.raises(UsageError, match=f"{LEAST} to {MOST} characters; this one has {length}"):
        Passwords(CHEAP).hash("x" * length)


@pytest.mark.parametrize("length", [LEAST, MOST])
def test_the_limits_themselves_will_do(length: int) -> None:
    """What a sentence promises is taken."""
    passwords = Passwords(CHEAP)
    assert passwords.match(passwords.hash("x" * length), "x" * length)


def test_two_hashes_are_computed_at_a_time_however_many_are_asked_for() -> None:
    """Eighty sign-ins at once took 2.7 GB of memory, and held every thread that answers pages."""
    lock, running, most = threading.Lock(), 0, 0

    class Slow(PasswordHasher):
        def verify(self, *parts: str | bytes) -> Literal[True]:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.005)
            with lock:
                running -= 1
            return super().verify(*parts)

    passwords = Passwords(Slow(time_cost=1, memory_cost=8, parallelism=1))
    kept = passwords.hash(WORDS)

    async def storm() -> list[bool]:
        return await asyncio.gather(*(passwords.match_in_turn(kept, WORDS) for _ in range(20)))

    assert all(run_alone(storm()))
    assert most == AT_ONCE
