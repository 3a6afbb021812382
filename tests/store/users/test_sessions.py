"""Sessions end by themselves, on each database."""

from datetime import timedelta

import pytest

from schemas.users import Role
from store.clock import SetClock
from store.database import Store
from store.users import users
from store.users.sessions import (
    SESSION_MOST,
    close_session,
    find_session,
    note_failure,
    open_session,
)
from tests.audit import audit_lines

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


def test_a_wrong_password_is_audited_without_a_name_that_nobody_has(store: Store, kim: str) -> None:
    """People type their password where the name belongs."""
    note_failure(store, kim)
    note_failure(store, "my secret password")
    failed = [line for line in audit_lines(store) if line["what"] == "login_failed"]
    assert [line["who"] for line in failed] == [kim, "unknown"]
    assert "secret" not in str(failed)
