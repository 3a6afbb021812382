"""No form of the front desk loses what was typed, when the server cannot take it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from schemas.office import Office
from store.directory import offices
from store.tables import desk_session
from tests.web.browser import FrontDesk, serving, violations
from tests.web.studio import PASSWORD, Studio
from web.http import GO_HEADER, STAY_HEADER
from web.live_services import TEMPLATES

FORM = re.compile(r"<form (?P<head>[^>]*method=\"post\"(?:[^>%]|%\}|\{%)*)>(?P<body>.*?)</form>", re.DOTALL)
TYPED = re.compile(r"<textarea|<input(?![^>]*type=\"(?:hidden|checkbox|radio|submit|file)\")(?![^>]*readonly)")
# Forms that the server shows again with what was typed, each with the test that says so, or that forget it on purpose.
SHOWN_AGAIN = {
    "correct.html": "tests/web/views/test_referrals.py",
    "provider.html": "tests/web/views/test_referrals.py",
    "people.html": "tests/web/views/test_users.py",
    "set_office.html": "tests/web/views/test_set_office.py",
    "settings.html": "tests/web/views/test_settings.py",
    "setup.html": "tests/web/views/test_settings.py",
    "setting_parts.html": "tests/web/views/test_settings.py",
    "entry.html": "tests/web/test_browser.py",
    "base.html": "a search leads to its page, whatever is typed",
    "search.html": "a search leads to its page, whatever is typed",
    "referrals.html": "a search leads to its page, whatever is typed",
    "login.html": "passwords are typed anew",
    "first.html": "passwords are typed anew",
    "me.html": "passwords are typed anew",
}


def test_each_form_into_which_something_is_typed_stays_or_is_shown_again() -> None:
    """A new form that would lose it is seen here."""
    losing = [
        f"{path.name}: {form['head']}"
        for path in sorted(Path(TEMPLATES).glob("*.html"))
        for form in FORM.finditer(path.read_text("utf-8"))
        if TYPED.search(form["body"]) and "data-stay" not in form["head"] and path.name not in SHOWN_AGAIN
    ]
    assert losing == []


def test_a_form_that_stays_is_told_where_to_go(studio: Studio) -> None:
    """And only that one: without a script, the browser is led on as ever."""
    kim = studio.person()
    fields: dict[str, object] = {"id": "riverside", "name": "Riverside Spine"}
    answer = kim.post("/offices", fields, **{STAY_HEADER: "1"})
    assert (answer.status_code, answer.headers[GO_HEADER]) == (204, "/offices/riverside")
    wrong = kim.post("/offices", fields, **{STAY_HEADER: "1"})
    assert wrong.status_code == 400
    plain = kim.post("/offices", {**fields, "id": "lakeside"})
    assert (plain.status_code, plain.headers["location"]) == (303, "/offices/lakeside")


def test_a_form_of_somebody_signed_out_is_answered_by_a_page(studio: Studio) -> None:
    """Also where no script holds the form back: what happened, and the way to the sign-in."""
    answer = studio.stranger().post("/offices/riverside/unmerge")
    assert answer.status_code == 401
    assert "You are signed out, and nothing was changed." in answer.text
    assert '<a href="/login">' in answer.text


@pytest.fixture
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    with serving(chromium) as opened:
        offices.add(opened.studio.store, Office(id="riverside", name="Riverside Spine", address="4 River Road"), "kim")
        yield opened


def test_what_cannot_be_taken_is_said_in_the_form_with_all_that_was_typed(desk: FrontDesk) -> None:
    """The sentence comes to the form, and the form goes on when it is right."""
    page = desk.person()
    page.goto("/offices")
    form = page.locator("form[action='/offices']")
    form.get_by_label("Short name").fill("riverside")
    form.get_by_label("Name", exact=True).fill("Riverside Family Practice")
    form.get_by_label("Address").fill("7 Lake Road, Anytown, NY")
    form.get_by_role("button", name="Add office").click()
    expect(form.get_by_role("alert")).to_contain_text("riverside")
    expect(form.get_by_label("Address")).to_have_value("7 Lake Road, Anytown, NY")
    assert violations(page) == []
    form.get_by_label("Short name").fill("riverside-family")
    form.get_by_role("button", name="Add office").click()
    page.wait_for_url("**/offices/riverside-family")
    expect(page.get_by_label("Address")).to_have_value("7 Lake Road, Anytown, NY")


def test_a_form_is_taken_after_a_new_sign_in_elsewhere(desk: FrontDesk) -> None:
    """As its sentence says: sign in in another window, and send it again; the token of that sign-in is another one."""
    page = desk.person()
    page.goto("/offices")
    form = page.locator("form[action='/offices']")
    form.get_by_label("Short name").fill("lakeside")
    form.get_by_label("Name", exact=True).fill("Lakeside Practice")
    with desk.studio.store.write() as connection:
        connection.execute(sa.delete(desk_session))
    form.get_by_role("button", name="Add office").click()
    expect(form.get_by_role("alert")).to_contain_text("Sign in in another window")
    other = page.context.new_page()
    other.goto("/login")
    other.get_by_label("Name").fill("kim")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", name="Today")).to_be_visible()
    form.get_by_role("button", name="Add office").click()
    page.wait_for_url("**/offices/lakeside")


def test_pads_that_were_printed_stand_on_the_page_at_once(desk: FrontDesk) -> None:
    """Whoever reads "None given yet" after printing prints them again."""
    page = desk.person()
    page.goto("/offices/riverside")
    expect(page.get_by_text("None given yet.")).to_be_visible()
    page.get_by_label("Slips", exact=True).fill("40")
    with page.expect_download() as printing:
        page.get_by_role("button", name="Print numbered slips (PDF)").click()
    assert printing.value.suggested_filename == "riverside-met-1-1.pdf"
    expect(page.get_by_role("row", name=re.compile("met-1 1 40 40"))).to_be_visible()
    expect(page.get_by_text("None given yet.")).to_have_count(0)
