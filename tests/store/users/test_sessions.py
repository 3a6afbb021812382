"""Sessions end by themselves, and guessing has an end, on each database."""

from datetime import timedelta

import pytest

from schemas.users import Role
from store.clock import SetClock
from store.database import Store
from store.users import users
from store.users.sessions import (
    SESSION_MOST,
    TRIES_A_NAME,
    TRIES_IN_ALL,
    WINDOW,
    LockedOutError,
    close_session,
    find_session,
    must_not_be_locked,
    note_failure,
    open_session,
)

IDLE = timedelta(minutes=15)
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def kim(store: Store) -> str:
    users.add(store, "kim", Role.REVIEWER, "admin")
    return "kim"


def test_a_session_is_found_by_its_word_alone(store: Store, kim: str) -> None:
    """Each sign-in has a word of its own, and another word finds nothing."""
    one, other = open_session(store, kim), open_session(store, kim)
    assert one != other
    found = find_session(store, one, IDLE)
    assert found is not None
    assert (found.user, found.role) == (kim, Role.REVIEWER)
    assert find_session(store, one + "x", IDLE) is None


def test_an_idle_session_ends_and_a_busy_one_goes_on(store: Store, clock: SetClock, kim: str) -> None:
    """A page that only refreshes itself keeps nobody signed in."""
    busy, idle = open_session(store, kim), open_session(store, kim)
    clock.move(IDLE - A_MOMENT)
    assert find_session(store, busy, IDLE)
    assert find_session(store, idle, IDLE, touch=False)
    clock.move(2 * A_MOMENT)
    assert find_session(store, busy, IDLE)
    assert find_session(store, idle, IDLE) is None


def test_no_session_is_longer_than_half_a_day(store: Store, clock: SetClock, kim: str) -> None:
    """NIST SP 800-63B, 4.2.3, however busy somebody is."""
    token, forever = open_session(store, kim), timedelta(days=365)
    clock.move(SESSION_MOST)
    assert find_session(store, token, forever)
    clock.move(A_MOMENT)
    assert find_session(store, token, forever) is None


def test_a_closed_session_is_closed_once(store: Store, kim: str) -> None:
    """A second click on "Sign out" is no error."""
    token = open_session(store, kim)
    close_session(store, token)
    close_session(store, token)
    assert find_session(store, token, IDLE) is None


def test_a_name_is_locked_until_its_window_has_passed(store: Store, clock: SetClock, kim: str) -> None:
    """Others sign in meanwhile."""
    for _ in range(TRIES_A_NAME):
        must_not_be_locked(store, kim)
        note_failure(store, kim)
    with pytest.raises(LockedOutError, match="wait 15 minutes"):
        must_not_be_locked(store, kim)
    must_not_be_locked(store, "lee")
    clock.move(WINDOW)
    must_not_be_locked(store, kim)


def test_the_right_password_forgives_the_wrong_ones(store: Store, kim: str) -> None:
    """Somebody who mistypes four times a day is not locked out on the fifth."""
    for _ in range(TRIES_A_NAME - 1):
        note_failure(store, kim)
    open_session(store, kim)
    note_failure(store, kim)
    must_not_be_locked(store, kim)


def test_many_names_that_nobody_has_lock_everybody_out(store: Store) -> None:
    """A guesser who changes the name with each try is held too."""
    for number in range(TRIES_IN_ALL):
        note_failure(store, f"guess{number}")
    with pytest.raises(LockedOutError):
        must_not_be_locked(store, "kim")
