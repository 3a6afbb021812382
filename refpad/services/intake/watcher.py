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
from schemas.errors import MachineError
from schemas.limits import Limits
from store.intake.refusals import refusal_of

MARKER = ".refpad-inbox"
PATIENCE_QUIETS = 10.0  # of a quiet time that somebody with a slow scanner has made long
LOOK_LEAST_S = 0.02  # between two looks, so that a quiet time of 0 does not keep a core busy
RETRY_S = 5.0  # before a file that could not be taken in is offered again

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

    A file that never becomes whole is offered after `patience_s` (at least ten quiet times) all the same, so
    that it can be set aside with its reason. What intake refuses unread (folders, temporary files, links) is
    offered once, to be recorded. `clock` counts seconds and never goes back.
    """

    def __init__(
        self,
        inbox: Path,
        limits: Limits,
        quiet_s: float,
        patience_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inbox, self._limits = inbox, limits
        self._quiet_s = quiet_s
        self._patience_s = max(patience_s, PATIENCE_QUIETS * quiet_s)
        self._clock = clock
        self._tracked: dict[str, _Tracked] = {}

    def ready(self) -> list[Path]:
        """One look: what to take in now, longest still first. Raises MachineError when the inbox is lost."""
        now, entries = self._clock(), self._look()
        self._tracked = {name: self._follow(name, state, now) for name, state in entries.items()}
        due = [(entry.still_since_s, name) for name, entry in self._tracked.items() if self._is_due(name, entry, now)]
        return [self._inbox / name for _, name in sorted(due)]

    def pause_s(self, most_s: float) -> float:
        """How long to wait, without file events, until the next look can find something ready."""
        now = self._clock()
        nearest_s = min((entry.next_look_s - now for entry in self._tracked.values()), default=most_s)
        return min(most_s, max(LOOK_LEAST_S, nearest_s))

    def _look(self) -> dict[str, _State]:
        return {name: state for name in _names(self._inbox) if (state := self._state(name)) is not None}

    def _follow(self, name: str, state: _State, now: float) -> _Tracked:
        earlier = self._tracked.get(name)
        if earlier is not None and earlier.state == state:
            return earlier
        return _Tracked(state, still_since_s=now, next_look_s=now + self._quiet_s)

    def _is_due(self, name: str, entry: _Tracked, now: float) -> bool:
        if now < entry.next_look_s:
            return False
        if entry.state.is_refused:
            entry.next_look_s = inf
            return True
        if now - entry.still_since_s < self._patience_s and not _whole(self._inbox / name):
            entry.next_look_s = now + self._quiet_s
            return False
        entry.next_look_s = now + RETRY_S
        return True

    def _state(self, name: str) -> _State | None:
        status = _lstat(self._inbox / name)
        if status is None:
            return None
        is_refused = refusal_of(name, status, self._limits) is not None
        return _State(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev, is_refused)


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
        _names(inbox)
    except MachineError as error:
        return str(error)
    return None


def still_coming(inbox: Path, limits: Limits) -> int:
    """How many files of the inbox are to be taken in, sooner or later. Raises MachineError when it is lost."""
    return sum(os.access(path, os.R_OK) for path in unfinished(inbox, limits))


def unfinished(inbox: Path, limits: Limits) -> list[Path]:
    """The files of the inbox that nobody has taken in or refused yet, readable or not. Raises MachineError."""
    states = {path: state for name in _names(inbox) if (state := _lstat(path := inbox / name)) is not None}
    return sorted(path for path, state in states.items() if refusal_of(path.name, state, limits) is None)


def watch(watcher: Watcher, inbox: Path, sweep_s: float, take: Callable[[list[Path]], None], stop: Event) -> None:
    """Look, take, wait; until `stop`. File events only shorten the wait, the sweep finds what they miss."""
    wake = Event()
    Thread(target=_listen, args=(inbox, sweep_s, wake, stop), daemon=True, name="inbox-events").start()
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


def _listen(inbox: Path, sweep_s: float, wake: Event, stop: Event) -> None:
    """Set `wake` at each change and at `stop`; an event source that breaks is tried again later."""
    while not stop.wait(0 if inbox.is_dir() else sweep_s):
        try:
            for _ in watchfiles.watch(inbox, recursive=False, watch_filter=None, debounce=50, stop_event=stop):
                wake.set()
        except (OSError, RuntimeError) as error:
            log.warning("No file events for the inbox (%s); looking every %.0f s.", type(error).__name__, sweep_s)
            stop.wait(sweep_s)
    wake.set()


def _names(inbox: Path) -> list[str]:
    try:
        names = [path.name for path in inbox.iterdir()]
    except OSError as error:
        raise _inbox_lost(inbox, error.strerror or "unreadable") from None
    if MARKER not in names:
        raise _inbox_lost(inbox, f"its marker {MARKER} is gone")
    return [name for name in names if name != MARKER]


def _lstat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:  # gone again, or unreadable just now: the next sweep looks again
        return None


def _whole(path: Path) -> bool:
    """Busy and unreadable files are not whole yet; if they stay so, intake gives the reason after `patience_s`."""
    try:
        return is_whole(path)
    except OSError:
        return False


def _inbox_lost(inbox: Path, why: str) -> MachineError:
    return MachineError(
        f"The inbox {inbox} is not there ({why}): mount its disk, or, if this folder is the right one, "
        f"make an empty file {MARKER} in it."
    )
