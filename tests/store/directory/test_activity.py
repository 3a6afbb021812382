"""The directory: offices and providers, built from slips, corrected and merged by people, and never losing history."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.errors import UsageError
from schemas.followup import FollowUpState, Promises
from schemas.letter import Prefers
from schemas.office import Office, OfficeActivity, name_key
from store import audit
from store.clock import SetClock
from store.database import Store
from store.directory.activity import activity
from store.directory.offices import add, all_offices, edit, find_office, merge, reserve_serials, unmerge
from store.directory.providers import edit_provider, listed_providers, merge_providers, unmerge_provider
from store.followups.actions import settle
from store.followups.listing import TaskQuery, listed
from store.letters.recipients import recipient_of_office, recipient_of_referral
from store.referrals.referrals import exported
from tests.fake_reader import example_terms, slip_reading
from tests.schemas.examples import text
from tests.store.helpers import recorded, taken

WHO = "kim"


@pytest.fixture(autouse=True)
def offices(store: Store) -> None:
    """Two offices with fifty slips each."""
    add(store, Office(id="north", name="Northside", address="1 A St", fax="(212) 555-0101"), WHO)
    add(store, Office(id="south", name="Southside", email="desk@south.example", prefers=Prefers.EMAIL), WHO)
    reserve_serials(store, "north", "tst", 1, 50)
    reserve_serials(store, "south", "tst", 1, 50)


def refer(store: Store, inbox: Path, serial: int, provider: str = "Dr. B. Fenn") -> None:
    slip = slip_reading(serial=serial)
    slip = slip.model_copy(update={"text": {**slip.text, "provider_name": text(provider)}})
    recorded(store, taken(store, inbox / "scan.pdf", f"scan {serial}".encode()), slip)


def of(store: Store, office_id: str) -> OfficeActivity:
    return next(each for each in activity(store, Promises()) if each.office_id == office_id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dr. B. Fenn", "B. Fenn, MD"),
        ("B Fenn", "b. fenn"),
        ("J. O'Hara PA-C", "Dr J OHara"),
        ("Linh Do", "Dr. Linh Do"),
    ],
)
def test_spellings_of_one_name_are_one_provider(one: str, other: str, store: Store, inbox: Path) -> None:
    """Nobody writes their name twice in the same way."""
    assert name_key(one) == name_key(other) != ""
    refer(store, inbox, 1, one)
    refer(store, inbox, 2, other)
    [provider] = listed_providers(store)
    assert (provider.name, provider.office_id) == (one, "north")


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name: str) -> None:
    """Whatever was written, what is kept of it is found again."""
    assert name_key(name_key(name)) == name_key(name)


def test_the_same_name_in_two_offices_is_two_people_until_somebody_says_otherwise(store: Store, inbox: Path) -> None:
    """There are two Dr. Smiths in every town."""
    refer(store, inbox, 1)
    refer(store, inbox, 51)
    first, second = listed_providers(store)
    assert (first.office_id, second.office_id) == ("north", "south")
    merge_providers(store, second.id, first.id, WHO)
    assert [each.id for each in listed_providers(store)] == [first.id]
    refer(store, inbox, 52)
    assert [each.id for each in listed_providers(store)] == [first.id]
    assert recipient_of_referral(store, 3).office == "Northside"
    unmerge_provider(store, second.id, WHO)
    assert len(listed_providers(store)) == 2
    with pytest.raises(UsageError, match="not merged"):
        unmerge_provider(store, second.id, WHO)


def test_a_letter_goes_to_the_provider_the_way_they_want_it(store: Store, inbox: Path) -> None:
    """Their own fax or e-mail before the office's; the name as people corrected it, not as it was scribbled."""
    refer(store, inbox, 1, "Dr B Fen")
    to = recipient_of_referral(store, 1)
    assert (to.person, to.office, to.fax, to.prefers) == ("Dr B Fen", "Northside", "(212) 555-0101", Prefers.POST)
    edit_provider(store, 1, {"name": "Dr. B. Fenn", "email": "fenn@north.example", "prefers": Prefers.EMAIL}, WHO)
    to = recipient_of_referral(store, 1)
    assert (to.person, str(to.email), to.prefers) == ("Dr. B. Fenn", "fenn@north.example", Prefers.EMAIL)
    [record] = exported(store)
    assert record.referral.provider_name == "Dr B Fen"
    with pytest.raises(UsageError, match="no office"):
        edit_provider(store, 1, {"office_id": "nowhere"}, WHO)


def test_an_office_is_corrected_and_what_is_wrong_is_refused(store: Store) -> None:
    """Only what is named changes; the audit says what."""
    edit(store, "north", {"contact": "Pat Moss", "prefers": Prefers.FAX}, WHO)
    assert find_office(store, "north").fax == "(212) 555-0101"
    assert recipient_of_office(store, "north").person == "Pat Moss"
    assert audit.lines(store)[-1]["detail"] == {"fields": ["contact", "prefers"]}
    with pytest.raises(ValidationError):
        edit(store, "north", {"email": "not an address"}, WHO)


def test_a_merged_office_counts_as_the_other_and_can_be_split_again(store: Store, inbox: Path) -> None:
    """Nothing is rewritten: serials, referrals and tasks are found under the one name, and apart again afterwards."""
    refer(store, inbox, 1)
    refer(store, inbox, 51)
    merge(store, "south", "north", WHO)
    assert [each.id for each in all_offices(store)] == ["north"]
    both = of(store, "north")
    assert (both.referrals, both.slips_given, both.providers) == (2, 100, 2)
    assert listed(store, TaskQuery(office_id="north")).total == 4
    assert {each.office_name for each in listed(store, TaskQuery()).tasks} == {"Northside"}
    assert {each.office_name for each in exported(store)} == {"Northside"}
    unmerge(store, "south", WHO)
    assert (of(store, "north").referrals, of(store, "south").referrals) == (1, 1)
    for wrong in (lambda: unmerge(store, "south", WHO), lambda: merge(store, "north", "north", WHO)):
        with pytest.raises(UsageError):
            wrong()


def test_the_report_tells_how_soon_was_answered(store: Store, inbox: Path, clock: SetClock) -> None:
    """Medians from the day of the slip: to the first contact with the patient, and to the thanks."""
    for serial, days in ((1, 1), (2, 2), (3, 9)):
        refer(store, inbox, serial)
        clock.move(timedelta(days=days))
        for task in listed(store, TaskQuery()).tasks:
            settle(store, example_terms(), task.id, FollowUpState.DONE, WHO)
    north = of(store, "north")
    assert (north.days_to_contact, north.days_to_thanks) == (2, 2)
    assert of(store, "south").days_to_contact is None


def test_the_report_tells_who_has_gone_quiet_and_whose_pads_run_low(store: Store, inbox: Path, clock: SetClock) -> None:
    """Sixty days without a slip; nine slips left of fifty, by the highest serial seen."""
    refer(store, inbox, 41)
    assert (of(store, "north").slips_left, of(store, "north").pads_low) == (9, True)
    clock.move(timedelta(days=60))
    refer(store, inbox, 51)
    north, south = of(store, "north"), of(store, "south")
    assert (north.quiet, north.days_quiet, south.quiet) == (True, 60, False)
    assert [each.referrals for each in north.by_month][-3:] == [1, 0, 0]
    assert (len(south.by_month), south.last_referral_on) == (12, date(2026, 5, 2))


def test_the_report_goes_by_name(store: Store, inbox: Path) -> None:
    """No report ranks offices: a list by numbers is read as one, whatever stands above it."""
    refer(store, inbox, 51)
    assert [each.office_name for each in activity(store, Promises())] == ["Northside", "Southside"]
