"""Private addresses of the calendar: nobody guesses one, and one that is revoked is worth nothing."""

import pytest

from schemas.errors import NotOnRecordError, UsageError
from schemas.export import CalendarNames
from schemas.users import Role
from store.database import Store
from store.tables import calendar_address
from store.users import calendars, users
from tests.audit import audit_lines


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    """A reviewer and an admin."""
    users.add(store, "kim", Role.REVIEWER, "root")
    users.add(store, "ada", Role.ADMIN, "root")


def test_an_address_works_until_it_is_revoked_and_is_kept_as_a_hash(store: Store) -> None:
    """Whoever reads the database, or a backup, cannot fetch the calendar with it."""
    token = calendars.add_address(store, "kim", CalendarNames.NOBODY, "kim")
    found = calendars.find_address(store, token)
    assert found is not None
    assert (found.user_name, found.names) == ("kim", CalendarNames.NOBODY)
    with store.read() as connection:
        assert token not in str(connection.execute(calendar_address.select()).all())
    assert calendars.find_address(store, token[:-1]) is None
    with pytest.raises(NotOnRecordError):
        calendars.revoke_address(store, found.id, "lee", "lee")
    calendars.revoke_address(store, found.id, "kim", "kim")
    assert calendars.find_address(store, token) is None
    with pytest.raises(NotOnRecordError):
        calendars.revoke_address(store, found.id, "kim")
    assert [(line["what"], line["subject"]) for line in audit_lines(store)][-2:] == [
        ("add", "calendar 1"),
        ("revoke", "calendar 1"),
    ]


def test_a_removed_users_addresses_end_with_them(store: Store) -> None:
    """Who left the studio must not go on seeing what is due there."""
    token = calendars.add_address(store, "kim", CalendarNames.NOBODY, "kim")
    users.remove(store, "kim", "ada")
    assert calendars.find_address(store, token) is None
    with pytest.raises(UsageError, match="no such user"):
        calendars.add_address(store, "kim", CalendarNames.NOBODY, "root")


def test_only_an_admin_chooses_that_patients_are_named(store: Store) -> None:
    """Calendars are copied to other people's machines: that is for the owner to decide."""
    with pytest.raises(UsageError, match="Only an admin"):
        calendars.add_address(store, "kim", CalendarNames.INITIALS, "kim")
    calendars.add_address(store, "ada", CalendarNames.NAMES, "ada")
    assert [address.user_name for address in calendars.addresses(store)] == ["ada"]
    assert calendars.addresses(store, "kim") == []


def test_addresses_of_one_user_are_limited(store: Store) -> None:
    """Nobody loses count of who has one."""
    for _ in range(calendars.ADDRESSES_MOST):
        calendars.add_address(store, "kim", CalendarNames.NOBODY, "kim")
    with pytest.raises(UsageError, match="revoke one first"):
        calendars.add_address(store, "kim", CalendarNames.NOBODY, "kim")
