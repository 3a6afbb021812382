"""January: reports, discharges, and the last day's accounts."""

from datetime import date

from playwright.sync_api import expect

from schemas.followup import LetterKind
from store.courses.courses import course
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.letters.actions import letters
from store.referrals.referrals import exported_referrals
from store.verify import verify
from tests.smtp_sink import Sink
from tests.web.browser import NARROW
from tests.web.two_months import courses
from tests.web.two_months.player import Player
from tests.web.two_months.slips import ROSA, SAM, TESS

REFERRALS = 20


def new_year(player: Player, _sink: Sink) -> None:
    """The last three slips; reports that fell due over the holidays."""
    player.day(date(2027, 1, 4), "the new year")
    player.slips(ROSA, SAM, TESS)
    page = player.sit_down()
    player.album.show(page, "today-january")
    player.work_calls(page)
    courses.report_due(player)
    courses.assess_due(player, without="Jonas Weber")
    player.close_of_day(player.sit_down())
    player.day(date(2027, 1, 5), "calls")
    page = player.sit_down()
    player.work_calls(page)


def discharges(player: Player, _sink: Sink) -> None:
    """A course ends with its goals met, one before it began; what was open for them ends."""
    player.day(date(2027, 1, 11), "reports and discharges")
    page = player.sit_down()
    player.work_calls(page)
    courses.report_due(player)
    courses.discharge(player, "Frank Osei", "goals_met", 10)
    robin = player.window("robin")
    expect(robin.get_by_role("row").filter(has_text="progress report 2")).to_contain_text("The course has ended")
    player.album.show(robin, "discharge", at="#promises")
    courses.discharge(player, "Jonas Weber", "stopped_coming")
    expect(robin.get_by_role("row").filter(has_text="assess patient")).to_contain_text("The course has ended")
    page = player.sit_down()
    expect(player.row(page, "Jonas Weber").filter(has_text="assess patient")).to_have_count(0)
    player.close_of_day(page)
    assert sorted(player.sent(LetterKind.DISCHARGE_SUMMARY)) == ["Frank Osei", "Jonas Weber"]


def last_day(player: Player, _sink: Sink) -> None:
    """Everything that is due is done; what stands is seen, and the record is whole."""
    player.day(date(2027, 1, 20), "the last day")
    page = player.sit_down()
    player.work_calls(page)
    courses.report_due(player)
    courses.assess_due(player)
    courses.discharge(player, "Ada Quill", "goals_met", 14)
    page = player.sit_down()
    player.close_of_day(page)
    page.goto("/")
    expect(page.locator(".work .state.missing")).to_have_count(0)
    player.album.show(page, "today-last")
    _look_by_phone(player)
    _check_accounts(player)


def _look_by_phone(player: Player) -> None:
    """Kim looks up a caller on her telephone."""
    player.windows["phone"] = player.desk.window("dark", NARROW)
    phone = player.sign_in("kim", player.windows["phone"])
    courses.open_referral(phone, "Ada Quill")
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    player.album.show(phone, "phone")


def _check_accounts(player: Player) -> None:
    store = player.desk.studio.store
    standing = list_follow_ups(store, FollowUpQuery(limit=500)).follow_ups
    assert [follow_up for follow_up in standing if follow_up.days_overdue > 0] == []
    referrals = list(exported_referrals(store))
    assert len(referrals) == REFERRALS
    going_on = {follow_up.referral_id for follow_up in standing}
    numbers = {int(referral.referral_id) for referral in referrals}  # with gaps: what was undone is not used again
    assert going_on | {number for number in numbers if _has_ended(player, number)} >= numbers
    assert list(letters(store)) == []
    assert list(verify(store)) == []


def _has_ended(player: Player, number: int) -> bool:
    """Discharged, or declined and the provider told of it."""
    record = course(player.desk.studio.store, number)
    return record.discharged_on is not None or record.referral.patient_name in player.sent(LetterKind.DECLINED)
