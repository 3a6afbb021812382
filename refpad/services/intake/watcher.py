"""The inbox: which files no longer change and are whole, and may be taken in.

`flows.watch` calls `watch`, which calls its `take` back with what is ready; `run_once` beside this module asks a
`Watcher` twice. Neither reads a file: the intake worker does, once the file is taken in.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from threading import Event, Thread

import watchfiles

from refpad.services.intake.completeness import is_whole
from refpad.services.intake.inbox_entries import MARKER, check_inbox, entries, folders
from refpad.settings import Settings
from schemas.errors import MachineError
from schemas.limits import Limits
from store.database import Store
from store.intake.taking_in.kept import fingerprint_of, kept_fingerprints
from store.intake.taking_in.refusals import refusal_of
from store.intake.taking_in.writers import is_held

PATIENCE_QUIETS = 10.0  # of a quiet time that somebody with a slow scanner has made long
LOOK_LEAST_S = 0.02  # between two looks, so that a quiet time of 0 does not keep a core busy
RETRY_S = 5.0  # before a file that could not be taken in is offered again
NEW_FOLDER_MS = 500  # a folder may get its first file before its events are listened to: one more look, so much later

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _State:
    """What must not change. The modification time is only ever compared with itself, never with a clock."""

    size: int
    mtime_ns: int
    inode: int
    device: int
    is_refused: bool


@dataclass
class _Tracked:
    state: _State
    still_since_s: float
    next_look_s: float


class Watcher:
    """Says which entries of `inbox` may be taken in: unchanged for `quiet_s` by our own observations, and whole.

    What another program holds open for writing is never offered, however long it rests.

    It looks into folders of the inbox, and into folders of those, `depth` times.
    A file that never becomes whole is offered after `patience_s` (at least ten quiet times) all the same, so
    that it can be set aside with its reason. What intake refuses unread (deeper folders, temporary files, links)
    is offered once, to be recorded. `clock` counts seconds and never goes back.
    """

    def __init__(
        self,
        inbox: Path,
        limits: Limits,
        quiet_s: float,
        patience_s: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        depth: int,
    ) -> None:
        self._inbox, self._depth, self._limits = inbox, depth, limits
        self._quiet_s = quiet_s
        self._patience_s = max(patience_s, PATIENCE_QUIETS * quiet_s)
        self._clock = clock
        self._tracked: dict[Path, _Tracked] = {}

    def ready(self) -> list[Path]:
        """One look: what to take in now, longest still first. Raises MachineError when the inbox is lost."""
        now, found = self._clock(), entries(self._inbox, self._depth)
        self._tracked = {path: self._follow(path, self._state(path, status), now) for path, status in found}
        due = [(entry.still_since_s, path) for path, entry in self._tracked.items() if self._is_due(path, entry, now)]
        return [path for _, path in sorted(due)]

    def put_off(self, path: Path, seconds: float) -> None:
        """Do not offer a file again for so long, unless it changes: it was taken in, and stays in the inbox."""
        if path in self._tracked:
            self._tracked[path].next_look_s = self._clock() + max(seconds, 0.0)

    def folders(self) -> frozenset[Path]:
        """The inbox and its folders that are looked into; none while the inbox is lost."""
        return folders(self._inbox, self._depth)

    def pause_s(self, most_s: float) -> float:
        """How long to wait, without file events, until the next look can find something ready."""
        now = self._clock()
        nearest_s = min((entry.next_look_s - now for entry in self._tracked.values()), default=most_s)
        return min(most_s, max(LOOK_LEAST_S, nearest_s))

    def _follow(self, path: Path, state: _State, now: float) -> _Tracked:
        earlier = self._tracked.get(path)
        if earlier is not None and earlier.state == state:
            return earlier
        return _Tracked(state, still_since_s=now, next_look_s=now + self._quiet_s)

    def _is_due(self, path: Path, entry: _Tracked, now: float) -> bool:
        if now < entry.next_look_s:
            return False
        if entry.state.is_refused:
            entry.next_look_s = inf
            return True
        if is_held(path) or (now - entry.still_since_s < self._patience_s and not _whole(path)):
            entry.next_look_s = now + self._quiet_s
            return False
        entry.next_look_s = now + RETRY_S
        return True

    def _state(self, path: Path, status: os.stat_result) -> _State:
        is_refused = refusal_of(path.name, status, self._limits) is not None
        return _State(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev, is_refused)


def open_watcher(settings: Settings) -> Watcher:
    """The watcher of the settings' inbox."""
    quiet_s, patience_s = settings.quiet_seconds, settings.patience_seconds
    return Watcher(settings.inbox, settings.limits, quiet_s, patience_s, depth=settings.inbox_depth)


def prepare_inbox(inbox: Path, memory: Path) -> None:
    """Make and mark the inbox, once; `memory` remembers it, so that an empty mount point is no empty inbox."""
    if memory.exists():
        return
    inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    (inbox / MARKER).touch(mode=0o600)
    memory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    memory.touch(mode=0o600)


def inbox_problem(inbox: Path) -> str | None:
    """Why the inbox cannot be watched, in a sentence, or None."""
    try:
        check_inbox(inbox)
    except MachineError as error:
        return str(error)
    return None


def still_coming(store: Store, settings: Settings) -> int:
    """How many files of the inbox are to be taken in, sooner or later. Raises MachineError when it is lost."""
    return sum(os.access(path, os.R_OK) for path in unfinished(store, settings))


def unfinished(store: Store, settings: Settings) -> list[Path]:
    """The files of the inbox that nobody has taken in or refused yet, readable or not. Raises MachineError.

    One that was taken in and stays for some minutes is not among them, until it changes.
    """
    found, kept = entries(settings.inbox, settings.inbox_depth), kept_fingerprints(store)
    return sorted(
        path
        for path, status in found
        if refusal_of(path.name, status, settings.limits) is None
        and fingerprint_of(os.fsencode(path.name), status) not in kept
    )


def watch(watcher: Watcher, sweep_s: float, take: Callable[[list[Path]], None], stop: Event) -> None:
    """Look, take, wait; until `stop`. File events only shorten the wait, the sweep finds what they miss."""
    wake = Event()
    Thread(target=_listen, args=(watcher, sweep_s, wake, stop), daemon=True, name="inbox-events").start()
    problem = ""
    while not stop.is_set():
        try:
            ready = watcher.ready()
            problem = ""
        except MachineError as error:
            if str(error) != problem:
                problem = str(error)
                log.error("%s", problem)
            ready = []
        take(ready)
        wake.wait(RETRY_S if problem else watcher.pause_s(sweep_s))
        wake.clear()


def _listen(watcher: Watcher, sweep_s: float, wake: Event, stop: Event) -> None:
    """Set `wake` at each change and at `stop`; an event source that breaks is tried again later."""
    while not stop.wait(0 if watcher.folders() else sweep_s):
        try:
            _listen_to(watcher, wake, stop)
        except (OSError, RuntimeError) as error:
            log.warning("No file events for the inbox (%s); looking every %.0f s.", type(error).__name__, sweep_s)
            stop.wait(sweep_s)
    wake.set()


def _listen_to(watcher: Watcher, wake: Event, stop: Event) -> None:
    """Set `wake` at each change until the folders are others, or `stop`.

    Each folder is named: what watches a tree by itself would follow the links in it.
    """
    heard = watcher.folders()
    changes = watchfiles.watch(
        *heard,
        recursive=False,
        watch_filter=None,
        debounce=50,
        rust_timeout=NEW_FOLDER_MS,
        yield_on_timeout=True,
        stop_event=stop,
    )
    for number, changed in enumerate(changes):
        if changed or number == 0:
            wake.set()
            if watcher.folders() != heard:
                return


def _whole(path: Path) -> bool:
    """Busy and unreadable files are not whole yet; if they stay so, intake gives the reason after `patience_s`."""
    try:
        return is_whole(path)
    except OSError:
        return False
