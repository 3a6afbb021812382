"""The first minutes of a studio in a real browser: from the first link to numbered pads, without a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bench.web.keystrokes import KEY_S, THINK_S
from schemas.users import Role
from store.users.users import first_link
from tests.web.browser import NARROW, FrontDesk, serving, violations


@pytest.fixture
def desk(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontDesk]:
    """A studio that nobody has set up."""
    for name in ("NAME", "SPECIALIST", "PHONE", "FAX", "EMAIL", "ADDRESS"):
        monkeypatch.delenv(f"REFPAD_STUDIO__{name}")
    with serving(chromium) as opened:
        yield opened


@dataclass
class Hand:
    """Somebody who types and clicks: what they do is counted, for the keystroke-level model."""

    page: Page
    keys: int = 0
    clicks: int = 0

    def write(self, label: str, text: str) -> None:
        """A click into the field, then its text."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.clicks, self.keys = self.clicks + 1, self.keys + len(text)

    def press(self, name: str, role: Literal["button", "link", "checkbox"] = "button") -> None:
        self.page.get_by_role(role, name=name).click()
        self.clicks += 1

    @property
    def seconds(self) -> float:
        """By Card, Moran and Newell (1983): each click a decision, a move of the hand there and back, and pointing."""
        return self.keys * KEY_S + self.clicks * (THINK_S + 2 * HOME_S + POINT_S + PRESS_S)


HOME_S, POINT_S, PRESS_S = 0.4, 1.1, 0.2  # from keys to mouse, to a place on the screen, and a click (table 1)
SET_UP_MOST_S = 180.0
USUAL_FOLDER = "/media/backup/refpad"
STUDIO = {
    "Studio name": "Harborview Exercise",
    "Specialist and credentials": "Kim Ortega, MES",
    "Address": "3 Quay Street, Anytown, NY",
    "Phone": "(646) 555-0160",
}


def sign_in_first(hand: Hand, address: str) -> None:
    hand.page.goto(address)
    hand.write("Name", "ada")
    for label in ("Password", "Repeat the password"):
        hand.write(label, "four words make one")
    hand.press("Set password and sign in")
    hand.page.wait_for_url("**/setup/studio")


def print_pads(hand: Hand) -> bytes:
    """An office, and its numbered pads."""
    hand.press("Offices", "link")
    hand.page.locator("[name=id]").fill("riverside")
    hand.page.locator("[name=name]").fill("Riverside Spine")
    hand.clicks, hand.keys = hand.clicks + 2, hand.keys + len("riversideRiverside Spine")
    hand.press("Add office")
    hand.page.wait_for_url("**/offices/riverside")
    with hand.page.expect_download() as begun:
        hand.press("Print numbered slips (PDF)")
    return begun.value.path().read_bytes()


def test_from_the_first_link_to_numbered_pads(desk: FrontDesk, tmp_path: Path) -> None:
    """Every step of the set-up, with a logo, a mail server and a folder for backups; in less than three minutes."""
    hand = Hand(desk.window())
    page = hand.page
    sign_in_first(hand, f"/first/{first_link(desk.studio.store)}")
    expect(page.get_by_role("link", name="Do this later")).to_have_count(0)
    for label, value in STUDIO.items():
        page.get_by_label(label).fill(value)
    hand.clicks, hand.keys = hand.clicks + len(STUDIO), hand.keys + sum(map(len, STUDIO.values()))
    hand.press("Save and continue")
    page.wait_for_url("**/setup/logo")
    Image.new("RGB", (300, 100), "navy").save(tmp_path / "logo.png")
    page.locator("#files").set_input_files(tmp_path / "logo.png")
    expect(page.get_by_alt_text("The logo as it is printed")).to_be_visible()
    hand.press("Continue", "link")
    page.get_by_label("Time zone").select_option("America/Chicago")
    hand.press("Saturday", "checkbox")
    hand.press("Save and continue")
    hand.press("Do this later", "link")
    page.wait_for_url("**/setup/mail")
    hand.write("Mail server", "mail.example")
    hand.write("Sender's address", "desk@harborview.example")
    hand.press("Save and continue")
    expect(page.get_by_role("button", name="Send test letter")).to_be_visible()
    hand.press("Continue", "link")
    hand.write("Folder of the backups", "/proc/backups")
    hand.press("Save and continue")
    expect(page.get_by_role("alert")).to_contain_text("refpad cannot write into /proc/backups")
    hand.write("Folder of the backups", USUAL_FOLDER)
    page.get_by_label("Folder of the backups").fill(str(tmp_path / "disk"))
    hand.press("Save and continue")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_role("complementary")).to_have_count(0)
    assert print_pads(hand).startswith(b"%PDF")
    hand.clicks += 4  # which chose the logo's file and the time zone
    assert (hand.clicks, hand.keys, round(hand.seconds)) == (30, 207, 161)  # the user guide states them
    assert hand.seconds < SET_UP_MOST_S


def test_a_wrong_field_is_said_beside_it_and_loses_nothing(desk: FrontDesk) -> None:
    """What the browser cannot know, such as letters that the pad's typeface lacks."""
    page = desk.person("ada", Role.ADMIN)
    for label, value in STUDIO.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("Studio name").fill("Harborview \u904b\u52d5")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("no shape in the pad's typeface")
    expect(page.get_by_label("Phone")).to_have_value("(646) 555-0160")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_step_and_the_page_are_accessible_and_fit_a_phone(scheme: str, desk: FrontDesk) -> None:
    """WCAG 2.2 AA, and nothing to scroll sideways at 390 px."""
    page = desk.person("ada", Role.ADMIN, scheme=scheme, size=NARROW)
    for place in ("studio", "logo", "calendar", "policy", "mail", "backup"):
        page.goto(f"/setup/{place}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.goto("/settings")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
