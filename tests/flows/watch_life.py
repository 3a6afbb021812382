"""The watcher as it is, with a reader without eyes that takes its time. Argument: seconds a scan."""

import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from flows.watch import run
from refpad.services.reading.reader_port import PageOutcome
from refpad.settings import Settings
from tests.fake_reader import FakeReader


class SlowReader(FakeReader):
    """As slow as asked."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        time.sleep(self._seconds)
        return super().read(path, received_on)


if __name__ == "__main__":
    run(Settings(quiet_seconds=0.1), lambda _: nullcontext(SlowReader(float(sys.argv[1]))))
