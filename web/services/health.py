"""Is everything at work? One line: Prefect, the watcher, the disk, the backlog."""

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from refpad.ops.doctor import DISK_LEAST_BYTES
from refpad.services.intake.watcher import inbox_trouble, unfinished
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.front_desk import LOOPBACK
from store.database import Store
from store.intake.progress import backlog
from store.workers import is_anybody_at_work

ASK_S = 1.0
FRESH_S = 8.0
LATE_MINUTES = 20  # a file may take 15 minutes; a backlog older than that is not being worked


@dataclass(frozen=True)
class Sign:
    """One part: `is_well`, and what is found."""

    part: str
    is_well: bool
    found: str


class Health:
    """Asks each part at most every FRESH_S seconds; may be used by several threads."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._turn = threading.Lock()
        self._asked_at_s = -FRESH_S
        self._signs: tuple[Sign, ...] = ()

    def signs(self) -> tuple[Sign, ...]:
        """How each part is."""
        with self._turn:
            if self._clock() - self._asked_at_s >= FRESH_S:
                self._signs = (self._watcher(), self._backlog(), self._prefect(), self._disk())
                self._asked_at_s = self._clock()
            return self._signs

    def _watcher(self) -> Sign:
        trouble = inbox_trouble(self._settings.inbox)
        if trouble is not None:
            return Sign("Inbox", False, trouble)
        if not is_anybody_at_work(self._store):
            return Sign("Watcher", False, "not at work: is `refpad up` running?")
        return Sign("Watcher", True, "at work")

    def _backlog(self) -> Sign:
        waits = backlog(self._store)
        try:
            coming = len(unfinished(self._settings.inbox, self._settings.limits))
        except MachineError:
            coming = 0
        if not waits.waiting and not coming:
            return Sign("Backlog", True, "nothing waits")
        late_s = (self._store.clock.now() - waits.since).total_seconds() if waits.since else 0.0
        return Sign("Backlog", late_s < LATE_MINUTES * 60, f"{waits.waiting} to be read, {coming} still coming in")

    def _prefect(self) -> Sign:
        address = urlsplit(self._settings.prefect_url or f"http://{LOOPBACK}:{self._settings.prefect_port}")
        connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
        connection = connect(address.netloc, timeout=ASK_S)
        try:
            connection.request("GET", "/api/health")
            is_well = connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            is_well = False
        finally:
            connection.close()
        return Sign("Prefect", is_well, "shows the work" if is_well else "does not answer; reading goes on without it")

    def _disk(self) -> Sign:
        free = shutil.disk_usage(self._settings.store_folder).free
        return Sign("Disk", free >= DISK_LEAST_BYTES, f"{free / 1e9:.0f} GB free")
