"""Accepting a slip in a real browser: an act of its own, never one key too many, and undone while it stands there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from schemas.reading import Finding
from schemas.reasons import FindingCode
from schemas.studio import Studio as Letterhead
from store.intake.ledger.files import totals
from store.referrals import referrals
from store.review import history
from store.review.queue import waiting_list
from tests.audit import audit_lines
from tests.web.browser import FrontDesk, serving
from tests.web.simulated_slips import Doubts, record_slip, truth_of

COARSE = Finding(code=FindingCode.IMAGE_TOO_SMALL, detail="The picture has 90 dots per inch, below 100.")
GUESSED = Finding(code=FindingCode.RESOLUTION_GUESSED, detail="The scale of the picture was estimated.")
ONE_DOUBT = Doubts(signature=True)
WARNED = Doubts(signature=True, paper=(COARSE, GUESSED))
NO_PICTURE = b"\x89PNG"
HALF_A_SECOND_MS = 600
# In one go, so that no busy machine makes half a second of it: the focus comes to Accept, and keys go down there. A key
# that presses a button is a click without a pointer, which is what click() is.
ARRIVE = "document.querySelector('.field').focus(); document.getElementById('accept').focus();"
# What of the page's own words lies under the line that offers Undo.
COVERED = """() => { const line = document.getElementById("accepted").getBoundingClientRect();
    return [...document.querySelectorAll(".top nav, .banner, h1")].filter((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        const box = range.getBoundingClientRect();
        return box.left < line.right && box.right > line.left && box.top < line.bottom && box.bottom > line.top;
    }).map((one) => one.textContent.trim()); }"""
TOP_WHEN_SCROLLED = """() => { scrollTo(0, document.documentElement.scrollHeight);
    return scrollY > 100 ? document.getElementById("accepted").getBoundingClientRect().top : -1; }"""
PRESS = """const press = (key) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));"""


@pytest.fixture
def desk(chromium: Browser) -> Iterator[FrontDesk]:
    with serving(chromium) as opened:
        yield opened


def opened(desk: FrontDesk, address: str = "/review/s1") -> Page:
    page = desk.person()
    page.goto(address)
    return page


def at(page: Page, name: str) -> None:
    expect(page.locator(f"#card-{name}:focus, #card-{name}:focus-within")).to_be_visible()


def hold(page: Page, key: str, times: int) -> None:
    """The key goes down and stays: the first press, then the repeats that the keyboard makes."""
    for _ in range(times):
        page.keyboard.down(key)
    page.keyboard.up(key)


def doubted(desk: FrontDesk, *serials: int) -> Page:
    """Slips whose signature alone is in doubt, and the first of them open at that doubt."""
    for serial in serials:
        record_slip(desk.studio, truth_of(serial), ONE_DOUBT, NO_PICTURE)
    page = opened(desk)
    at(page, "signature")
    return page


def ready(desk: FrontDesk, *serials: int) -> Page:
    """The same with the doubt settled: Accept has the focus."""
    page = doubted(desk, *serials)
    page.keyboard.press("1")
    expect(page.locator("#accept")).to_be_focused()
    return page


def clicked(desk: FrontDesk, *serials: int) -> Page:
    """The same with the first slip accepted by a click, and the page that comes then."""
    page = ready(desk, *serials)
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/review/s2" if len(serials) > 1 else "**/review?**")
    return page


def accepted(desk: FrontDesk) -> int:
    return totals(desk.studio.store).accepted


def test_a_held_key_and_keys_in_a_row_accept_nothing(desk: FrontDesk) -> None:
    """The last doubt, and then whatever the finger does: Accept has the focus, and waits for a word of its own."""
    record_slip(desk.studio, truth_of(1601), Doubts(text={"diagnosis": ("gout",), "goals": ("walk",)}), NO_PICTURE)
    page = opened(desk)
    at(page, "diagnosis")
    hold(page, "Enter", 12)
    at(page, "goals")
    page.keyboard.press("Enter")
    expect(page.locator("#accept")).to_be_focused()
    page.evaluate(f"{ARRIVE} for (let n = 0; n < 8; n++) document.activeElement.click();")
    expect(page.locator("#news")).to_contain_text("Press Enter once more to accept")
    page.wait_for_timeout(HALF_A_SECOND_MS)
    assert (accepted(desk), page.url.endswith("/review/s1")) == (0, True)


def test_repeats_of_a_key_alone_accept_nothing(desk: FrontDesk) -> None:
    """Held from the page before, or from the last doubt, for as long as one likes; a fresh press does."""
    page = ready(desk, 1602)
    page.wait_for_timeout(HALF_A_SECOND_MS)
    page.evaluate(
        """() => { for (const key of ["Enter", " ", "a"]) {
            const press = new KeyboardEvent("keydown", { key, repeat: true, bubbles: true, cancelable: true });
            if (document.getElementById("accept").dispatchEvent(press)) throw new Error(`${key} goes through`);
        } }"""
    )
    assert accepted(desk) == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?**")
    assert accepted(desk) == 1


def test_the_letter_of_accept_waits_for_its_half_second(desk: FrontDesk) -> None:
    """A right after the last doubt is no key lost; another key in between takes it back."""
    page = ready(desk, 1603)
    page.evaluate(f"{ARRIVE} {PRESS} press('a'); press('z');")
    page.wait_for_timeout(HALF_A_SECOND_MS)
    assert accepted(desk) == 0
    page.keyboard.press("a")
    page.wait_for_url("**/review?**")
    assert accepted(desk) == 1


def test_a_timer_that_comes_a_moment_early_loses_no_accept(desk: FrontDesk) -> None:
    """A browser cuts a wait to whole milliseconds: the letter has waited then, and asks nobody twice."""
    page = doubted(desk, 1619)
    page.evaluate("() => { const wait = setTimeout; window.setTimeout = (act, ms) => wait(act, Math.max(0, ms - 5)); }")
    page.keyboard.press("1")
    page.keyboard.press("a")
    page.wait_for_url("**/review?**")
    assert accepted(desk) == 1


def test_a_click_accepts_once_and_at_once(desk: FrontDesk) -> None:
    """A pointer that goes to Accept means it."""
    clicked(desk, 1604)
    assert accepted(desk) == 1


def test_an_answer_that_did_not_reach_the_server_is_open_again(desk: FrontDesk) -> None:
    """A cable that is out, or refpad started anew: nothing looks settled that is not, and nothing after it is lost."""
    record_slip(desk.studio, truth_of(1612), Doubts(text={"diagnosis": ("gout",), "goals": ("walk",)}), NO_PICTURE)
    page = opened(desk)
    at(page, "diagnosis")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#news")).to_contain_text("this is not saved")
    at(page, "diagnosis")
    expect(page.locator("#accept")).to_have_text("A 2 to review")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    at(page, "goals")
    page.keyboard.press("Enter")
    expect(page.locator("#accept")).to_be_enabled()
    page.locator("#accept").click()
    page.wait_for_url("**/review?**")
    assert accepted(desk) == 1


def test_each_warning_is_let_stand_by_a_key_of_its_own(desk: FrontDesk) -> None:
    """Three keys for three things in doubt, then Accept; the record says which warnings were waived."""
    record_slip(desk.studio, truth_of(1605), WARNED, NO_PICTURE)
    page = opened(desk)
    at(page, "signature")
    expect(page.locator("#accept")).to_be_disabled()
    page.keyboard.press("1")
    at(page, "image_too_small")
    page.keyboard.press("Enter")
    at(page, "resolution_guessed")
    expect(page.locator("#accept")).to_have_text("A 1 to review")
    page.keyboard.press("a")
    at(page, "resolution_guessed")
    assert accepted(desk) == 0
    page.keyboard.press("Enter")
    expect(page.locator("#accept")).to_be_focused()
    page.get_by_label("I looked: accept it anyway").first.uncheck()
    expect(page.locator("#accept")).to_be_disabled()
    page.get_by_label("I looked: accept it anyway").first.check()
    page.locator("#accept").focus()
    page.wait_for_timeout(HALF_A_SECOND_MS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?**")
    line = next(line for line in audit_lines(desk.studio.store) if line["what"] == "accept")
    assert line["detail"]["waived"] == ["image_too_small", "resolution_guessed"]


def test_ticks_stay_while_fields_are_corrected(desk: FrontDesk) -> None:
    """What was let stand is not asked again because a field was changed meanwhile."""
    record_slip(desk.studio, truth_of(1606), WARNED, NO_PICTURE)
    page = opened(desk)
    page.get_by_label("I looked: accept it anyway").first.check()
    page.locator("#card-signature").focus()
    page.keyboard.press("1")
    at(page, "resolution_guessed")
    expect(page.get_by_label("I looked: accept it anyway").first).to_be_checked()


def test_a_possible_duplicate_is_compared_and_set_aside_with_two_keys(desk: FrontDesk) -> None:
    """It comes first, so that nobody corrects the fields of a copy; Enter lays both side by side, 1 settles it."""
    first = truth_of(1607)
    record_slip(desk.studio, first, Doubts())
    record_slip(desk.studio, first, WARNED)
    page = opened(desk, "/review/s2")
    at(page, "duplicate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/s2/beside/1?why=")
    hold(page, "Enter", 6)
    assert page.url.endswith("/beside/1?why=")
    page.keyboard.press("1")
    page.wait_for_url("**/review?**")
    assert (accepted(desk), waiting_list(desk.studio.store)) == (1, [])


@pytest.mark.parametrize("by", ["u", "click"])
def test_a_duplicate_set_aside_is_undone_on_the_next_slip(by: str, desk: FrontDesk) -> None:
    """Pressed for the wrong pair, it had no Undo, and U took back an answer on the next slip instead."""
    first = truth_of(1620)
    record_slip(desk.studio, first, Doubts(), NO_PICTURE)
    record_slip(desk.studio, first, ONE_DOUBT, NO_PICTURE)
    record_slip(desk.studio, truth_of(1621), Doubts(text={"goals": ("walk",)}, signature=True), NO_PICTURE)
    page = opened(desk, "/review/s3")
    at(page, "goals")
    page.keyboard.press("Enter")
    expect(page.locator("#history")).to_contain_text("Change history (1)")
    page.goto("/review/s2/beside/1")
    page.keyboard.press("1")
    page.wait_for_url("**/review/s3")
    expect(page.get_by_text("Slip 2 set aside.")).to_be_visible()
    if by == "u":
        page.keyboard.press("u")
    else:
        page.locator("#accepted").get_by_role("button", name="Undo").click()
    page.wait_for_url("**/review/s2")
    assert [item.item for item in waiting_list(desk.studio.store)] == ["s2", "s3"]
    assert [correction.is_undone for correction in history.corrections_of(desk.studio.store, 3)] == [False]


def test_a_second_referral_needs_a_reason_and_its_own_accept(desk: FrontDesk) -> None:
    """3 goes to the reasons, and makes nothing, as it says; with one chosen, Enter sends it; its doubts come."""
    first = truth_of(1608)
    record_slip(desk.studio, first, Doubts(), NO_PICTURE)
    record_slip(desk.studio, first, ONE_DOUBT, NO_PICTURE)
    page = opened(desk, "/review/s2/beside/1")
    expect(page.get_by_text("It becomes a second referral when you accept it.")).to_be_visible()
    expect(page.locator("legend", has_text="3 Choose the reason")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_label("another referral on a copied slip")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/s2")
    at(page, "signature")
    page.keyboard.press("1")
    page.keyboard.press("a")  # before the answer is there: it waits for it
    page.wait_for_url("**/review?**")
    assert accepted(desk) == 2


@pytest.mark.parametrize("by", ["u", "click"])
def test_an_accept_is_undone_on_the_next_slip(by: str, desk: FrontDesk) -> None:
    """One key too late is noticed on the next page: the slip waits again, and nothing of its referral is left."""
    page = clicked(desk, 1609, 1610)
    at(page, "signature")
    expect(page.get_by_text("Slip 1 accepted.")).to_be_visible()
    assert accepted(desk) == 1
    if by == "u":
        page.keyboard.press("u")
    else:
        page.locator("#accepted").get_by_role("button", name="Undo").click()
    page.wait_for_url("**/review/s1")
    assert list(referrals.exported_referrals(desk.studio.store)) == []
    assert [item.item for item in waiting_list(desk.studio.store)] == ["s1", "s2"]


def test_u_undoes_what_was_done_last(desk: FrontDesk) -> None:
    """A change on the next slip comes before the accept of the slip before."""
    page = clicked(desk, 1611, 1612)
    at(page, "signature")
    page.keyboard.press("2")
    expect(page.locator("#card-signature .finding")).to_contain_text("No signature was found")
    page.keyboard.press("u")
    expect(page.locator("#card-signature .state")).to_have_text("in doubt")
    assert accepted(desk) == 1


def test_the_undo_covers_neither_the_banner_nor_a_heading(chromium: Browser) -> None:
    """For ten seconds nobody could read that this is practice; far down it is in sight too."""
    with serving(chromium, letterhead=Letterhead()) as desk:
        page = clicked(desk, 1622, 1623)
        for place in ("/", "/review", "/review/s2", "/offices"):
            page.goto(place)
            assert page.locator(".banner").count() == 1
            assert page.evaluate(COVERED) == [], place
        page.goto("/review/s2")
        assert page.evaluate(TOP_WHEN_SCROLLED) >= 0


@pytest.mark.parametrize("place", ["/", "/referrals/1", "/inbox", "/set-aside"])
def test_an_accept_is_undone_from_whatever_page_is_opened_next(place: str, desk: FrontDesk) -> None:
    """Ten seconds are ten seconds, also for who goes to Today at once."""
    page = clicked(desk, 1614)
    page.goto(place)
    expect(page.get_by_text("Slip 1 accepted.")).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url("**/review/s1")
    assert accepted(desk) == 0


def test_on_the_list_too_and_for_ten_seconds(desk: FrontDesk) -> None:
    """The last slip of the day leads to the list; a moment later the offer is gone, and U does nothing."""
    page = clicked(desk, 1613)
    assert 9_000 < int(page.locator("#accepted").get_attribute("data-left-ms") or 0) <= 10_000
    page.keyboard.press("u")
    page.wait_for_url("**/review/s1")
    at_once = desk.person("lee")
    at_once.goto("/review")
    expect(at_once.locator("#accepted")).to_have_count(0)


def test_back_to_an_accepted_slip_leads_to_its_referral(desk: FrontDesk) -> None:
    """It said that this did not work, and offered no way on."""
    record_slip(desk.studio, truth_of(2402), Doubts(signature=True))
    page = opened(desk)
    at(page, "signature")
    page.keyboard.press("1")
    page.locator("#accept").click()
    page.wait_for_url("**/review?why=")
    page.go_back()
    page.wait_for_url("**/referrals/1")
