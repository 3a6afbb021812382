"""The hands at the front desk: everything is done on its pages, as Kim and Robin do it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from refpad.services.letters.chase import chase_all
from refpad.settings import Settings
from schemas.followup import LetterKind
from schemas.letter import LetterState
from store.letters.actions import letters
from tests.web.browser import FrontDesk
from tests.web.studio import PASSWORD
from tests.web.two_months.album import Album
from tests.web.two_months.slips import Slip, arrive
from web.live_services import LiveServices

NEW_YORK = ZoneInfo("America/New_York")
STATES_TO_DO = (LetterState.WAITING, LetterState.SENDING)


@dataclass
class Player:
    """Two people, a window each, and the clock of the studio. `day` signs nobody in; `sit_down` does."""

    desk: FrontDesk
    album: Album
    folder: Path
    windows: dict[str, Page] = field(default_factory=dict)
    signed_in: set[str] = field(default_factory=set)

    def day(self, day: date, title: str, hour: int = 9) -> None:
        """A morning: whoever was signed in no longer is."""
        self.desk.studio.clock.at = datetime.combine(day, time(hour), NEW_YORK)
        self.signed_in.clear()
        self.album.day(day, title)
        self.round()

    def minutes(self, count: float) -> None:
        self.desk.studio.clock.move(timedelta(minutes=count))

    def window(self, who: str) -> Page:
        if who not in self.windows:
            self.windows[who] = self.desk.window()
        return self.windows[who]

    def sit_down(self, who: str = "kim") -> Page:
        """That person's window, signed in, at Today."""
        page = self.window(who)
        if who in self.signed_in:
            page.goto("/")
            return page
        self.signed_in.add(who)
        return self.sign_in(who, page)

    def sign_in(self, who: str, page: Page) -> Page:
        """Sign in there; Today comes."""
        page.goto("/login")
        page.get_by_label("Name").fill(who)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Today")).to_be_visible()
        return page

    def round(self) -> None:
        """The hourly round of `refpad up`: letters are made, and sent by email where that is how they go."""
        self.minutes(1)
        studio = self.desk.studio
        settings = self.settings()
        while True:
            list(chase_all(studio.store, settings))
            if not letters(studio.store, STATES_TO_DO):
                return

    def settings(self) -> Settings:
        """The settings as the pages have saved them."""
        services: LiveServices = self.desk.studio.app.state.services  # type: ignore[attr-defined]
        return services.now().settings

    def slips(self, *slips: Slip) -> None:
        """Slips come in by the scanner and are read."""
        for slip in slips:
            arrive(self.desk.studio, slip)

    # Today ---------------------------------------------------------------

    def press(self, button: Locator) -> None:
        """Press a button that sends a form, and wait for the page that comes."""
        with button.page.expect_navigation():
            button.click()

    def row(self, page: Page, name: str) -> Locator:
        """A patient's or an office's row on Today."""
        return page.locator(".work li").filter(has_text=name)

    def call(self, page: Page, name: str, outcome: str, note: str = "") -> None:
        """Note what came of a call, from its row."""
        row = self.row(page, name)
        row.locator("summary").filter(has_text="Note call").click()
        row.get_by_placeholder("note").fill(note)
        with page.expect_navigation():
            row.get_by_role("button", name=re.compile(rf"^{outcome}:")).click()

    def work_calls(self, page: Page, said: Mapping[str, tuple[str, str]] | None = None) -> None:
        """Make every call that is due: who is not in `said` is reached, and books."""
        page.goto("/?all=1")
        due = page.locator(".work li").filter(has=page.locator("summary", has_text="Note call"))
        for name in due.locator("strong").all_inner_texts():
            outcome, note = (said or {}).get(name, ("(Reached|Booked)", ""))
            self.call(page, name, outcome, note)

    # Review --------------------------------------------------------------

    def settle(self, page: Page, slip: Slip) -> None:
        """Answer every doubt of the slip that is open, by keyboard, as the paper says; Accept has the focus then."""
        self.answer(page, slip, "doubt", "missing")
        expect(page.locator("#accept")).to_be_enabled()

    def answer(self, page: Page, slip: Slip, *states: str) -> None:
        """Answer what is in these states, one after the other."""
        wanted = ", ".join(f".field[data-state={state}]" for state in states)
        while page.locator(wanted).count():
            name, kind = page.locator(wanted).first.evaluate("card => [card.dataset.field, card.dataset.kind]")
            self._answer_one(page, name, kind, slip)

    def _answer_one(self, page: Page, name: str, kind: str, slip: Slip) -> None:
        card = page.locator(f"#card-{name}")
        card.focus()
        if kind == "warning":
            page.keyboard.press("Enter")
        elif kind == "text":
            card.locator("[name=value]").fill(slip.written(name))
            card.locator("[name=value]").press("Enter")
        elif kind == "signature":
            page.keyboard.press("1")
        else:
            page.keyboard.press("1" if slip.truth.marks[name] else "2")
        expect(page.locator(f"#card-{name}[data-state=sure]")).to_have_count(1)

    def accept(self, page: Page) -> None:
        """Accept the slip that is open, with the mouse."""
        with page.expect_navigation():
            page.locator("#accept").click()

    def review(self, page: Page, slip: Slip) -> None:
        """Find the slip in the list, settle it and accept it."""
        page.goto("/review")
        page.get_by_role("row").filter(has_text=slip.name).get_by_role("link").first.click()
        page.wait_for_selector("#slip")
        self.settle(page, slip)
        self.accept(page)

    # Letters -------------------------------------------------------------

    def release_all(self, page: Page) -> int:
        """Read each letter that waits for it, and release it; how many."""
        released = 0
        while True:
            page.goto("/letters")
            ready = page.locator("[aria-labelledby=l-held] tbody tr").filter(has_not=page.locator(".state.missing"))
            if not ready.count():
                return released
            ready.first.get_by_role("link").first.click()
            expect(page.get_by_alt_text("The letter's page")).to_be_visible()
            page.get_by_role("button", name="Release").click()
            page.wait_for_url("**/letters")
            released += 1

    def close_of_day(self, page: Page) -> None:
        """Letters of the day are made, read, sent by email or printed and mailed."""
        self.round()
        self.release_all(page)
        self.round()
        page.goto("/letters")
        if page.get_by_role("button", name="Print ready letters").count():
            self.print_and_mail(page)

    def print_and_mail(self, page: Page) -> None:
        """One batch for the printer, printed and mailed."""
        page.goto("/letters")
        page.get_by_role("button", name="Print ready letters").click()
        with page.expect_download() as begun:
            page.get_by_role("link", name="Download PDF").click()
        assert begun.value.path().read_bytes().startswith(b"%PDF")
        page.get_by_role("button", name="Mark as mailed or faxed").click()
        expect(page.get_by_role("button", name="Mark as mailed or faxed")).to_have_count(0)

    def sent(self, kind: LetterKind) -> list[str]:
        """About whom letters of that kind have gone out."""
        return [
            letter.patient_name or ""
            for letter in letters(self.desk.studio.store, (LetterState.SENT,))
            if letter.kind is kind
        ]
