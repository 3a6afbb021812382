"""Is everything at work? The watcher, the backlog, Prefect and the disk: for the pages, and for `refpad health`."""

import shutil
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from refpad.ops.doctor import DISK_LEAST_BYTES
from refpad.services.intake.watcher import inbox_trouble, unfinished
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.front_desk import LOOPBACK
from store.database import Store
from store.intake.progress import backlog
from store.workers import WATCHER, is_at_work

ASK_S = 1.0
LATE_MINUTES = 20  # a file may take 15 minutes; a backlog older than that is not being worked


@dataclass(frozen=True)
class Sign:
    """One part: `is_well`, and what is found. Without a part that is not `needed`, scans are read all the same."""

    part: str
    is_well: bool
    found: str
    needed: bool = True


def signs(settings: Settings, store: Store) -> tuple[Sign, ...]:
    """How each part is."""
    return (_watcher(settings, store), _backlog(settings, store), _prefect(settings), _disk(settings))


def prefect_url(settings: Settings) -> str:
    """Where Prefect's UI is; the API is below it at /api."""
    return settings.prefect_url or f"http://{LOOPBACK}:{settings.prefect_port}"


def does_prefect_answer(settings: Settings, within_s: float) -> bool:
    """Whether the Prefect server answers, asked directly: a proxy of the machine does not know our loopback."""
    try:
        answer = httpx.get(f"{prefect_url(settings)}/api/health", timeout=within_s, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == HTTPStatus.OK


def _watcher(settings: Settings, store: Store) -> Sign:
    trouble = inbox_trouble(settings.inbox)
    if trouble is not None:
        return Sign("Inbox", False, trouble)
    if not is_at_work(store, WATCHER):
        return Sign("Watcher", False, "not at work: is `refpad up` running?")
    return Sign("Watcher", True, "at work")


def _backlog(settings: Settings, store: Store) -> Sign:
    waits = backlog(store)
    try:
        coming = len(unfinished(settings.inbox, settings.limits))
    except MachineError:
        coming = 0
    if not waits.waiting and not coming:
        return Sign("Backlog", True, "nothing waits")
    late_s = (store.clock.now() - waits.since).total_seconds() if waits.since else 0.0
    return Sign("Backlog", late_s < LATE_MINUTES * 60, f"{waits.waiting} to be read, {coming} still coming in")


def _prefect(settings: Settings) -> Sign:
    is_well = does_prefect_answer(settings, ASK_S)
    found = "shows the work" if is_well else "does not answer; reading goes on without it"
    return Sign("Prefect", is_well, found, needed=False)


def _disk(settings: Settings) -> Sign:
    free = shutil.disk_usage(settings.store_folder).free
    return Sign("Disk", free >= DISK_LEAST_BYTES, f"{free / 1e9:.0f} GB free")
