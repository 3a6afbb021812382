"""Dialogs, choices with words of one's own, and pages that ask by themselves, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import FrontDesk, serving
from tests.web.simulated_slips import Doubts, record_slip, truth_of

AWAY = "refpad has not answered since"


@pytest.fixture
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    """Two slips that wait."""
    with serving(chromium) as opened:
        for serial in (2601, 2602):
            record_slip(opened.studio, truth_of(serial), Doubts(text={"diagnosis": ("gout",)}, signature=True))
        yield opened


FOCUSED = "() => { const at = document.activeElement; return at.name || at.id; }"


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED))


def wait_for_focus(page: Page, name: str) -> None:
    """A dialog tells that it was closed a moment after it is gone, and only then gives the focus back."""
    page.wait_for_function(f"name => ({FOCUSED})() === name", arg=name)


def test_a_dialog_begins_at_its_first_field_and_gives_the_focus_back(desk: FrontDesk) -> None:
    """Whoever works by keys is in it with M or X, out of it with Escape, and where they were before."""
    page = desk.person()
    page.goto("/review/s1")
    expect(page.locator("#card-diagnosis, #card-signature").first).to_be_visible()
    before = focused(page)
    assert before != ""
    for key, dialog, first in (("m", "missing", "field"), ("x", "reject", "reason"), ("?", "keys", "keys-on")):
        page.keyboard.press(key)
        expect(page.locator(f"#{dialog}")).to_be_visible()
        wait_for_focus(page, first)
        page.keyboard.press("Escape")
        expect(page.locator(f"#{dialog}")).to_be_hidden()
        wait_for_focus(page, before)
    # What had the focus was renewed while the dialog was open: its successor gets it.
    page.keyboard.press("x")
    page.evaluate("id => { const card = document.getElementById(id); card.replaceWith(card.cloneNode(true)); }", before)
    page.get_by_role("button", name="Cancel").last.click()
    wait_for_focus(page, before)


def test_another_reason_is_chosen_by_typing_it_and_never_dropped(desk: FrontDesk) -> None:
    """Its text was lost when another choice was left standing."""
    page = desk.person()
    page.goto("/review/s1")
    page.keyboard.press("x")
    dialog = page.locator("#reject")
    dialog.get_by_label("cannot be read").check()
    dialog.get_by_label("Another reason", exact=True).fill("coffee on it")
    expect(dialog.get_by_label("another reason:")).to_be_checked()
    dialog.get_by_label("not for us").check()
    dialog.get_by_role("button", name="Reject").click()
    expect(dialog.get_by_role("alert")).to_contain_text("only one reason is kept")
    dialog.get_by_label("Another reason", exact=True).fill("coffee on this one")
    dialog.get_by_role("button", name="Reject").click()
    page.wait_for_url("**/review/s2**")
    page.goto("/set-aside")
    expect(page.get_by_text("coffee on this one")).to_be_visible()


def test_a_page_that_asks_by_itself_says_since_when_refpad_does_not_answer(desk: FrontDesk) -> None:
    """It stood still, as if nothing came in; and it goes on by itself."""
    page = desk.person()
    for address, wait_s in (("/inbox", 3), ("/review/s1", 31)):
        page.clock.install()
        page.goto(address)
        page.clock.run_for(wait_s * 1000)
        expect(page.get_by_text(AWAY)).to_have_count(0)
        page.context.set_offline(True)
        page.clock.run_for(wait_s * 1000)
        expect(page.get_by_text(AWAY)).to_be_visible()
        page.context.set_offline(False)
        page.clock.run_for(wait_s * 1000)
        expect(page.get_by_text("refpad answers again.")).to_be_visible()
        expect(page.get_by_text(AWAY)).to_have_count(0)
