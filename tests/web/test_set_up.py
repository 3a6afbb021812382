"""The first minutes of a studio in a real browser: from the first link to numbered pads, without a terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

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


def fill_studio(page: Page) -> None:
    for label, value in (
        ("Studio name", "Harborview Exercise"),
        ("Specialist and credentials", "Kim Ortega, MES"),
        ("Address", "3 Quay Street, Anytown, NY"),
        ("Phone", "(646) 555-0160"),
    ):
        page.get_by_label(label).fill(value)


def test_from_the_first_link_to_numbered_pads(desk: FrontDesk, tmp_path: Path) -> None:
    """Name and password, the studio, a logo, all else later; then the pads carry the studio."""
    page = desk.window()
    page.goto(f"/first/{first_link(desk.studio.store)}")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password", exact=True).fill("four words make one")
    page.get_by_label("Repeat the password").fill("four words make one")
    page.get_by_role("button", name="Set password and sign in").click()
    page.wait_for_url("**/setup/studio")
    expect(page.get_by_role("link", name="Do this later")).to_have_count(0)
    fill_studio(page)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/setup/logo")
    Image.new("RGB", (300, 100), "navy").save(tmp_path / "logo.png")
    page.locator("#files").set_input_files(tmp_path / "logo.png")
    expect(page.get_by_alt_text("The logo as it is printed")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("Time zone").select_option("America/Chicago")
    page.get_by_label("Saturday").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Do this later").click()
    page.wait_for_url("**/setup/mail")
    page.get_by_label("Mail server").fill("mail.example")
    page.get_by_label("Sender's address").fill("desk@harborview.example")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("button", name="Send test letter")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("Folder of the backups").fill("/proc/backups")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("refpad cannot write into /proc/backups")
    page.get_by_label("Folder of the backups").fill(str(tmp_path / "disk"))
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_role("complementary")).to_have_count(0)
    page.goto("/offices")
    page.locator("[name=id]").fill("riverside")
    page.locator("[name=name]").fill("Riverside Spine")
    page.locator("main form button").last.click()
    page.wait_for_url("**/offices/riverside")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Print numbered slips (PDF)").click()
    assert begun.value.path().read_bytes().startswith(b"%PDF")


def test_a_wrong_field_is_said_beside_it_and_loses_nothing(desk: FrontDesk) -> None:
    """What the browser cannot know, such as letters that the pad's typeface lacks."""
    page = desk.person("ada", Role.ADMIN)
    fill_studio(page)
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
