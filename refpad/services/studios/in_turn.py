"""One process that reads for all studios of an installation: each has its turn, however much another has waiting.

Each studio is a record of its own that this process has open, with its own settings, rules, exports and claims; the
process in which models and names are, is one studio's at a time (`refpad.services.studios.one_child`).
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import inf

from refpad.services.attempt import attempt
from refpad.services.debounced_job import DebouncedJob
from refpad.services.exports import export_referrals
from refpad.services.intake.process_file import FileOutcome, claim_s, process_file
from refpad.services.intake.worker import EXPORT_PAUSE_S, IntakeWorker, process_timed
from refpad.services.reading.reader_port import FileReader
from refpad.services.studios.one_child import OneChild, Opening
from refpad.services.studios.readers_copy import bring
from refpad.services.studios.registry import FIRST, further_studios, settings_of
from refpad.services.wiring import file_place, open_record, rules_of, state_folder
from refpad.settings import Settings, stamp_of
from schemas.errors import MachineError
from schemas.front_desk import FrontDeskSettings
from store.clock import SystemClock
from store.database import Store
from store.intake import claims
from store.intake.claims import Claim
from store.studio_rules import StudioRules
from store.workers.joining import require_record
from store.workers.reading_times import keep_times
from store.workers.workers import register_worker

# Loading another studio's models takes 2 s of a core: 6 % of a turn. Of five studios that all have much waiting, none
# waits longer than about two minutes for the one reader.
TURN_S = 30.0  # beside its first file, in whose time the models are loaded: on a busy machine that takes longer
REST_S = 60.0  # after a failure a studio has its turn only when no other has anything waiting
FOLLOW_S = 5.0  # between two looks at the list of studios, and at what was saved of their settings

log = logging.getLogger(__name__)

OpenReader = Callable[[Settings, Store], AbstractContextManager[FileReader]]


@dataclass(eq=False)
class JoinedStudio:
    """A studio whose record is open here; `held` gives all of it back, `saved` is the stamp of its saved settings."""

    key: str
    settings: Settings
    store: Store
    worker: str
    process: Callable[[Claim], FileOutcome]
    opening: Opening = field(repr=False)
    export: DebouncedJob | None
    held: ExitStack = field(repr=False)
    saved: object
    rests_until_s: float = 0.0


class StudiosInTurn:
    """Claims, processes and exports for whichever studio has its turn; used by the worker's one thread.

    `settings` are the first studio's, `read` makes those of each, `open_reader` its reader of files, `rules` says
    how each judges, `kind` is what this process is to each record. What one studio cannot do stops no other.
    """

    def __init__(
        self,
        settings: Settings,
        kind: str,
        open_reader: OpenReader,
        read: Callable[..., Settings] = Settings,
        rules: Callable[[Settings], StudioRules] = rules_of,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._kind, self._open_reader, self._read = settings, kind, open_reader, read
        self._rules, self._clock = rules, clock
        self.child = OneChild()
        self.wake: Callable[[], object] = lambda: None
        self._joined: dict[str, JoinedStudio] = {}
        self._problems: dict[str, str] = {}
        self._look_at_s = 0.0
        self._turn: JoinedStudio | None = None
        self._until_s = 0.0
        self._last = ""

    @property
    def does_export(self) -> bool:
        """Whether this machine writes exports: else names of patients do not belong on its disk."""
        return self._settings.files is None

    @property
    def joined(self) -> dict[str, JoinedStudio]:
        """The studios that are read for now, by their keys."""
        return dict(self._joined)

    def claim(self) -> Claim | None:
        """The next file of the studio whose turn it is; None when its turn is over, or nothing waits anywhere.

        Raises MachineError when a studio cannot be asked and no other has anything waiting.
        """
        if self._turn is not None:
            return self._go_on(self._turn)
        self._follow()
        failed = ""
        for studio in self._line():
            claim, problem = self._claim_at(studio)
            if claim is not None:
                if failed:
                    log.error("%s", failed)
                self._turn, self._last, self._until_s = studio, studio.key, inf
                return claim
            failed = failed or problem
        if failed:
            raise MachineError(failed)
        return None

    def process(self, claim: Claim) -> FileOutcome:
        """Process what was just claimed, with its own studio's reader and rules, into its own studio's record."""
        studio = self._turn
        assert studio is not None  # noqa: S101 - what is processed was claimed a moment ago
        try:
            outcome = studio.process(claim)
        except Exception:
            studio.rests_until_s = self._clock() + REST_S
            self._turn = None
            raise
        self._until_s = min(self._until_s, self._clock() + TURN_S)
        return outcome

    def export(self) -> None:
        """Have the studio that had its turn last exported."""
        studio = self._joined.get(self._last)
        if studio is not None and studio.export is not None:
            studio.export.request()

    def desk(self) -> FrontDeskSettings | None:
        """The front desk of the studio whose file is in work."""
        return None if self._turn is None else self._turn.settings.front_desk

    def close(self) -> None:
        """Give all records back; what was claimed here is free for others."""
        for key in list(self._joined):
            self._leave(key)

    def _go_on(self, studio: JoinedStudio) -> Claim | None:
        """One more file of the same studio, unless its turn is over; the next turn begins at once."""
        claim = None
        if self._clock() < self._until_s:
            claim, problem = self._claim_at(studio)
            if problem:
                log.error("%s", problem)
        if claim is None:
            self._turn = None
            self.wake()
        return claim

    def _line(self) -> list[JoinedStudio]:
        """Who is asked in which order: after the one that was last; those that rest after all others."""
        keys = list(self._joined)
        first = keys.index(self._last) + 1 if self._last in keys else 0
        line = [self._joined[key] for key in (*keys[first:], *keys[:first])]
        now = self._clock()
        return sorted(line, key=lambda studio: studio.rests_until_s > now)  # sorting keeps the order of equals

    def _claim_at(self, studio: JoinedStudio) -> tuple[Claim | None, str]:
        """A file of that studio, if one waits; and what went wrong, or ""."""
        found: list[Claim | None] = []

        def ask() -> None:
            found.append(claims.next_claim(studio.store, studio.worker, claim_s(studio.settings.limits)))

        if problem := attempt(ask):
            studio.rests_until_s = self._clock() + REST_S
            return None, f"{_named(studio.key)} cannot be asked what waits: {problem}"
        return found[0], ""

    def _follow(self) -> None:
        """Join who was added or reopened, leave who was closed, and take changed settings over."""
        if self._clock() < self._look_at_s:
            return
        self._look_at_s = self._clock() + FOLLOW_S
        wanted: dict[str, Callable[[], Settings]] = {FIRST: self._read}
        if problem := attempt(partial(bring, self._settings)) or attempt(lambda: wanted.update(self._further())):
            self._tell("", problem)
            return
        self._tell("", "")
        for key in self._joined.keys() - wanted.keys():
            self._leave(key)
            log.info("Studio %s is closed, and read for no more.", key)
        for key, settings in wanted.items():
            self._tell(key, attempt(partial(self._bring_up_to_date, key, settings)) or "")

    def _further(self) -> dict[str, Callable[[], Settings]]:
        return {
            studio.key: partial(settings_of, self._settings, studio, self._read)
            for studio in further_studios(self._settings)
        }

    def _bring_up_to_date(self, key: str, settings: Callable[[], Settings]) -> None:
        known = self._joined.get(key)
        if known is None:
            bring(settings())
            self._joined[key] = self._join(key, settings())
            return
        bring(known.settings)
        if (stamp := stamp_of(known.settings.saved_file)) != known.saved:
            known.saved = stamp  # of settings that are wrong, too: they are told once, and the others stay
            changed = settings()
            if changed != known.settings:
                self._leave(key)
                self._joined[key] = self._join(key, changed)

    def _join(self, key: str, settings: Settings) -> JoinedStudio:
        """Open the record of a studio that is there already: a reader begins none, and brings none up to date."""
        saved, clock = stamp_of(settings.saved_file), SystemClock(settings.time_zone, settings.today)
        require_record(settings.url, settings.store_folder, state_folder(settings), clock, file_place(settings))
        with ExitStack() as held:
            store = held.enter_context(closing(open_record(settings)))
            worker = held.enter_context(register_worker(store, self._kind))
            export = None
            if self.does_export:
                made = DebouncedJob("The export", partial(export_referrals, store, settings.exports), EXPORT_PAUSE_S)
                export = held.enter_context(closing(made))
                export.request()  # the last process may have ended between the record and the export
            opening = partial(self._open_reader, settings, store)
            process = partial(process_file, store, self.child.reader(opening), self._rules(settings))
            timed = partial(process_timed, held.enter_context(keep_times(store)), process)
            return JoinedStudio(key, settings, store, worker, timed, opening, export, held.pop_all(), saved)

    def _leave(self, key: str) -> None:
        studio = self._joined.pop(key)
        self.child.forget(studio.opening)
        studio.held.close()

    def _tell(self, key: str, problem: str) -> None:
        """Once for each problem."""
        if problem and problem != self._problems.get(key):
            log.error("%s is not read for; the others are. %s", _named(key) if key else "What was added", problem)
        self._problems[key] = problem


def _named(key: str) -> str:
    return f"Studio {key}"


@contextmanager
def open_studios(studios: StudiosInTurn) -> Iterator[IntakeWorker]:
    """The worker of this process for all studios; at its end the file that is being read is cut off."""
    export = studios.export if studios.does_export else None
    worker = IntakeWorker(studios.claim, studios.process, export, desk=studios.desk)
    studios.wake = worker.wake
    try:
        yield worker
    finally:
        studios.child.close()
