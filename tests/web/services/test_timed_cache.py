"""Figures that are counted at most once a minute, and at once after a change."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from web.services.timed_cache import KEPT_S, TimedCache

WAIT_S = 30.0  # ends a test that would never end


class Now:
    """A clock in seconds that stands still until it is moved."""

    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def numbers() -> Iterator[int]:
    return count(1)


def test_figures_are_counted_once_until_they_are_old(numbers: Iterator[int]) -> None:
    """A page that many have open asks for them every few seconds."""
    now = Now()
    cache = TimedCache(lambda: next(numbers), now)
    assert [cache.get(), cache.get()] == [1, 1]
    now.at_s += KEPT_S
    assert cache.get() == 1
    now.at_s += 0.1
    assert [cache.get(), cache.get()] == [2, 2]


def test_a_change_is_seen_at_once(numbers: Iterator[int]) -> None:
    """Whoever settled a slip looks whether the figure went down."""
    cache = TimedCache(lambda: next(numbers), Now())
    assert cache.get() == 1
    cache.forget()
    assert cache.get() == 2


def test_a_change_during_a_count_is_not_lost(numbers: Iterator[int]) -> None:
    """What was counted before the change is not kept after it."""
    counting, may_end = threading.Event(), threading.Event()

    def slow() -> int:
        counting.set()
        may_end.wait(WAIT_S)
        return next(numbers)

    cache = TimedCache(slow, Now())
    first = threading.Thread(target=cache.get)
    first.start()
    assert counting.wait(WAIT_S)
    change = threading.Thread(target=cache.forget)
    change.start()
    may_end.set()
    first.join(WAIT_S)
    change.join(WAIT_S)
    assert cache.get() == 2


def test_a_count_that_fails_is_tried_again(numbers: Iterator[int]) -> None:
    """A database that was away for a moment leaves no wrong figure behind."""

    def at_first_away() -> int:
        if next(numbers) == 1:
            raise ConnectionError
        return 7

    cache = TimedCache(at_first_away, Now())
    with pytest.raises(ConnectionError):
        cache.get()
    assert cache.get() == 7
