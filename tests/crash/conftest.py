"""What the crash tests begin with: a server that forks lives, a folder in memory, a studio to be copied."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.chase_life import prepare
from tests.crash.crash_harness import Server, serving
from tests.databases import in_memory


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as started:
        yield started


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder in memory: SIGKILL spares what was not synced, so the disk would only cost time."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as made:
        yield Path(made)


@pytest.fixture
def prepared(room: Path) -> Path:
    """A studio with a referral and a slip in doubt, of which nothing was sent yet."""
    prepare(room / "prepared")
    return room / "prepared"
