"""What the specialist enters on the pages: assessments, progress, discharges, next visits."""

from datetime import date

from playwright.sync_api import Page, expect

from tests.web.two_months.player import Player

FOUND = {
    "observed_function": "Rises from a chair with the help of both hands; stairs one step at a time, holding the rail.",
    "observed_strength": "Hip abduction and knee extension weak on the right.",
    "observed_balance": "Single-leg stance on the right under three seconds.",
}
BETTER = "Rises from a chair without the hands; walks two blocks without a rest."
PLAN = {"sessions_per_week": "2", "minutes": "45", "weeks": "10"}
EXERCISES = "Sit to stand from a raised seat\nStep-ups, 10 cm\nTandem stance"
SESSIONS = 8
GOAL = "Walk to the store and back without a rest"
SUMMARY = "The goal is reached. Strength and balance are where daily life needs them."
HOME = "Three times a week: sit to stand, step-ups, a brisk walk of 30 minutes."


def open_referral(page: Page, name: str) -> None:
    """The patient's referral, from the list."""
    page.goto("/referrals")
    page.get_by_role("main").get_by_role("link", name=name).first.click()
    page.wait_for_url("**/referrals/*")


def assess(player: Player, name: str, picture: str = "") -> None:
    """Robin enters the assessment of today, from the referral."""
    page = player.sit_down("robin")
    open_referral(page, name)
    page.get_by_role("link", name="Enter assessment").click()
    for name_of_field, text in {**FOUND, **PLAN}.items():
        page.locator(f"[name={name_of_field}]").fill(text)
    page.get_by_label("Exercises, one per line").fill(EXERCISES)
    page.get_by_label("Test 1", exact=True).select_option("timed_up_and_go")
    page.get_by_label("Value, test 1").fill("14.8")
    page.get_by_label("Goal 1", exact=True).fill(GOAL)
    if picture:
        expect(page.get_by_alt_text("The report as one page")).to_be_visible()
        player.album.show(page, picture)
    save(page)


def assess_due(player: Player, without: str = "") -> None:
    """Robin enters every assessment that is due, but for a patient who did not come."""
    for name in _names(player, "Enter assessment"):
        if name != without:
            assess(player, name)


def report_due(player: Player) -> None:
    """Robin writes every report that Today shows."""
    for name in _names(player, "Write report"):
        page = player.sit_down("robin")
        player.row(page, name).get_by_role("link", name="Write report").click()
        fill_progress(page, SESSIONS)
        save(page)


def _names(player: Player, link: str) -> list[str]:
    page = player.sit_down("robin")
    rows = page.locator(".work li").filter(has=page.get_by_role("link", name=link))
    return rows.locator("strong").all_inner_texts()


def fill_progress(page: Page, sessions: int) -> None:
    page.get_by_label("Sessions attended").fill(str(sessions))
    page.get_by_label("Notable improvements").fill(BETTER)
    page.get_by_label("Test 1", exact=True).select_option("timed_up_and_go")
    page.get_by_label("Value, test 1").fill("11.2")


def discharge(player: Player, name: str, outcome: str, sessions: int = 0) -> None:
    """Robin ends the course."""
    page = player.sit_down("robin")
    open_referral(page, name)
    page.get_by_role("link", name="Enter discharge").click()
    page.get_by_label("Outcome").select_option(outcome)
    page.get_by_label("Sessions attended").fill(str(sessions))
    page.get_by_label("Summary").fill(SUMMARY if outcome == "goals_met" else "The course did not begin.")
    if outcome == "goals_met":
        page.get_by_label("Home program").fill(HOME)
    save(page)
    expect(page.get_by_text("Discharged", exact=True)).to_be_visible()


def save(page: Page) -> None:
    """Save the entry for good; the referral's page comes."""
    page.get_by_role("button", name="Save and write report").click()
    page.wait_for_url(lambda url: "/enter/" not in url)


def move_visit(page: Page, name: str, to: date) -> None:
    """The patient tells of another day for the next visit to the provider."""
    open_referral(page, name)
    page.get_by_label("Next visit to the provider").fill(to.isoformat())
    with page.expect_navigation():
        page.locator("form[action$='/visit'] button").click()
