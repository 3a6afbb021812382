"""Calls and their ends: reached, not reached, declined, wrong number; an answer from an office; a correction."""

from datetime import date

from playwright.sync_api import Page, expect

from schemas.followup import LetterKind
from tests.smtp_sink import Sink
from tests.web.two_months.courses import open_referral
from tests.web.two_months.player import Player
from tests.web.two_months.slips import BEN_ANSWER, ESTHER


def first_calls(player: Player, _sink: Sink) -> None:
    """Five patients are called the day after: each answers otherwise."""
    player.day(date(2026, 11, 25), "the first calls")
    page = player.sit_down()
    for name in ("Ada Quill", "Carla Mendez", "Dev Raman", "Esther Whitlow", "Frank Osei"):
        expect(player.row(page, name)).to_contain_text("call, today")
    expect(page.locator(".work")).not_to_contain_text("report")
    player.row(page, "Ada Quill").locator("summary").click()
    player.album.show(page, "calls")
    page.goto("/")
    player.call(page, "Ada Quill", "Reached", "comes on Thursday week")
    player.call(page, "Carla Mendez", "No answer")
    player.call(page, "Dev Raman", "Declined", "goes to the pool instead")
    player.call(page, "Esther Whitlow", "Wrong number")
    player.call(page, "Frank Osei", "Reached")
    expect(player.row(page, "Ada Quill")).to_have_count(0)
    expect(player.row(page, "Dev Raman").filter(has_text="call,")).to_have_count(0)
    player.close_of_day(page)
    assert player.sent(LetterKind.DECLINED) == ["Dev Raman"]
    answer_comes(player, page)


def answer_comes(player: Player, page: Page) -> None:
    """Northside has signed and sent the slip again: it stands first, and takes the place of the one without."""
    player.slips(BEN_ANSWER)
    page.goto("/review")
    expect(page.get_by_text("may answer slip")).to_be_visible()
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    page.get_by_role("link", name="Compare with slip").click()
    player.album.show(page, "answer")
    page.get_by_role("button", name="go on with this one").click()
    page.wait_for_selector("#slip")
    player.settle(page, BEN_ANSWER)
    player.accept(page)
    expect(page.get_by_text("Nothing is waiting")).to_be_visible()


def right_number(player: Player, _sink: Sink) -> None:
    """The day after Thanksgiving: the office has told the right number; Carla is tried again."""
    player.day(date(2026, 11, 27), "the right number")
    page = player.sit_down()
    player.call(page, "Carla Mendez", "Left message", "with her son")
    player.call(page, "Ben Hartwell", "Reached")
    player.row(page, ESTHER.name).get_by_role("link", name="enter the right one").click()
    page.get_by_label("Phone").fill("(212) 555-0185")
    page.get_by_label("Reason").fill("the office called back")
    page.get_by_role("button", name="Save correction").click()
    page.wait_for_url("**/referrals/*")
    expect(page.get_by_text("Corrected since")).to_be_visible()
    page.goto("/")
    expect(player.row(page, ESTHER.name)).to_contain_text("number corrected")
    expect(player.row(page, ESTHER.name).locator(".number.phone")).to_contain_text("555-0185")
    player.call(page, ESTHER.name, "Reached")


def third_try(player: Player, sink: Sink) -> None:
    """After the third try the provider is told, by a letter that somebody reads first."""
    player.day(date(2026, 11, 30), "the third try")
    page = player.sit_down()
    expect(player.row(page, "Carla Mendez")).to_contain_text("2 calls, last left message")
    player.call(page, "Carla Mendez", "No answer")
    expect(player.row(page, "Carla Mendez").filter(has_text="call,")).to_have_count(0)
    player.round()
    page.goto("/letters")
    page.get_by_role("link", name="not reached").click()
    player.album.show(page, "not-reached")
    assert player.release_all(page) == 1
    mails = len(sink.mails)
    player.round()
    assert player.sent(LetterKind.NOT_REACHED) == ["Carla Mendez"]
    assert len(sink.mails) >= mails


def misread_name(player: Player, page: Page) -> None:
    """Hugo's name was misread, and the thanks went out with it: corrected, with the reason."""
    open_referral(page, "Hugo Lindgrem")
    page.get_by_role("link", name="Correct", exact=True).click()
    expect(page.get_by_text("thank you").first).to_be_visible()
    page.get_by_label("Patient").fill("Hugo Lindgren")
    page.get_by_label("Reason").fill("misread: an n")
    player.album.show(page, "correct")
    page.get_by_role("button", name="Save correction").click()
    page.wait_for_url("**/referrals/*")
    expect(page.get_by_role("heading", name="Hugo Lindgren")).to_be_visible()
    expect(page.get_by_text("Went out before, with what is struck")).to_be_visible()
