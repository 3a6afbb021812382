"""The desk: where waiting files are read one after the other, whoever lends the hand.

Prefect lends it in the ordinary case. When Prefect keeps the desk waiting, the steady hand of the same
process reads on, so that no scan ever waits for its monitor.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from refpad.services.exports import deliver
from refpad.services.intake.process_file import Outcome, lease_s, process_file
from refpad.services.reading.reader_port import FileReader
from refpad.services.wiring import terms_of
from refpad.settings import Settings
from store.database import Store
from store.intake import claims
from store.intake.claims import Claim
from store.workers import OTHER, working

LAST_FILE_S = 3.0  # at the end, for the file in hand; one that takes longer is read anew at the next start
UNREPORTED_MOST = 1000  # an outage of Prefect must not fill the memory; the record has them all anyway


@dataclass(frozen=True)
class Worked:
    """What came of one file, and how long reading and recording it took."""

    file_id: int
    outcome: Outcome
    seconds: float


class Desk:
    """Claims with `claim`, reads and records with `work` (which says the outcome), exports with `deliver`.

    All methods may be called from any thread; one file is worked at a time.
    """

    def __init__(
        self,
        claim: Callable[[], Claim | None],
        work: Callable[[Claim], Outcome],
        deliver: Callable[[], object],
        release: Callable[[Claim], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._claim, self._work, self._deliver, self._release = claim, work, deliver, release
        self._clock = clock
        self._book = threading.Lock()  # held for moments
        self._hands = threading.Lock()  # held for as long as a file is worked
        self._bell = threading.Event()
        self._closed = False
        self._rings = 0
        self._held: dict[int, Claim] = {}
        self._owing = False
        self._undelivered = True  # the last run may have died between the record and the export
        self._moved_at_s = clock()
        self._unreported: deque[Worked] = deque(maxlen=UNREPORTED_MOST)

    def ring(self) -> None:
        """Say that files may be waiting."""
        with self._book:
            self._rings += 1
            if not (self._owing or self._undelivered):
                self._moved_at_s = self._clock()
            self._owing = True
        self._bell.set()

    def wait_for_ring(self, most_s: float) -> bool:
        """Wait until files may be waiting; False when nobody rang."""
        rang = self._bell.wait(most_s)
        self._bell.clear()
        return rang

    def take(self) -> int | None:
        """The next file to `read`: one that is held and not begun, or a new claim; None when none waits."""
        with self._book:
            rings = self._rings
            if self._held or self._closed:
                return next(iter(self._held), None)
        claim = self._claim()
        with self._book:
            if claim is not None:
                self._held[claim.file_id] = claim
                return claim.file_id
            if rings == self._rings and not self._held:
                self._owing = False
        return None

    def read(self, file_id: int) -> Worked | None:
        """Work a file that was taken; None when somebody else has worked it since."""
        with self._hands:
            with self._book:
                claim = self._held.pop(file_id, None)
            if claim is None:
                return None
            begun_s = self._clock()
            try:
                worked = Worked(file_id, self._work(claim), self._clock() - begun_s)
            finally:
                self._moved(undelivered=True)
            self._unreported.append(worked)
            return worked

    def deliver(self) -> None:
        """Export, if anything was recorded since the last time."""
        with self._hands:
            if self._undelivered:
                self._deliver()
                self._moved(undelivered=False)

    def drain(self) -> None:
        """Work all that waits, and export: the steady hand."""
        while (taken := self.take()) is not None:
            self.read(taken)
        self.deliver()

    def is_stalled(self, patience_s: float) -> bool:
        """Whether something is to be done and nobody has done anything for `patience_s`."""
        if self._hands.locked():
            return False
        with self._book:
            return (self._owing or self._undelivered) and self._clock() - self._moved_at_s > patience_s

    def close(self) -> None:
        """Give the file in hand a moment, and give back those that are held but not begun."""
        with self._book:
            self._closed = True
            held, self._held = self._held, {}
        finished = self._hands.acquire(timeout=LAST_FILE_S)
        for claim in held.values():
            self._release(claim)
        if finished:
            self._hands.release()

    def unreported(self) -> list[Worked]:
        """What was worked since the last `reported`, the latest UNREPORTED_MOST of it."""
        return list(self._unreported)

    def reported(self, worked: list[Worked]) -> None:
        """Prefect knows of these now."""
        for each in worked:
            if each in self._unreported:
                self._unreported.remove(each)

    def _moved(self, *, undelivered: bool) -> None:
        with self._book:
            self._undelivered = undelivered
            self._moved_at_s = self._clock()


@contextmanager
def open_desk(settings: Settings, store: Store, reader: FileReader, kind: str = OTHER) -> Iterator[Desk]:
    """A desk of this process at `store`; its claims are free again when the process is gone."""
    with working(store, kind) as worker:
        desk = Desk(
            claim=partial(claims.next_claim, store, worker, lease_s(settings.limits)),
            work=partial(process_file, store, reader, terms_of(settings)),
            deliver=partial(deliver, store, settings.exports),
            release=partial(claims.release, store),
        )
        try:
            yield desk
        finally:
            desk.close()
