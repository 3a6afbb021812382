"""Work that follows what was recorded: a moment later, once for many, and never while anybody waits."""

import logging
import threading
from collections.abc import Callable

from refpad.services.attempt import attempt

RETRY_S = 5.0  # after work that failed: a full disk is not empty sooner
PAUSE_S = 2.0  # a practiced person settles a slip in a few seconds; exporting 100,000 referrals takes longer than that

log = logging.getLogger(__name__)


class DebouncedJob:
    """Does `work` in a thread of its own after `request`; requested meanwhile, or when it failed, once more.

    `close` waits for what was requested."""

    def __init__(self, name: str, work: Callable[[], object], pause_s: float = PAUSE_S) -> None:
        self._name, self._work, self._pause_s = name, work, pause_s
        self._requested, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def request(self) -> None:
        """Have the work done soon."""
        self._requested.set()

    def close(self) -> None:
        """Do what was requested, and end."""
        self._closing.set()
        if self._requested.is_set():
            self._run_once()
        self._requested.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._requested.wait()
            self._closing.wait(self._pause_s)
            if not self._closing.is_set() and not self._run_once():
                self._closing.wait(RETRY_S)
                self._requested.set()

    def _run_once(self) -> bool:
        self._requested.clear()
        if (problem := attempt(self._work)) is not None:
            log.error("%s was not done: %s", self._name, problem)
        return problem is None
