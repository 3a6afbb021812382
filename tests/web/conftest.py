"""Front desks for the tests of its pages."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.browser import FLAGS
from tests.web.studio import Studio, open_studio, scratch


@pytest.fixture
def studio() -> Iterator[Studio]:
    """A studio with nothing in it."""
    with scratch() as folder, open_studio(folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process, with a profile that goes with it."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("The front desk is tested in a browser: install Debian's package chromium, or run: make test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()
