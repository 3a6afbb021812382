"""The chapters of the two months, in their order, and the studio that they are played in."""

import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Browser

from store.workers.workers import WATCHER, register_worker
from tests.smtp_sink import Sink, sinking
from tests.web.browser import serving
from tests.web.two_months import calls, december, january, november
from tests.web.two_months.album import Album
from tests.web.two_months.player import Player

CHAPTERS: tuple[Callable[[Player, Sink], None], ...] = (
    november.first_start,
    november.first_slips,
    calls.first_calls,
    calls.right_number,
    calls.third_try,
    december.second_week,
    december.assessments,
    december.third_week,
    december.report_is_due,
    december.before_the_holidays,
    january.new_year,
    january.discharges,
    january.last_day,
)
SERVER_S = 30.0  # a busy machine answers late


def play(browser: Browser, folder: Path, album: Album) -> None:
    """All chapters in a studio that nobody has set up, with a mail server on loopback; `folder` is for files."""
    with sinking(folder, seconds=SERVER_S) as sink, patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("REFPAD_STUDIO__")]:
            del os.environ[name]
        os.environ["REFPAD_DELIVERY__SMTP_CA_FILE"] = str(sink.delivery.smtp_ca_file)
        with serving(browser) as desk, register_worker(desk.studio.store, WATCHER):
            player = Player(desk, album, folder)
            for chapter in CHAPTERS:
                chapter(player, sink)
    album.write()
