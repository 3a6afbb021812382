"""Pictures of every page of the front desk for docs/images/desk: `python -m tests.tools.desk_pictures`."""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from schemas.users import Role
from store.workers import WATCHER, register_worker
from tests.web.browser import FLAGS, NARROW, FrontDesk, serving
from tests.web.scenes import PLACES, set_the_scene

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "images" / "desk"
COLOURS = 48  # print, pen and a few colours of our own: more cost bytes and show nothing
SETTLE_MS = 900  # for pictures that the page's script fetches
SHOWN = {
    "/": "today",
    "/tasks/2": "task",
    "/letters": "letters",
    "/letters/1": "letter",
    "/referrals/2/enter/progress": "report",
    "/review": "review",
    "/review/s1": "slip",
    "/review/p4": "page",
    "/review/s5/beside/4": "beside",
    "/groups": "groups",
    "/groups/one": "group",
    "/quality": "quality",
    "/set-aside": "set-aside",
    "/set-aside/2": "set-aside-file",
    "/referrals": "referrals",
    "/referrals/1": "referral",
    "/offices": "offices",
    "/offices/riverside": "office",
    "/inbox": "inbox",
    "/people": "people",
    "/me": "me",
}


def main(folder: Path = FOLDER) -> None:
    """Write the pictures; those that were there go."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    executable = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        with serving(browser, sample_share=0.02) as desk, register_worker(desk.studio.store, WATCHER):
            set_the_scene(desk.studio)
            _take(desk, folder)
        browser.close()
    total = sum(path.stat().st_size for path in folder.iterdir())
    sys.stdout.write(f"{len(list(folder.iterdir()))} pictures, {total / 1e6:.2f} MB, in {folder}\n")


def _take(desk: FrontDesk, folder: Path) -> None:
    for scheme in ("light", "dark"):
        window = desk.window(scheme)
        window.goto("/login")
        _keep(window, folder / f"login-{scheme}.png")
        page = desk.person("ada", Role.ADMIN, scheme=scheme)
        for place in PLACES:
            if place in SHOWN:
                _show(page, place)
                _keep(page, folder / f"{SHOWN[place]}-{scheme}.png")
    phone = desk.person("ada", Role.ADMIN, size=NARROW)
    _show(phone, "/review/s1")
    _keep(phone, folder / "slip-phone.png")


def _show(page: Page, place: str) -> None:
    if place == "/groups/one":
        page.goto("/groups")
        page.locator("a[href^='/groups/']").first.click()
    else:
        page.goto(place)
    if place.endswith("/enter/progress"):
        page.fill("[name=sessions_attended]", "9")
        page.fill("[name=improvements]", "Rises from a chair without her hands; walks two blocks without a rest.")
        page.wait_for_selector("#preview:not([hidden])")
    page.wait_for_timeout(SETTLE_MS)


def _keep(page: Page, path: Path) -> None:
    with Image.open(BytesIO(page.screenshot())) as shot:
        few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


if __name__ == "__main__":
    main()
