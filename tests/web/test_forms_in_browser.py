"""No form of the front desk loses what was typed, when the server cannot take it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from schemas.office import Office
from schemas.users import Role
from store.directory import offices
from store.tables import desk_session
from tests.web.browser import FrontDesk, serving, violations
from tests.web.simulated_slips import Doubts, record_slip, truth_of
from tests.web.studio import PASSWORD, Studio
from web.http import GO_HEADER, STAY_HEADER
from web.live_services import TEMPLATES


def test_no_script_sends_a_form_past_the_way_that_keeps_what_was_typed() -> None:
    """Every form of every page is held back by one listener; `form.submit()` alone would pass it by."""
    scripts = sorted((Path(TEMPLATES).parent / "static").glob("*.js"))
    assert scripts != []
    assert [path.name for path in scripts if ".submit()" in path.read_text("utf-8")] == []


def test_a_form_that_stays_is_told_where_to_go(studio: Studio) -> None:
    """And only that one: without a script, the browser is led on as ever."""
    kim = studio.person()
    fields: dict[str, object] = {"id": "riverside", "name": "Riverside Spine"}
    answer = kim.post("/offices", fields, **{STAY_HEADER: "1"})
    assert (answer.status_code, answer.headers[GO_HEADER]) == (204, "/offices/riverside")
    wrong = kim.post("/offices", {**fields, "name": "Hill Street Clinic"}, **{STAY_HEADER: "1"})
    assert wrong.status_code == 400
    plain = kim.post("/offices", {"id": "lakeside", "name": "Lakeside Spine"})
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


# Of each kind of form, where it stands, what is typed into it, and what is said of that: all at once.
REFUSED = (
    (
        "/referrals/1/correct",
        {"Patient": "rosa mcdonald", "Phone": "12", "Reason": "misread"},
        "Save correction",
        ["patient phone: write a telephone number", "Change to Rosa McDonald"],
    ),
    (
        "/offices/riverside",
        {"Phone": "12", "Fax": "555", "Address": "4 River Road, Anytown, NY 1234"},
        "Save",
        ["phone: write a telephone number", "fax: write a telephone number", "address: write a ZIP code"],
    ),
    ("/referrals/1/office", {"Find an office": "nowhere"}, "Set office", ["There is no such office yet"]),
    ("/settings", {"Phone": "12"}, "Save studio", ["Write a telephone number that is valid in US"]),
    (
        "/me",
        dict.fromkeys(("Current password", "New password", "Repeat the new password"), "x" * 12),
        "Change password",
        ["The current password is wrong."],
    ),
)


def test_what_is_refused_stays_where_it_was_typed_and_back_leads_there(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal was a page that only a form could open: Back and reload ended at an error of the browser."""
    monkeypatch.delenv("REFPAD_STUDIO__PHONE", raising=False)  # so that the page may change it
    record_slip(desk.studio, truth_of(2501, patient_name="Ada Quill"), Doubts())
    page = desk.person("ada", role=Role.ADMIN)
    for address, typed, button, told in REFUSED:
        page.goto(address)
        for label, words in typed.items():
            page.get_by_label(label, exact=True).first.fill(words)
        page.get_by_role("button", name=button).first.click()
        for words in told:
            expect(page.get_by_text(words).first).to_be_visible()
        assert page.url.endswith(address)
        for label, words in typed.items():
            expect(page.get_by_label(label, exact=True).first).to_have_value(words)
        page.goto("/exports")
        page.go_back()
        expect(page.get_by_role("button", name=button).first).to_be_visible()
    assert violations(page) == []


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
    """Whoever reads "None given yet" after printing prints them again; of a pad the newest edition is chosen."""
    page = desk.person()
    page.goto("/offices/riverside")
    expect(page.get_by_text("None given yet.")).to_be_visible()
    page.get_by_label("Slips", exact=True).fill("40")
    with page.expect_download() as printing:
        page.get_by_role("button", name="Print numbered slips (PDF)").click()
    assert printing.value.suggested_filename == "riverside-met-2-1.pdf"
    expect(page.get_by_role("row", name=re.compile("met-2 1 40 40"))).to_be_visible()
    expect(page.get_by_text("None given yet.")).to_have_count(0)


def test_what_is_asked_for_right_after_a_file_comes_too(desk: FrontDesk) -> None:
    """The page is loaded anew after a file; doing so under the next form would use up numbers and give no pads."""
    page = desk.person()
    page.goto("/offices/riverside")
    with page.expect_download():
        page.get_by_role("button", name="Keep in touch (PDF)").click()
    with page.expect_download() as printing:
        page.get_by_role("button", name="Print numbered slips (PDF)").click()
    assert printing.value.suggested_filename.endswith("-1.pdf")
    expect(page.get_by_text("None given yet.")).to_have_count(0)
