"""The directory: offices and providers, built from slips, corrected and merged by people, and never losing history."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.errors import UsageError
from schemas.followup import FollowUpPolicy, FollowUpState
from schemas.letter import Prefers
from schemas.office import Office, OfficeActivity, name_key
from store.clock import SetClock
from store.database import Store
from store.directory.activity import activity
from store.directory.offices import add, all_offices, edit, find_office, merge, ranges, reserve_serials, unmerge
from store.directory.providers import edit_provider, list_providers, merge_providers, unmerge_provider
from store.followups.actions import settle
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.letters.recipients import recipient_of_office, recipient_of_referral
from store.referrals.referrals import exported_referrals
from store.tables import office
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
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
    undated = {"next_visit_on": text("")}  # one that was past when a later slip came would wait for a person
    slip = slip.model_copy(update={"text": {**slip.text, **undated, "provider_name": text(provider)}})
    recorded(store, taken(store, inbox / "scan.pdf", f"scan {serial}".encode()), slip)


def of(store: Store, office_id: str) -> OfficeActivity:
    return next(each for each in activity(store, FollowUpPolicy()) if each.office_id == office_id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dr. B. Fenn", "B. Fenn, MD"),
        ("B Fenn", "b. fenn"),
        ("J. O'Hara PA-C", "Dr J OHara"),
        ("Linh Do", "Dr. Linh Do"),
        ("Susan Kim", "Kim, Susan, DPT"),
    ],
)
def test_spellings_of_one_name_are_one_provider(one: str, other: str, store: Store, inbox: Path) -> None:
    """Nobody writes their name twice in the same way."""
    assert name_key(one) == name_key(other) != ""
    refer(store, inbox, 1, one)
    refer(store, inbox, 2, other)
    [provider] = list_providers(store)
    assert (provider.name, provider.office_id) == (one, "north")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Fenn, B.", "b fenn"),
        ("KIM, SUSAN", "susan kim"),
        ("de la Cruz, Ana, MD", "ana de la cruz"),
        ("Moss, MD", "moss"),
        ("John Smith, Jr.", "john smith jr"),  # not his father
        ("Smith, John, Jr., MD", "john smith jr"),
        ("Pat Moss, office manager", "pat moss office manager"),
    ],
)
def test_a_name_has_one_key_in_either_order(name: str, key: str) -> None:
    """Slips are signed "Kim, Susan", and letters addressed to Susan Kim."""
    assert name_key(name) == key


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name: str) -> None:
    """Whatever was written, what is kept of it is found again."""
    assert name_key(name_key(name)) == name_key(name)


def test_the_same_name_in_two_offices_is_two_people_until_somebody_says_otherwise(store: Store, inbox: Path) -> None:
    """There are two Dr. Smiths in every town."""
    refer(store, inbox, 1)
    refer(store, inbox, 51)
    first, second = list_providers(store)
    assert (first.office_id, second.office_id) == ("north", "south")
    merge_providers(store, second.id, first.id, WHO)
    assert [listed_provider.id for listed_provider in list_providers(store)] == [first.id]
    refer(store, inbox, 52)
    assert [listed_provider.id for listed_provider in list_providers(store)] == [first.id]
    assert recipient_of_referral(store, 3).office == "Northside"
    unmerge_provider(store, second.id, WHO)
    assert len(list_providers(store)) == 2
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
    [record] = exported_referrals(store)
    assert record.referral.provider_name == "Dr B Fen"
    with pytest.raises(UsageError, match="no office"):
        edit_provider(store, 1, {"office_id": "nowhere"}, WHO)


def test_an_office_is_corrected_and_what_is_wrong_is_refused(store: Store) -> None:
    """Only what is named changes; the audit says what."""
    edit(store, "north", {"contact": "Pat Moss", "prefers": Prefers.FAX}, WHO)
    assert find_office(store, "north").fax == "(212) 555-0101"
    assert recipient_of_office(store, "north").person == "Pat Moss"
    assert audit_lines(store)[-1]["detail"] == {"fields": ["contact", "prefers"]}
    with pytest.raises(ValidationError):
        edit(store, "north", {"email": "not an address"}, WHO)


def test_a_merged_office_counts_as_the_other_and_can_be_split_again(store: Store, inbox: Path) -> None:
    """Nothing is rewritten: serials, referrals and tasks are found under the one name, and apart again afterwards."""
    refer(store, inbox, 1)
    refer(store, inbox, 51)
    merge(store, "south", "north", WHO)
    assert [all_office.id for all_office in all_offices(store)] == ["north"]
    both = of(store, "north")
    assert (both.referrals, both.slips_given, both.providers) == (2, 100, 2)
    assert list_follow_ups(store, FollowUpQuery(office_id="north")).total == 4
    assert {task.office_name for task in list_follow_ups(store, FollowUpQuery()).follow_ups} == {"Northside"}
    assert {each.office_name for each in exported_referrals(store)} == {"Northside"}
    unmerge(store, "south", WHO)
    assert (of(store, "north").referrals, of(store, "south").referrals) == (1, 1)
    for wrong in (lambda: unmerge(store, "south", WHO), lambda: merge(store, "north", "north", WHO)):
        with pytest.raises(UsageError):
            wrong()


def test_a_chain_of_mergings_ends_at_the_living_office(store: Store, inbox: Path) -> None:
    """Three names of one practice, in whatever order somebody finds out: letters go to the one that is left."""
    add(store, Office(id="west", name="Westside", fax="(212) 555-0103"), WHO)
    refer(store, inbox, 51)
    merge(store, "south", "north", WHO)
    merge(store, "north", "west", WHO)
    assert_all_are(store, "west", "Westside")
    unmerge(store, "south", WHO)
    assert [all_office.id for all_office in all_offices(store)] == ["south", "west"]
    merge(store, "south", "north", WHO)
    assert_all_are(store, "west", "Westside")
    unmerge(store, "north", WHO)
    assert {each.office_name for each in exported_referrals(store)} == {"Westside"}


def assert_all_are(store: Store, living: str, name: str) -> None:
    """Whatever asks for an office, of whichever name, is told of the living one."""
    assert [all_office.id for all_office in all_offices(store)] == [living]
    assert [each.office_id for each in activity(store, FollowUpPolicy())] == [living]
    assert of(store, living).slips_given == 100
    for each in ("north", "south"):
        assert find_office(store, each).id == living
        assert recipient_of_office(store, each).office == name
        assert len(ranges(store, each)) == 2
    assert recipient_of_referral(store, 1).office == name
    assert {each.office_name for each in exported_referrals(store)} == {name}
    assert list_follow_ups(store, FollowUpQuery(office_id=living)).total == 2
    assert {listed_provider.office_id for listed_provider in list_providers(store)} == {living}


def test_offices_are_never_merged_in_a_circle(store: Store) -> None:
    """Both would be hidden, and nobody would get their letters; the sentence says how to go on."""
    add(store, Office(id="west", name="Westside"), WHO)
    merge(store, "north", "south", WHO)
    with pytest.raises(UsageError, match=r'"north" is merged into "south" already: .*`refpad offices unmerge north`'):
        merge(store, "south", "north", WHO)
    merge(store, "south", "west", WHO)
    with pytest.raises(UsageError, match='"north" is merged into "west" already'):
        merge(store, "west", "north", WHO)
    assert [all_office.id for all_office in all_offices(store)] == ["west"]


@pytest.mark.parametrize(
    ("mergings", "living"),
    [
        ({"south": "north", "north": "west"}, "west"),
        ({"south": "north", "north": "south", "west": "south"}, "north"),
        ({"south": "west", "west": "south", "north": "west"}, "south"),
    ],
    ids=["a chain", "a circle", "a circle with another before it"],
)
def test_what_an_older_refpad_merged_is_read_through(
    mergings: dict[str, str], living: str, store: Store, inbox: Path
) -> None:
    """It wrote chains and circles; no office and no letter may be lost in them, and each can be taken back."""
    add(store, Office(id="west", name="Westside"), WHO)
    refer(store, inbox, 51)
    with store.write() as connection:
        for each, into in mergings.items():
            connection.execute(office.update().where(office.c.id == each).values(merged_into=into))
    assert_all_are(store, living, {"north": "Northside", "south": "Southside", "west": "Westside"}[living])
    for merging in mergings:
        unmerge(store, merging, WHO)
    assert [all_office.id for all_office in all_offices(store)] == ["north", "south", "west"]


def test_providers_are_merged_neither_in_a_chain_nor_in_a_circle(store: Store, inbox: Path) -> None:
    """What holds for offices holds for people: whoever stays is named, and all who were merged before come along."""
    for serial, name in ((1, "Dr. A. Fenn"), (2, "Dr. B. Fenn"), (3, "Dr. C. Fenn")):
        refer(store, inbox, serial, name)
    merge_providers(store, 1, 2, WHO)
    for wrong in ((2, 1), (3, 1), (2, 2)):
        with pytest.raises(UsageError, match="name the one that stays"):
            merge_providers(store, *wrong, WHO)
    merge_providers(store, 2, 3, WHO)
    assert [recipient_of_referral(store, each).person for each in (1, 2, 3)] == ["Dr. C. Fenn"] * 3


def test_the_report_tells_how_soon_was_answered(store: Store, inbox: Path, clock: SetClock) -> None:
    """Medians from the day of the slip: to the first contact with the patient, and to the thanks."""
    for serial, days in ((1, 1), (2, 2), (3, 9)):
        refer(store, inbox, serial)
        clock.move(timedelta(days=days))
        for task in list_follow_ups(store, FollowUpQuery()).follow_ups:
            settle(store, example_rules(), task.id, FollowUpState.DONE, WHO)
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


def test_a_new_edition_takes_the_place_of_pads_that_ran_low(store: Store, inbox: Path) -> None:
    """The office has pads again: its old ones ran low for ever, and were to be restocked for ever."""
    refer(store, inbox, 41)
    reserve_serials(store, "north", "tst", 2, 50)
    assert (of(store, "north").slips_left, of(store, "north").pads_low) == (50, False)


def test_what_is_left_counts_the_latest_pads_of_every_design(store: Store, inbox: Path) -> None:
    """An office with pads in two languages has both, whether or not a slip of them has come in."""
    reserve_serials(store, "south", "metes", 2, 20)
    assert of(store, "south").slips_left == 70
    refer(store, inbox, 51)
    assert of(store, "south").slips_left == 69


def test_the_report_goes_by_name(store: Store, inbox: Path) -> None:
    """No report ranks offices: a list by numbers is read as one, whatever stands above it."""
    refer(store, inbox, 51)
    assert [each.office_name for each in activity(store, FollowUpPolicy())] == ["Northside", "Southside"]
