"""The exported files follow what is settled here, a moment later and once for many."""

import logging
import threading
from collections.abc import Callable

from refpad.work.attempt import attempt

PAUSE_S = 2.0  # a practised person settles a slip in a few seconds; the export of 100,000 takes longer than that

log = logging.getLogger(__name__)


class Delivery:
    """Calls `deliver` in a thread of its own after `ask`; asked again meanwhile, once more. `close` waits for it."""

    def __init__(self, deliver: Callable[[], object], pause_s: float = PAUSE_S) -> None:
        self._deliver, self._pause_s = deliver, pause_s
        self._asked, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Something was settled: the exports are no longer the newest."""
        self._asked.set()

    def close(self) -> None:
        """Deliver what was asked for, and end."""
        self._closing.set()
        self._asked.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._asked.wait()
            self._closing.wait(self._pause_s)
            self._asked.clear()
            if (problem := attempt(self._deliver)) is not None:
                log.error("The exports were not written: %s", problem)
