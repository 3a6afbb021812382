"""Two months of a small studio in a real browser, from the first start to the last day."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.two_months.album import Album
from tests.web.two_months.story import play


@pytest.mark.timeout(1800)  # some 200 pages: a minute and a half on a quiet machine, long on a busy one
def test_two_months_of_a_small_studio(chromium: Browser, tmp_path: Path) -> None:
    """Robin sets the studio up, adds Kim and two offices, and prints numbered pads. 20 slips come.

    Two are read by the real reader; one of them lacks its signature, and its office answers. One Accept is undone.
    Letters wait for an office that nobody knows until it is set, from the letter and from Today. One patient is not
    reached three times and the provider is told; two decline; one number is wrong and one name misread, and both are
    corrected. No report is due before an assessment; a visit that moves takes its report along. Three courses end, one
    before it began, and what was open ends with them. On the last day nothing is overdue, everybody has an end or a
    next step, and the record is whole.
    """
    play(chromium, tmp_path, Album())
