"""A browser in which a user has signed in is known again, on each database, and lets nobody in."""

from datetime import timedelta

from schemas.users import Role
from store.clock import SetClock
from store.database import Store
from store.users import users
from store.users.devices import KEPT_FOR, add_device, is_device_of


def test_a_browser_is_known_for_its_own_user_alone(store: Store) -> None:
    """Who borrows a colleague's computer is a stranger on it, and so is a guessed token."""
    for name in ("kim", "lee"):
        users.add(store, name, Role.REVIEWER, "root")
    token = add_device(store, "kim")
    assert is_device_of(store, token, "kim")
    assert not is_device_of(store, token, "lee")
    assert not is_device_of(store, token + "x", "kim")
    assert not is_device_of(store, "", "kim")


def test_a_browser_is_forgotten_after_a_year(store: Store, clock: SetClock) -> None:
    """A computer that was given away is not trusted for ever."""
    users.add(store, "kim", Role.REVIEWER, "root")
    token = add_device(store, "kim")
    clock.move(KEPT_FOR + timedelta(seconds=1))
    assert not is_device_of(store, token, "kim")


def test_a_new_link_forgets_the_users_browsers(store: Store) -> None:
    """Whoever lost a password may have lost the computer too."""
    users.add(store, "kim", Role.REVIEWER, "root")
    token = add_device(store, "kim")
    users.link(store, "kim", "root")
    assert not is_device_of(store, token, "kim")
