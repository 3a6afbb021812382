"""Whether scans are being read: the watcher, the backlog, Prefect and the disk, for the pages and `refpad health`."""

import shutil
import time
from base64 import b64encode
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from refpad.ops import webhooks
from refpad.ops.doctor import DISK_LEAST_BYTES
from refpad.services.intake.process_file import claim_s
from refpad.services.intake.watcher import inbox_problem, unfinished
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.front_desk import LOOPBACK
from schemas.mailbox import EmailState
from schemas.text import counted
from store import files
from store.database import Store
from store.intake.ledger.progress import backlog, first_lease_end
from store.intake.taking_in.emails import count_emails, last_look
from store.workers.workers import READING, WATCHER, is_at_work, living_workers, this_machine

PREFECT, DISK = "Prefect", "Disk"
SHARED_PARTS = (PREFECT, DISK)  # of several studios, one for all
ASK_S = 1.0
READERS, BACKLOG = "Readers", "Backlog"
BEGIN_S = 60  # a watcher begins within 10 s on two idle cores; on busy ones it took up to five times that
SLOW_MINUTES = 5  # a scan of 60 pages takes two on a slow core
LATE_MINUTES = 20  # a file may take 15 minutes; a backlog older than that is not being worked


@dataclass(frozen=True)
class PartHealth:
    """Whether one part works, and a sentence about it.

    Scans are read without a part that is not `needed`; one that people must mend all the same is `told`. What is
    `shown` is worth a line on the page Today though it is well.
    """

    part: str
    is_well: bool
    found: str
    needed: bool = True
    told: bool = False
    shown: bool = False

    @property
    def is_trouble(self) -> bool:
        """Whether somebody must do something about it."""
        return not self.is_well and (self.needed or self.told)


def health_of_parts(settings: Settings, store: Store) -> tuple[PartHealth, ...]:
    """Ask each part once."""
    mailbox = (_mailbox(settings, store),) if settings.mailbox.host else ()
    record = (_watcher(settings, store), readers_health(settings, store), backlog_health(settings, store))
    return (*record, *mailbox, *_webhooks(store), _prefect(settings), _disk(settings))


def readers_health(settings: Settings, store: Store) -> PartHealth:
    """How many files can be read at once; whether as many as the settings ask for."""
    alive = [worker for worker in living_workers(store.folder) if worker.kind in READING]
    elsewhere = sorted({worker.machine for worker in alive} - {this_machine()})
    where = f", also on {', '.join(elsewhere)}" if elsewhere else ""
    if len(alive) < settings.readers and any(worker.kind == WATCHER for worker in alive):
        again = "`refpad up` starts the others; its logs tell why they ended"
        found = f"{len(alive)} of {settings.readers} at work{where}; {again}"
        return PartHealth(READERS, False, found, needed=False, told=True)
    slow = _slow(settings, store)
    found = f"{len(alive)} at work{where}{slow}"
    return PartHealth(READERS, True, found, needed=False, shown=len(alive) > 1 or bool(slow))


def _slow(settings: Settings, store: Store) -> str:
    """How long the reader has been at its file that is at one the longest; "" while that is not long."""
    ends = first_lease_end(store)
    if ends is None:
        return ""
    minutes = (claim_s(settings.limits) - (ends - store.clock.now()).total_seconds()) / 60
    return f", one of them at the same file for {int(minutes)} minutes" if minutes >= SLOW_MINUTES else ""


def prefect_url(settings: Settings) -> str:
    """Where Prefect's UI is; the API is below it at /api."""
    return settings.prefect_url or f"http://{LOOPBACK}:{settings.prefect_port}"


def prefect_page(settings: Settings) -> str:
    """Where a person's browser finds Prefect."""
    return settings.prefect_page or prefect_url(settings)


def prefect_password_place(settings: Settings) -> str:
    """Where the line stands that Prefect's page asks for; never the line itself."""
    if settings.prefect_url is None:
        return str(settings.prefect_auth_file.absolute())
    return "REFPAD_PREFECT_AUTH, or in the file that REFPAD_PREFECT_AUTH_FILE names (in compose secrets/prefect_auth)"


def does_prefect_answer(settings: Settings, within_s: float) -> bool:
    """Whether the Prefect server answers, asked directly: a proxy of the machine does not know our loopback."""
    try:
        answer = httpx.get(f"{prefect_url(settings)}/api/health", timeout=within_s, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == HTTPStatus.OK


def does_prefect_take_password(settings: Settings, within_s: float) -> bool:
    """Whether a server elsewhere takes the `user:password` that it is given; its own health it tells to anybody."""
    if settings.prefect_url is None or settings.prefect_auth is None:
        return True
    given = b64encode(settings.prefect_auth.get_secret_value().encode()).decode()
    asked, headers = f"{settings.prefect_url}/api/admin/version", {"Authorization": f"Basic {given}"}
    try:
        answer = httpx.get(asked, timeout=within_s, trust_env=False, headers=headers)
    except httpx.HTTPError:
        return True  # it does not answer: that is told as such
    return answer.status_code in (HTTPStatus.OK, HTTPStatus.NOT_FOUND)


def does_front_desk_answer(settings: Settings, within_s: float) -> bool:
    """Whether the front desk's page for signing in is there."""
    desk = settings.front_desk
    at = LOOPBACK if ip_address(desk.address).is_unspecified else desk.address
    host = {"Host": urlsplit(desk.url).netloc}  # behind a proxy it answers to no other name
    try:
        answer = httpx.get(f"http://{at}:{desk.port}/login", timeout=within_s, trust_env=False, headers=host)
    except httpx.HTTPError:
        return False
    return answer.status_code == HTTPStatus.OK


def _watcher(settings: Settings, store: Store) -> PartHealth:
    problem = inbox_problem(settings.inbox)
    if problem is not None:
        is_lost = (settings.store_folder / "inbox-made").exists()
        return PartHealth("Inbox", False, problem if is_lost else "not made yet; `refpad up` makes it")
    if is_at_work(store, WATCHER):
        return PartHealth("Watcher", True, "at work")
    if _has_just_begun(settings):
        return PartHealth("Watcher", True, "begins; at work within a minute")
    return PartHealth("Watcher", False, "not at work; start it with `refpad up`")


def _has_just_begun(settings: Settings) -> bool:
    """Whether `refpad up` runs, and was started, or begins its watcher anew for changed settings, a moment ago."""
    lock, saved = settings.folder / "refpad.lock", settings.saved_file
    newest = max((path.stat().st_mtime for path in (lock, saved) if path.exists()), default=0.0)
    return lock.exists() and time.time() - newest < BEGIN_S and not files.is_abandoned(lock)


def backlog_health(settings: Settings, store: Store) -> PartHealth:
    """What waits to be read, and whether it waits too long."""
    waits = backlog(store)
    try:
        coming = len(unfinished(store, settings))
    except MachineError:
        return PartHealth(BACKLOG, True, f"{waits.waiting} to be read; what lies in the inbox is not known")
    if not waits.waiting and not coming:
        return PartHealth(BACKLOG, True, "nothing waits")
    minutes = (store.clock.now() - waits.since).total_seconds() / 60 if waits.since else 0.0
    is_late = minutes >= LATE_MINUTES
    since = f", the oldest for {counted(int(minutes), 'minute')}" if minutes >= 1 else ""
    look = "; look into the watcher's log" if is_late else ""
    counts = f"{waits.waiting} to be read, {coming} still coming in"
    return PartHealth(BACKLOG, not is_late, f"{counts}{since}{look}", shown=True)


def _mailbox(settings: Settings, store: Store) -> PartHealth:
    """As the last look found it: the pages do not ask its server themselves."""
    look = last_look(store, settings.mailbox.name)
    if look is None:
        return PartHealth("Mailbox", True, "not looked into yet", needed=False)
    if look.problem:
        return PartHealth("Mailbox", False, look.problem, needed=False, told=True)
    counts = count_emails(store, settings.mailbox.name)
    late_s = (store.clock.now() - look.looked_at).total_seconds()
    if late_s > (settings.mailbox.every_minutes + LATE_MINUTES) * 60:
        found = f"last looked into {late_s / 60:.0f} minutes ago; start `refpad up`"
        return PartHealth("Mailbox", False, found, needed=False, told=True)
    left = counts.get(EmailState.STRANGER, 0) + counts.get(EmailState.TOO_LARGE, 0)
    found = f"{counted(counts.get(EmailState.TAKEN, 0), 'e-mail')} taken in"
    found += f"; {left} left there, of senders who are not allowed or too large" if left else ""
    return PartHealth("Mailbox", True, found, needed=False)


def _webhooks(store: Store) -> tuple[PartHealth, ...]:
    found = webhooks.disabled(store)
    if found:
        return tuple(PartHealth("Webhooks", False, told, needed=False, told=True) for told in found)
    told = webhooks.summary(store)
    return (PartHealth("Webhooks", True, told, needed=False),) if told else ()


def _prefect(settings: Settings) -> PartHealth:
    is_well = does_prefect_answer(settings, ASK_S)
    if is_well and not does_prefect_take_password(settings, ASK_S):
        found = (
            "does not take the password of REFPAD_PREFECT_AUTH; reading goes on, and is not shown until that is mended"
        )
        return PartHealth(PREFECT, False, found, needed=False, told=True)
    found = "shows the work" if is_well else "does not answer; reading goes on without it, and `refpad up` restarts it"
    return PartHealth(PREFECT, is_well, found, needed=False)


def _disk(settings: Settings) -> PartHealth:
    free = shutil.disk_usage(settings.store_folder).free
    if free < DISK_LEAST_BYTES:
        room = f"make room for {DISK_LEAST_BYTES / 1e9:.0f} GB where the data folder is"
        return PartHealth(DISK, False, f"{free / 1e9:.1f} GB free; {room}")
    return PartHealth(DISK, True, f"{free / 1e9:.0f} GB free")
