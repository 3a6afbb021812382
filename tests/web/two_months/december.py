"""December: more slips, assessments, a visit that moves, the first reports."""

from datetime import date

from playwright.sync_api import Page, expect

from schemas.followup import LetterKind
from tests.smtp_sink import Sink
from tests.web.two_months import courses
from tests.web.two_months.calls import misread_name
from tests.web.two_months.player import Player
from tests.web.two_months.slips import GRACE, HUGO, IRIS, JONAS, KIRA, LIAM, MONA, NORA, OMAR, PRIYA, QUINN


def second_week(player: Player, _sink: Sink) -> None:
    """Four more slips; two are of an office that nobody knew, which is set from Today."""
    player.slips(GRACE, HUGO, IRIS, JONAS)
    page = player.sit_down()
    for slip in (IRIS, JONAS):
        player.review(page, slip)
    player.minutes(5)
    player.round()
    page.goto("/")
    player.row(page, "Iris Novak").get_by_role("link", name="set the office").click()
    new = page.locator("section").filter(has_text="A new office")
    new.get_by_label("Name").fill("Fenn Orthopedics")
    new.get_by_label("Email", exact=True).fill("desk@fenn.example")
    player.press(new.get_by_role("button", name="Add office and set it"))
    player.round()
    page.goto("/")
    expect(page.get_by_text("set the office")).to_have_count(0)
    player.print_and_mail(page)


def assessments(player: Player, _sink: Sink) -> None:
    """Nothing is to be reported before there is an assessment; its summary waits to be read."""
    player.day(date(2026, 12, 1), "bookings")
    page = player.sit_down()
    player.work_calls(page, {"Hugo Lindgrem": ("No answer", "")})
    player.day(date(2026, 12, 3), "the first assessments")
    robin = player.sit_down("robin")
    courses.open_referral(robin, "Ada Quill")
    expect(robin.get_by_text("progress report")).to_have_count(0)
    courses.assess(player, "Ada Quill", "assessment")
    courses.assess(player, "Frank Osei")
    courses.move_visit(robin, "Ada Quill", date(2026, 12, 22))
    expect(robin.get_by_role("row").filter(has_text="progress report")).to_contain_text("Dec 17, 2026")
    player.album.show(robin, "visit-moved", at="#promises")
    page = player.sit_down()
    player.work_calls(page)
    player.round()
    assert player.release_all(page) == 2
    player.round()
    player.print_and_mail(page)
    assert sorted(player.sent(LetterKind.ASSESSMENT_SUMMARY)) == ["Ada Quill", "Frank Osei"]


def third_week(player: Player, _sink: Sink) -> None:
    """Slips that need nobody, bookings, a patient who declines, a name that was misread."""
    player.day(date(2026, 12, 7), "slips that need nobody")
    player.slips(KIRA, LIAM, MONA, NORA)
    page = player.sit_down()
    expect(page.get_by_text("No slip waits.")).to_be_visible()
    player.work_calls(page)
    misread_name(player, page)
    player.day(date(2026, 12, 8), "calls")
    page = player.sit_down()
    player.work_calls(page, {"Liam Foster": ("Declined", "")})
    player.day(date(2026, 12, 10), "more assessments")
    courses.assess_due(player)
    player.close_of_day(player.sit_down())


def report_is_due(player: Player, _sink: Sink) -> None:
    """Ada's report is due three business days before her visit; it is begun, left, and finished."""
    player.day(date(2026, 12, 14), "bookings")
    page = player.sit_down()
    player.work_calls(page)
    player.day(date(2026, 12, 16), "three slips")
    player.slips(OMAR, PRIYA, QUINN)
    player.day(date(2026, 12, 17), "the first report")
    robin = player.sit_down("robin")
    expect(player.row(robin, "Ada Quill")).to_contain_text("progress report, today")
    player.album.show(robin, "today-december")
    _begin_and_finish(player, robin)
    courses.assess_due(player, without="Jonas Weber")
    page = player.sit_down()
    player.work_calls(page)
    player.close_of_day(page)
    assert player.sent(LetterKind.PROGRESS_REPORT) == ["Ada Quill"]


def _begin_and_finish(player: Player, robin: Page) -> None:
    player.row(robin, "Ada Quill").get_by_role("link", name="Write report").click()
    courses.fill_progress(robin, 4)
    robin.get_by_role("button", name="Save draft").click()
    robin.wait_for_url("**entry=*")
    robin.goto("/")
    expect(robin.get_by_role("heading", name="Drafts")).to_be_visible()
    robin.get_by_role("link", name="Progress of Ada Quill").click()
    expect(robin.get_by_label("Notable improvements")).to_have_value(courses.BETTER)
    expect(robin.get_by_alt_text("The report as one page")).to_be_visible()
    player.album.show(robin, "report", dark=True)
    courses.save(robin)


def before_the_holidays(player: Player, _sink: Sink) -> None:
    """The week before Christmas."""
    player.day(date(2026, 12, 21), "before the holidays")
    page = player.sit_down()
    player.work_calls(page)
    courses.assess_due(player, without="Jonas Weber")
    player.close_of_day(player.sit_down())
