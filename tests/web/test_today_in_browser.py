"""Today in a real browser: a busy day fits two screens, and is worked from top to bottom."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from store.followups.listing import FollowUpQuery, list_follow_ups
from tests.web.browser import NARROW, WIDE, FrontDesk, serving, violations
from tests.web.simulated_slips import Doubts, picture_of, record_slip, truth_of

PATIENTS = 34


@pytest.fixture(scope="module")
def busy(chromium: Browser) -> Iterator[FrontDesk]:
    """34 patients whose calls, bookings and thanks are due: a hundred open items, and a slip in doubt."""
    with serving(chromium) as desk:
        picture = picture_of(truth_of(2300))
        for number in range(PATIENTS):
            family = "Quill" + "abcdefghijklmnopqrstuvwxyzabcdefghijkl"[number]
            truth = truth_of(2300 + number, patient_name=f"Ada {family}", patient_phone=f"+1212555{100 + number:04}")
            record_slip(desk.studio, truth, Doubts(), picture)
        record_slip(desk.studio, truth_of(2400), Doubts(signature=True), picture)
        desk.studio.clock.move(timedelta(days=10))
        assert list_follow_ups(desk.studio.store, FollowUpQuery(due_only=True)).total >= 100
        yield desk


def test_a_hundred_open_items_fit_two_screens(busy: FrontDesk) -> None:
    """What waits comes first, the rest is one click away, and nothing is left out of the counts."""
    page = busy.person("kim")
    assert page.evaluate("document.documentElement.scrollHeight") <= 2 * WIDE["height"]
    expect(page.get_by_role("link", name="1 waits")).to_be_visible()
    expect(page.get_by_role("link", name=f"Today {PATIENTS} due")).to_be_visible()
    expect(page.get_by_role("link", name="Review 1 waiting")).to_be_visible()
    assert page.locator(".work li").count() < PATIENTS
    page.get_by_role("link", name=f"Show all {PATIENTS}").click()
    expect(page.locator(".work li")).to_have_count(PATIENTS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_used_by_everybody_and_on_a_phone(scheme: str, busy: FrontDesk) -> None:
    """WCAG 2.2 AA, and nothing to scroll sideways at 390 px."""
    page = busy.person("lee", scheme=scheme, size=NARROW)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_call_is_settled_where_it_stands(busy: FrontDesk) -> None:
    """The next thing for this patient stands there then, by its own day."""
    page = busy.person("mia")
    row = page.locator(".work li").first
    name = row.locator("strong").inner_text()
    row.get_by_text("Note call").click()
    row.get_by_role("button", name=f"Reached: contact patient {name}").click()
    expect(row.locator("strong")).not_to_have_text(name)
    page.goto("/?all=1")
    again = page.locator(".work li").filter(has_text=name)
    expect(again.get_by_text(f"Note call: book assessment {name}")).to_be_visible()
