"""Two months of a small studio with their pictures, for docs/two-months: `make story`."""

import logging
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.web.browser import FLAGS
from tests.web.two_months.album import Album
from tests.web.two_months.story import play

OUT = Path(__file__).resolve().parents[2] / "docs" / "two-months"


def main(out: Path = OUT) -> None:
    """Play them, and write the pictures and the page; those that were there go."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the mail server's own talk
    with tempfile.TemporaryDirectory(prefix="refpad-story-") as made, sync_playwright() as playwright:
        told, files = Path(made) / "told", Path(made) / "files"
        told.mkdir()
        files.mkdir()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        play(browser, files, Album(told))
        browser.close()
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(told, out)
    size = sum(path.stat().st_size for path in out.iterdir())
    sys.stdout.write(f"{out.name}: {len(list(out.iterdir()))} files, {size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
