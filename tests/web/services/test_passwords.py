"""Passwords are kept as hashes, and checked alike for users that are there and users that are not."""

import asyncio
import threading
import time
from typing import Literal

import pytest
from argon2 import PasswordHasher

from schemas.errors import UsageError
from tests.event_loops import run_alone
from tests.web.studio import PASSWORD
from web.services.passwords import AT_ONCE, LEAST, MOST, Passwords, is_guessable

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


@pytest.mark.parametrize(
    "password",
    [
        "maria maria maria",
        "password1234",
        "qwertyuiopas",
        "123456789012",
        "iloveyou12345",
        "Riverside Spine 2026",
        "jasmine.rivera1",
        "JasmineJasmine!",
        "abcdefghijklmnopqrstuvwxyz" * 7,
    ],
)
def test_what_is_guessed_first_is_no_password(password: str) -> None:
    """A patient's record stands behind it: neither the list of common ones, nor the names on the door."""
    assert is_guessable(password, ("jasmine", "Riverside Spine", "M. Rivera, CMES"))
    with pytest.raises(UsageError, match="easily guessed: take four or five words"):
        run_alone(Passwords(CHEAP).hash_in_turn(password, ("jasmine", "Riverside Spine", "M. Rivera, CMES")))


@pytest.mark.parametrize(
    "password", [PASSWORD, WORDS, "wooden cactus paints nine", "9fK!xw2-Lq0z", "ab cactus Spine wool ox"]
)
def test_words_that_have_nothing_to_do_with_each_other_will_do(password: str) -> None:
    """No rule about kinds of characters; a word of the studio's name may be among others."""
    assert not is_guessable(password, ("jasmine", "Riverside Spine", "M. Rivera, CMES", "AB"))


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
