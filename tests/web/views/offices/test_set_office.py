"""A letter whose office is not known is no dead end: the office is found or added on the spot, and the letter goes."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from refpad.services.letters.chase import NO_ADDRESS, NO_OFFICE, NO_SERVER, chase_all
from schemas.letter import LetterState, Prefers
from schemas.office import Office
from store.directory import offices
from store.directory.activity import activity
from store.directory.providers import list_providers
from store.letters import actions
from store.letters.actions import letters
from store.letters.addresses import renew_addresses
from store.referrals.referrals import exported_referrals
from tests.audit import audit_lines
from tests.web.browser import FrontDesk, serving
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import Person, Studio

RIVERSIDE = {"name": "Riverside Spine", "address": "1420 North Milwaukee Avenue, Chicago, IL 60622"}
TRIES, PAUSE_S = 200, 0.1
ROSENTHAL = {"provider_name": "N. Rosenthal, MD"}


@pytest.fixture
def kim(studio: Studio) -> Person:
    """Somebody at the desk; two referrals of one provider whose office nobody knows, their thanks held."""
    for serial in (2301, 2302):
        record_slip(studio, truth_of(serial, **ROSENTHAL), Doubts())
    made(studio)
    return studio.person()


def made(studio: Studio) -> None:
    """Every letter is made, here or in the round that a page has asked for meanwhile."""
    for _ in range(TRIES):
        list(chase_all(studio.store, studio.settings))
        if not letters(studio.store, (LetterState.WAITING,)):
            return
        time.sleep(PAUSE_S)


def states(studio: Studio) -> list[tuple[LetterState, str]]:
    return [(letter.state, letter.message) for letter in letters(studio.store, tuple(LetterState))]


def test_the_office_is_added_on_the_spot_and_the_letters_go(studio: Studio, kim: Person) -> None:
    """20 of 20 thank-yous were held, and each had to be made again by hand: now one form frees all of a provider."""
    assert states(studio) == [(LetterState.HELD, NO_OFFICE)] * 2
    assert 'href="/referrals/1/office?back=letters/1"' in kim.get("/letters/1").text
    answer = kim.post("/referrals/1/office", {**RIVERSIDE, "act": "add", "others": "yes", "back": "letters/1"})
    assert answer.headers["location"] == "/letters/1"
    page = kim.get("/letters/1").text  # at once, not only after the next round
    assert ("It is being created again" in page or "ready" in page, NO_OFFICE in page) == (True, False)
    made(studio)
    assert states(studio) == [(LetterState.READY, "")] * 2
    [letter, _] = letters(studio.store)
    assert letter.recipient is not None
    assert (letter.recipient.person, letter.recipient.address) == ("N. Rosenthal, MD", RIVERSIDE["address"])
    assert [referral.office_id for referral in exported_referrals(studio.store)] == ["riverside-spine"] * 2
    [told] = activity(studio.store, studio.settings.follow_ups)
    assert (told.office_id, told.referrals, told.providers) == ("riverside-spine", 2, 1)
    assert [line["subject"] for line in audit_lines(studio.store) if line["what"] == "set_office"] == [
        "referral 1",
        "referral 2",
    ]


def test_only_the_referral_that_was_named_moves_without_a_word_about_the_others(studio: Studio, kim: Person) -> None:
    """Two doctors may share a name: a letter about a patient must not go to the other one's office by itself."""
    kim.post("/referrals/2/office", {**RIVERSIDE, "act": "add"})
    assert [referral.office_id for referral in exported_referrals(studio.store)] == [None, "riverside-spine"]
    made(studio)
    assert [state for state, _ in states(studio)] == [LetterState.HELD, LetterState.READY]
    assert [one.office_id for one in list_providers(studio.store)] == [None, "riverside-spine"]
    assert "N. Rosenthal, MD signs there." in kim.get("/referrals/1/office").text
    kim.post("/referrals/1/office", {"office": "riverside-spine"})
    made(studio)
    assert [state for state, _ in states(studio)] == [LetterState.READY] * 2


@pytest.mark.parametrize("typed", ["Riverside Spine", "riverside-spine", "milwaukee", "SPINE river"])
def test_an_office_is_found_by_any_part_of_its_name_or_street(typed: str, studio: Studio, kim: Person) -> None:
    """The short name is nobody's memory."""
    for name in ("Riverside Spine", "Northside Practice"):
        address = RIVERSIDE["address"] if name == RIVERSIDE["name"] else "2 Side Street"
        added = Office(id=name.casefold().replace(" ", "-"), name=name, address=address)
        offices.add(studio.store, added, "root")
    assert kim.post("/referrals/1/office", {"office": typed}).status_code == 303
    assert next(exported_referrals(studio.store)).office_id == "riverside-spine"


def test_two_offices_of_one_name_are_told_apart_wherever_one_is_picked(studio: Studio, kim: Person) -> None:
    """Two identical lines are a coin tossed for a patient's letter."""
    for number, address in ((1, "4 River Road"), (2, "88 North Street")):
        offices.add(studio.store, Office(id=f"same-{number}", name="Same Name", address=address), "root")
    for page in ("/referrals/1/office", "/referrals/1/correct", "/providers/1"):
        text = kim.get(page).text
        assert text.count("Same Name, 4 River Road<") + text.count('"Same Name, 4 River Road"') == 1, page
    assert ">Same Name, 88 North Street<" in kim.get("/offices/same-1").text
    assert kim.post("/referrals/1/office", {"office": "Same Name"}).status_code == 400
    assert kim.post("/referrals/1/office", {"office": "Same Name, 88 North Street"}).status_code == 303
    assert next(exported_referrals(studio.store)).office_id == "same-2"


@pytest.mark.parametrize("name", ["Riverside Spine", "RIVER SIDE Spine, LLC"])
def test_an_office_on_record_is_offered_instead_of_a_second_one(name: str, studio: Studio, kim: Person) -> None:
    """Added twice, an office has half of its referrals under each name; a person may still say that it is another."""
    offices.add(studio.store, Office(id="riverside", **RIVERSIDE), "root")
    new = {"name": name, "address": "9 Other Road", "act": "add"}
    answer = kim.post("/referrals/1/office", new)
    assert (answer.status_code, "1 office of this name is on record" in answer.text) == (409, True)
    assert 'aria-label="Set Riverside Spine, riverside"' in answer.text
    assert 'value="9 Other Road"' in answer.text
    assert kim.post("/offices", {"id": "second", **new}).status_code == 409
    assert [office.id for office in offices.all_offices(studio.store)] == ["riverside"]
    assert kim.post("/referrals/1/office", {**new, "act": "add another"}).status_code == 303
    assert kim.post("/offices", {"id": "second", **new, "act": "add another"}).status_code == 303
    assert len(offices.all_offices(studio.store)) == 3


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"office": "side"}, "2 offices have these words"),
        ({"office": "Eastside"}, "no such office yet: type another part of its name, or add it as a new office."),
        ({"act": "add", "name": "Eastside Clinic"}, "Enter an address"),
        ({"act": "add", "name": "Eastside Clinic", "email": "nobody"}, "email"),
        ({"act": "add", "name": "Eastside Clinic", "address": "1 Road", "prefers": "fax"}, "fax: enter the number"),
    ],
)
def test_what_was_typed_stays_when_it_cannot_be_used(
    fields: dict[str, object], problem: str, studio: Studio, kim: Person
) -> None:
    """A form that comes back empty is filled in a second time by nobody."""
    for number, name in enumerate(("Riverside Spine", "Northside Practice")):
        offices.add(studio.store, Office(id=f"office-{number}", name=name, address="1 Road"), "root")
    answer = kim.post("/referrals/1/office", fields)
    assert (answer.status_code, problem in answer.text) == (400, True)
    typed = str(fields.get("name") or fields["office"])
    assert f'value="{typed}"' in answer.text
    assert [office.id for office in offices.all_offices(studio.store)] == ["office-0", "office-1"]


def test_a_letter_without_an_address_is_not_released(studio: Studio, kim: Person) -> None:
    """Neither by its button, which is not there, nor typed, nor among all of them."""
    assert ">Release<" not in kim.get("/letters/1").text
    answer = kim.post("/letters/1", {"act": "release"})
    assert (answer.status_code, "not known where letter 1 goes" in answer.text) == (400, True)
    assert actions.release_all(studio.store, "kim") == 0
    assert [state for state, _ in states(studio)] == [LetterState.HELD] * 2


def test_the_reason_names_what_is_missing(studio: Studio, kim: Person) -> None:
    """An e-mail address is there: asking for it again sends people in a circle."""
    offices.add(studio.store, Office(id="bare", name="Bare Office"), "root")
    kim.post("/referrals/1/office", {"office": "bare", "others": "yes"})
    made(studio)
    assert states(studio) == [(LetterState.HELD, NO_ADDRESS)] * 2
    assert 'href="/offices/bare"' in kim.get("/letters/1").text
    offices.edit(studio.store, "bare", {"email": "desk@bare.example", "prefers": Prefers.EMAIL}, "root")
    made(studio)
    assert states(studio) == [(LetterState.HELD, NO_SERVER)] * 2
    assert "Enter the address" in kim.get("/letters").text
    offices.edit(studio.store, "bare", {"fax": "(212) 555-0109"}, "root")
    renew_addresses(studio.store, has_mail=False)
    for page in ("/letters", "/letters/1"):  # it waits to be made, and nobody need enter anything
        assert "Enter the address" not in kim.get(page).text
    made(studio)
    assert states(studio) == [(LetterState.READY, "")] * 2


def test_today_says_that_a_letter_is_held_and_leads_to_what_is_missing(studio: Studio, kim: Person) -> None:
    """It said that the letter was in progress while nobody could send it."""
    page = kim.get("/").text
    assert page.count("letter held: set the office") == 2
    assert 'href="/referrals/1/office?back=today"' in page
    assert "in progress" not in page
    assert kim.post("/referrals/1/office", {**RIVERSIDE, "act": "add", "back": "today"}).headers["location"] == "/"


def test_the_office_of_a_slip_in_review_is_that_of_its_referral(studio: Studio, kim: Person) -> None:
    """Said once, on the slip: what is asked about it goes there, and the accepted referral counts for it."""
    record_slip(studio, truth_of(2303, **ROSENTHAL), Doubts(signature=True))
    assert "Office not known" in kim.get("/review/s3").text
    answer = kim.post("/review/s3/office", {**RIVERSIDE, "act": "add"})
    assert answer.headers["location"] == "/review/s3"
    assert "From Riverside Spine" in kim.get("/review/s3").text
    kim.post("/review/s3/missing", {"field": ["signature"]})
    made(studio)
    assert [letter.can_go for letter in letters(studio.store) if letter.slip_id == 3] == [True]
    kim.post("/review/s3/edit", {"field": "signature", "value": "present", "version": "1"})
    kim.post("/review/s3/accept", {"version": "2"})
    assert [referral.office_id for referral in exported_referrals(studio.store)] == [None, None, "riverside-spine"]


def test_a_provider_has_a_page_and_its_office_frees_the_letters(studio: Studio, kim: Person) -> None:
    """Name, credentials, office, letters and referrals; what is set there counts for all of theirs."""
    offices.add(studio.store, Office(id="riverside", **RIVERSIDE), "root")
    page = kim.get("/providers/1").text
    assert 'value="N. Rosenthal"' in page
    assert 'value="MD"' in page
    assert page.count("set the office") == 2
    assert page.count("Thank you") == 2
    fields = {"name": "Nora Rosenthal", "credentials": "DO", "office": "riverside"}
    assert kim.post("/providers/1", fields).headers["location"] == "/providers/1"
    made(studio)
    assert [state for state, _ in states(studio)] == [LetterState.READY] * 2
    assert {letter.recipient and letter.recipient.person for letter in letters(studio.store)} == {"Nora Rosenthal, DO"}
    assert [referral.office_id for referral in exported_referrals(studio.store)] == ["riverside"] * 2
    assert kim.get("/providers/9").status_code == 404


@pytest.fixture
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    with serving(chromium) as opened:
        yield opened


def test_in_the_browser_a_held_letter_leads_to_its_office_and_goes(desk: FrontDesk) -> None:
    """From Today, without a terminal: one link, one form, and the letter is ready to print."""
    for serial in (2301, 2302):
        record_slip(desk.studio, truth_of(serial, **ROSENTHAL), Doubts())
    made(desk.studio)
    page = desk.person()
    page.get_by_role("link", name="letter held: set the office").first.click()
    page.get_by_label("Name", exact=True).fill(RIVERSIDE["name"])
    page.get_by_label("Address").fill(RIVERSIDE["address"])
    page.get_by_role("textbox", name="Fax").press("Enter")
    page.wait_for_url(desk.address + "/")
    ready = page.get_by_role("link", name="2 ready to send")
    for _ in range(TRIES):  # the letters are made by the desk itself, a moment later
        if ready.count() == 1:
            break
        page.wait_for_timeout(300)
        page.reload()
    expect(ready).to_have_count(1)
    page.goto("/letters/1")
    expect(page.get_by_text(RIVERSIDE["address"])).to_be_visible()
