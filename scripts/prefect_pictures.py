"""Make the pictures of Prefect's pages anew, as `refpad practice` fills them: start it, wait for the samples, run this.

    python scripts/prefect_pictures.py refpad-practice

Chromium draws them, and no patient can be on them: Prefect knows numbers only.
"""

import sys
import time
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "images"
PREFECT = "http://127.0.0.1:4200"
CHROMIUM, FLAGS = "/usr/bin/chromium", ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
SIZE = {"width": 1180, "height": 720}
STANDING_MS = 4000  # its pages fill themselves in several requests, and move while they do
WAIT_MOST_S = 120


def main() -> None:
    """Have one chase run, then one picture a page."""
    secret = (Path(sys.argv[1]) / "prefect" / "auth-string").read_text("utf-8")
    run_chase(secret)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.set_default_timeout(60_000)
        show(page, "/login", "prefect-login")
        page.fill("input[type=password]", secret)
        page.click("button[type=submit]")
        page.wait_for_url("**/dashboard")
        show(page, "/runs", "prefect-runs", scroll=590)
        for key, name in (("intake-scans", "prefect-scans"), ("due-summary", "prefect-due")):
            page.goto(f"{PREFECT}/artifacts/key/{key}")
            newest = page.locator('a[href*="/artifacts/artifact/"]').first.get_attribute("href")
            show(page, str(newest), name)
        browser.close()


def run_chase(secret: str) -> None:
    """As its page does with "Quick run"; it is else run each hour."""
    user, _, password = secret.partition(":")
    with httpx.Client(base_url=f"{PREFECT}/api", auth=(user, password), trust_env=False, timeout=60) as client:
        client.headers["Prefect-Csrf-Client"] = "pictures"
        client.headers["Prefect-Csrf-Token"] = client.get("/csrf-token", params={"client": "pictures"}).json()["token"]
        deployment = client.get("/deployments/name/chase/each-hour").json()["id"]
        run = client.post(f"/deployments/{deployment}/create_flow_run", json={}).raise_for_status().json()["id"]
        until = time.monotonic() + WAIT_MOST_S
        while client.get(f"/flow_runs/{run}").json()["state_type"] != "COMPLETED":
            if time.monotonic() > until:
                sys.exit("The chase did not end: look into the schedule's log.")
            time.sleep(1)


def show(page: Page, address: str, name: str, scroll: int = 0) -> None:
    """One picture, in few colors: they are for the eye, not for measuring."""
    page.goto(f"{PREFECT}{address}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(STANDING_MS)
    page.mouse.move(SIZE["width"] / 2, SIZE["height"] / 2)
    page.mouse.wheel(0, scroll)
    page.wait_for_timeout(500)
    path = OUT / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
