"""The forms of a course in a real browser: no word is lost, and a report starts from the one before."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from refpad.services.course_entries import enter_for_good
from schemas.course import EntryKind
from store.courses.courses import course
from store.courses.unsaved import UnsavedEntry, unsaved_entries
from store.tables import desk_session
from tests.web.browser import FrontDesk, serving
from tests.web.scenes import ASSESSMENT
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import PASSWORD

FORM = "/referrals/1/enter/progress"
WORDS = "Climbs one flight without the rail"


@pytest.fixture
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    """One patient, assessed a month ago."""
    with serving(chromium) as opened:
        studio = opened.studio
        record_slip(studio, truth_of(2401, patient_name="Ada Quill", precautions="no kneeling"), Doubts())
        today = studio.store.clock.today().isoformat()
        enter_for_good(studio.store, studio.settings, 1, {**ASSESSMENT, "on": today}, "kim")
        studio.clock.move(timedelta(days=30))
        yield opened


def kept(desk: FrontDesk) -> tuple[UnsavedEntry, ...]:
    return unsaved_entries(desk.studio.store, "kim")


def end_sessions(desk: FrontDesk) -> None:
    with desk.studio.store.write() as connection:
        connection.execute(sa.delete(desk_session))


def sign_in(page: Page) -> None:
    page.fill("[name=name]", "kim")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def begun(desk: FrontDesk) -> Page:
    """The form with some words that are kept."""
    page = desk.person()
    page.goto(FORM)
    page.get_by_label("Notable improvements").fill(WORDS)
    expect(page.locator("#kept")).to_contain_text("Saved as you type")
    return page


def test_a_progress_report_starts_from_the_last_entry(desk: FrontDesk) -> None:
    """Findings, plan, goals and tests with their day; no value is taken over that nobody measured again."""
    page = desk.person()
    page.goto(FORM)
    expect(page.get_by_label("Strength")).to_have_value("Hip abduction and knee extension weak on the right.")
    expect(page.get_by_label("Exercises, one per line")).to_have_value("\n".join(ASSESSMENT["plan"]["exercises"]))  # type: ignore[index]
    expect(page.get_by_label("Goal 2", exact=True)).to_have_value("Stairs without holding the rail")
    expect(page.get_by_label("Test 2", exact=True)).to_have_value("range_of_motion")
    expect(page.get_by_label("Value, test 2")).to_have_value("")
    expect(page.get_by_text("last 94, Nov 20, 2026")).to_be_visible()
    marks = page.get_by_text("taken over from Nov 20, 2026").locator("visible=true")
    expect(marks).to_have_count(5)
    page.get_by_label("Strength").fill("Knee extension equal on both sides.")
    expect(marks).to_have_count(4)
    beside = page.get_by_role("region", name="Referral", exact=True)
    expect(beside).to_contain_text("no kneeling")
    beside.get_by_text("Show the slip").click()
    expect(beside.get_by_role("img", name="The slip of this referral")).to_be_visible()


def test_words_are_there_after_the_session_has_ended(desk: FrontDesk) -> None:
    """The time-out took an hour's work; now it takes nobody's words, and shows them to nobody else."""
    page = begun(desk)
    end_sessions(desk)
    page.goto(FORM)
    sign_in(page)
    page.goto(FORM)
    expect(page.get_by_label("Notable improvements")).to_have_value(WORDS)
    expect(page.get_by_text("have not saved it yet")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name="Progress of Ada Quill")).to_be_visible()
    lee = desk.person("lee")
    lee.goto(FORM)
    expect(lee.get_by_label("Notable improvements")).to_have_value("")


def test_words_typed_after_the_session_has_ended_are_kept_once_signed_in_again(desk: FrontDesk) -> None:
    """The page stays, says so, and goes on when its user has signed in in another window."""
    page = begun(desk)
    end_sessions(desk)
    page.get_by_label("Notable improvements").fill(f"{WORDS}, and down again")
    expect(page.locator("#kept")).to_contain_text("You are signed out")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another window").click()
    sign_in(opened.value)
    expect(page.locator("#kept")).to_contain_text("Saved as you type")
    assert kept(desk)[0].content["improvements"] == f"{WORDS}, and down again"
    page.get_by_label("Sessions attended").fill("8")
    page.get_by_role("button", name="Save and write report").click()
    page.wait_for_url("**/referrals/1")
    assert [entry.kind for entry in course(desk.studio.store, 1).entries] == [EntryKind.ASSESSMENT, EntryKind.PROGRESS]
    assert kept(desk) == ()


def test_words_typed_while_the_server_is_away_are_kept_when_it_is_back(desk: FrontDesk) -> None:
    """A cable that is out for a minute; saving waits too, instead of an error page in the form's place."""
    page = begun(desk)
    page.context.set_offline(True)
    page.get_by_label("Notable improvements").fill(f"{WORDS}, twice")
    expect(page.locator("#kept")).to_contain_text("No connection")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_label("Notable improvements")).to_have_value(f"{WORDS}, twice")
    assert kept(desk)[0].content["improvements"] == WORDS
    page.context.set_offline(False)
    expect(page.locator("#kept")).to_contain_text("Saved as you type")
    assert kept(desk)[0].content["improvements"] == f"{WORDS}, twice"


def test_words_that_the_server_lacks_outlast_the_time_out_behind_a_cover(chromium: Browser) -> None:
    """Nobody reads the patient's page over a shoulder, and nobody types it again."""
    with serving(chromium, idle_minutes=0.1) as desk:
        record_slip(desk.studio, truth_of(2401, patient_name="Ada Quill"), Doubts())
        page = desk.person()
        page.goto("/referrals/1/enter/assessment")
        page.context.set_offline(True)
        page.get_by_label("Function").fill(WORDS)
        cover = page.get_by_role("dialog", name="You are signed out")
        expect(cover).to_contain_text("leave this window open")
        expect(page.locator("#observed-function")).to_be_hidden()
        page.context.set_offline(False)
        cover.get_by_role("button", name="Go on here").click()
        expect(page.get_by_label("Function")).to_have_value(WORDS)
        expect(page.get_by_text("have not saved it yet")).to_be_visible()
        assert kept(desk)[0].content["observed"] == {"function": WORDS}


def test_leaving_the_page_keeps_the_last_word(desk: FrontDesk) -> None:
    """Also the one typed a moment before; what nobody wants any more is thrown away with one button."""
    page = begun(desk)
    page.get_by_label("Question for the provider").fill("May she kneel?")
    page.goto("/referrals/1")
    page.goto(FORM)
    expect(page.get_by_label("Question for the provider")).to_have_value("May she kneel?")
    page.get_by_role("button", name="Remove what I typed").click()
    expect(page.get_by_label("Notable improvements")).to_have_value("")
    assert kept(desk) == ()


def test_as_many_tests_as_wanted_are_entered(desk: FrontDesk) -> None:
    """The thirteenth and later were cut off without a word."""
    page = desk.person()
    page.goto(FORM)
    for _ in range(10):
        page.get_by_role("button", name="Add a test").click()
    for number in range(4, 16):
        page.get_by_label(f"Test {number}", exact=True).select_option("range_of_motion")
        page.get_by_label(f"Body part or movement, test {number}", exact=True).fill(f"joint {number}")
        page.get_by_label(f"Value, test {number}", exact=True).fill(str(number))
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**entry=*")
    [draft] = [entry for entry in course(desk.studio.store, 1).entries if entry.state == "draft"]
    assert [row["value"] for row in draft.content["measures"] if "value" in row] == [str(n) for n in range(4, 16)]
    expect(page.get_by_label("Value, test 15", exact=True)).to_have_value("15")
