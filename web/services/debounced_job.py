"""Work that follows what people do at the desk: a moment later, once for many, and never while they wait."""

import logging
import threading
from collections.abc import Callable

from refpad.services.attempt import attempt

PAUSE_S = 2.0  # a practised person settles a slip in a few seconds; exporting 100,000 referrals takes longer than that

log = logging.getLogger(__name__)


class Errand:
    """Does `work` in a thread of its own after `ask`; asked again meanwhile, once more. `close` waits for it."""

    def __init__(self, name: str, work: Callable[[], object], pause_s: float = PAUSE_S) -> None:
        self._name, self._work, self._pause_s = name, work, pause_s
        self._asked, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """There is something to do."""
        self._asked.set()

    def close(self) -> None:
        """Do what was asked for, and end."""
        self._closing.set()
        if self._asked.is_set():
            self._do()
        self._asked.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._asked.wait()
            self._closing.wait(self._pause_s)
            if not self._closing.is_set():
                self._do()

    def _do(self) -> None:
        self._asked.clear()
        if (problem := attempt(self._work)) is not None:
            log.error("%s was not done: %s", self._name, problem)
