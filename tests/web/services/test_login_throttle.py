"""Guessing waits longer and longer; honest people wait little, and no right password is refused for others' tries."""

import asyncio
from collections.abc import Callable

import pytest

from tests.event_loops import run_alone
from web.services.login_throttle import (
    BY_NAME,
    BY_PAIR,
    KEYS_MOST,
    WAIT_MOST_S,
    WINDOW_S,
    LoginThrottle,
    TooManyTriesError,
)


class Time:
    """A clock that moves only by sleeping; `waited` has each sleep in seconds."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.waited: list[float] = []

    def now(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        self.waited.append(seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def throttle(time: Time) -> LoginThrottle:
    return LoginThrottle(time.now, time.sleep)


Try = Callable[..., float]


@pytest.fixture
def try_once(throttle: LoginThrottle, time: Time) -> Try:
    """One try; how long it waited, in seconds."""

    def trying(name: str = "kim", address: str = "10.0.0.7", device: str | None = None) -> float:
        before = time.now_s
        run_alone(throttle.wait_for_turn(name, address, device))
        return time.now_s - before

    return trying


def test_five_tries_cost_nothing_and_each_further_one_twice_as_much(try_once: Try) -> None:
    """An honest person mistypes; a guesser comes to 2,880 tries a day."""
    waits = [try_once() for _ in range(12)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30]


def test_one_name_does_not_slow_another(try_once: Try) -> None:
    """Fifty wrong tries at other names lock nobody out."""
    for number in range(50):
        try_once(f"name{number}")
    for _ in range(12):
        try_once("lee")
    assert try_once("kim") == 0


def test_names_that_nobody_has_wait_as_long(throttle: LoginThrottle, try_once: Try) -> None:
    """The throttle knows of no user, so its waits tell nothing of them."""
    assert [try_once("kim") for _ in range(8)] == [try_once("nobody") for _ in range(8)]


def test_guessing_from_many_addresses_is_slow_too(try_once: Try) -> None:
    """A second allowance, by the name alone, however many machines help."""
    waits = [try_once("kim", f"10.0.0.{number}") for number in range(BY_NAME.free + 8)]
    assert waits[: BY_NAME.free] == [0] * BY_NAME.free
    assert waits[-1] == BY_NAME.most_s


def test_strangers_tries_do_not_slow_the_owners_browser(try_once: Try) -> None:
    """OWASP's device cookie: a browser that has signed in before has an allowance of its own."""
    for number in range(60):
        try_once("kim", f"10.0.0.{number % 9}")
    assert try_once("kim", "10.0.0.7", "a device") == 0


def test_the_right_password_forgives_the_wrong_ones(throttle: LoginThrottle, try_once: Try) -> None:
    """Who mistypes four times a day does not wait on the fifth."""
    for _ in range(BY_PAIR.free + 3):
        try_once()
    throttle.forget("kim", "10.0.0.7")
    assert try_once() == 0


def test_tries_are_forgotten_after_the_window(time: Time, try_once: Try) -> None:
    """Yesterday's mistakes cost nothing today."""
    for _ in range(12):
        try_once()
    time.now_s += WINDOW_S + 1
    assert try_once() == 0


def test_tries_at_once_queue_and_those_too_far_back_are_told_so(time: Time) -> None:
    """Eighty parallel tries neither hold eighty places nor count eighty times; a right password gets in soon after."""
    turns: list[float] = []

    async def note(seconds: float) -> None:
        turns.append(seconds)

    throttle = LoginThrottle(time.now, note)

    async def tried() -> bool:
        try:
            await throttle.wait_for_turn("kim", "10.0.0.7")
        except TooManyTriesError:
            return False
        return True

    async def storm() -> list[bool]:
        return await asyncio.gather(*(tried() for _ in range(80)))

    looked_at = run_alone(storm())
    assert sum(looked_at) == 9
    assert max(turns) <= WAIT_MOST_S
    time.now_s += WAIT_MOST_S
    assert run_alone(tried())


def test_a_flood_of_names_does_not_fill_the_memory(throttle: LoginThrottle) -> None:
    """What is kept of tries has an end."""

    async def flood() -> None:
        for number in range(KEYS_MOST):
            await throttle.wait_for_turn(f"name{number}", "10.0.0.7")

    run_alone(flood())
    assert len(throttle) == KEYS_MOST
