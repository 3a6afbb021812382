"""What tests of all rooms share."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is; speed is measured by the bench.
settings.register_profile("refpad", deadline=None)
settings.load_profile("refpad")

# Which sure values a person is asked about is left to chance: tests of chance set it themselves.
os.environ["REFPAD_FRONT_DESK__SAMPLE_SHARE"] = "0"
# The anchors of records that tests open as a user would: not among those of whoever runs the tests.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="refpad-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)
# Pads and letters are made by a studio that is set up, as the tests' is.
STUDIO = {
    "NAME": "Lakeside Medical Exercise",
    "SPECIALIST": "Robin Castell, MES",
    "PHONE": "(312) 555-0150",
    "FAX": "(312) 555-0151",
    "EMAIL": "desk@lakeside.example",
    "ADDRESS": "7 Lake Road, Anytown, IL",
}
os.environ.update({f"REFPAD_STUDIO__{name}": value for name, value in STUDIO.items()})

if TYPE_CHECKING:
    from tests.s3_server import S3Server

Golden = Callable[[Path, bytes], None]

# Files of a few tests that take minutes, since they wait for browsers, servers and lives that are killed. They begin
# first, so that at the end no process waits for another's longest file.
LONGEST = ("tests/web/two_months", "tests/crash", "tests/flows", "tests/bench/slips")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {room: place for place, room in enumerate(LONGEST)}
    items.sort(key=lambda item: min((p for room, p in rank.items() if item.nodeid.startswith(room)), default=len(rank)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write golden files anew instead of comparing")


@pytest.fixture(scope="session")
def s3() -> "Iterator[S3Server]":
    """One S3-compatible store for the whole run; most files of tests need none, and its server takes time to import."""
    from tests.s3_server import serving

    with serving() as server:
        yield server


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare bytes with a golden file; only `--renew-golden` writes one, so that a change of output is a decision."""

    def compare(path: Path, made: bytes) -> None:
        if request.config.getoption("--renew-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(made)
        assert path.is_file(), f"no golden file {path.name}; run pytest with --renew-golden and read what it wrote"
        assert made == path.read_bytes()

    return compare
