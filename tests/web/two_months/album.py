"""The story's pictures and the page that tells it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

COLORS = 48  # print, pen and a few colors of the pages; more cost bytes and show nothing
SAID: Mapping[str, Mapping[str, str]] = tomllib.loads(Path(__file__).with_name("captions.toml").read_text("utf-8"))
SETTLE_MS = 900  # for pictures that the page's script fetches
HEAD = """# Two months of a small studio

Played by `make story` in a real browser at the real front desk, on a fast clock: 20 referrals, from the first start to
the end of January. All people and offices are invented. Robin Castell is the specialist, Kim sits at the front desk.
The [user guide](../user-guide.md) explains each page in the same order.
"""


@dataclass
class Album:
    """What is told, and the pictures; without a folder nothing is drawn or written."""

    folder: Path | None = None
    told: list[str] = field(default_factory=lambda: [HEAD])

    def day(self, day: date, title: str) -> None:
        """Begin the chapter of a day."""
        self.told.append(f"## {day:%A, %B} {day.day}, {day.year}: {title}\n")
        if title in SAID["days"]:
            self.tell(SAID["days"][title])

    def tell(self, sentence: str) -> None:
        """A paragraph."""
        self.told.append(f"{sentence}\n")

    def show(self, page: Page, name: str, at: str = "", *, dark: bool = False) -> None:
        """A picture of the page as it is now, as a small PNG, with what is to be seen on it; `at` is scrolled to."""
        if self.folder is None:
            return
        if at:
            page.locator(at).evaluate("part => part.scrollIntoView()")
        if dark:
            page.emulate_media(color_scheme="dark")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLE_MS)
        number = sum(line.startswith("![") for line in self.told) + 1
        file = f"{number:02d}-{name}.png"
        with Image.open(BytesIO(page.screenshot())) as shot:
            shot.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(self.folder / file, optimize=True)
        if dark:
            page.emulate_media(color_scheme="light")
        self.told += [f"{SAID['pictures'][name]}\n", f"![{name.replace('-', ' ').capitalize()}]({file})\n"]

    def write(self) -> None:
        """The page with all that was told."""
        if self.folder is not None:
            (self.folder / "README.md").write_text("\n".join(self.told), "utf-8")
