"""The intake worker: one loop that claims a waiting file, processes it, and claims the next; then exports.

`flows.working` runs its loop in a thread of its own, woken by `flows.watch` when files were taken in, each step through
a `Handover`, so that Prefect can show it. `flows.intake`, started on request, goes through `steps` itself.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from threading import Event

from refpad.services.attempt import attempt
from refpad.services.debounced_job import DebouncedJob
from refpad.services.exports import export_referrals
from refpad.services.intake.handover import Handover, Processed, Step
from refpad.services.intake.process_file import FileOutcome, claim_s, process_file
from refpad.services.reading.reader_port import FileReader
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.front_desk import FrontDeskSettings
from store.database import Store
from store.intake import claims
from store.intake.claims import Claim
from store.workers.reading_times import KeepTimes, keep_times
from store.workers.workers import OTHER, READER, register_worker

RETRY_S = 5.0
EXPORT_PAUSE_S = 0.1  # scans of one sheet, dropped together, are one export

log = logging.getLogger(__name__)


class IntakeWorker:
    """Claims with `claim`, reads and records with `process`, exports with `export`; used by one thread, but for `wake`.

    Without `export` another process exports what this one records. A file is claimed here and nowhere else, and only
    when the one before it is done. Where it works for several studios, `desk` is the front desk of the one whose file
    is in work.
    """

    def __init__(
        self,
        claim: Callable[[], Claim | None],
        process: Callable[[Claim], FileOutcome],
        export: Callable[[], object] | None,
        clock: Callable[[], float] = time.monotonic,
        desk: Callable[[], FrontDeskSettings | None] = lambda: None,
    ) -> None:
        self._claim, self._process, self._export = claim, process, export
        self._clock, self._desk = clock, desk
        self._woken = Event()
        self._export_due = export is not None  # the last process may have ended between the record and the export

    def wake(self) -> None:
        """Say that files may be waiting, or that it is time to stop."""
        self._woken.set()

    def run(self, handover: Handover, sweep_s: float, stop: Event) -> None:
        """Process whatever waits, each time it is woken and every `sweep_s` seconds, until `stop`.

        The sweep finds files of a worker that ended, and those that another process took in: nothing wakes this one.
        """
        while not stop.is_set():
            problem = attempt(partial(self._run_steps, handover, stop))
            if problem and not stop.is_set():
                log.error("%s Trying again in %.0f s.", problem, RETRY_S)
                stop.wait(RETRY_S)
            elif self._woken.wait(sweep_s):
                self._woken.clear()

    def steps(self, stop: Event | None = None) -> Iterator[Step]:
        """Each waiting file, then the export if anything was recorded; ask for the next when the one before was run.

        A file that failed with the machine ends the files: they wait on.
        """
        failed = False
        while not failed and not (stop and stop.is_set()) and (claim := self._claim()) is not None:
            step = Step(claim.file_id, partial(self._process_timed, claim))
            yield step
            failed = step.failure is not None
        if self._export_due:
            yield Step(None, self._write_exports)

    def _run_steps(self, handover: Handover, stop: Event) -> None:
        """Run all steps; then raise what the last one that failed raised."""
        failure = None
        with handover.batch():
            for step in self.steps(stop):
                handover.run(step)
                failure = step.failure or failure
        if failure is not None:
            raise failure

    def _process_timed(self, claim: Claim) -> Processed:
        begun_s, desk = self._clock(), self._desk()
        self._export_due = self._export is not None
        return Processed(claim.file_id, self._process(claim), self._clock() - begun_s, desk)

    def _write_exports(self) -> None:
        if self._export is not None:
            self._export()
        self._export_due = False


@contextmanager
def open_worker(settings: Settings, store: Store, reader: FileReader, kind: str = OTHER) -> Iterator[IntakeWorker]:
    """The worker of this process at `store`; its claims are free again when the process is gone.

    The export is made in a thread of its own, so that the next file need not wait for it. A reader that shares no
    folder with the others leaves it to them: names of patients do not belong on its disk.
    """
    export = DebouncedJob("The export", partial(export_referrals, store, settings.exports), EXPORT_PAUSE_S)
    with register_worker(store, kind) as worker, closing(export), keep_times(store) as keep:
        yield IntakeWorker(
            claim=partial(claims.next_claim, store, worker, claim_s(settings.limits)),
            process=partial(process_timed, keep, partial(process_file, store, reader, rules_of(settings))),
            export=None if settings.files is not None and kind == READER else export.request,
        )


def process_timed(keep: KeepTimes, process: Callable[[Claim], FileOutcome], claim: Claim) -> FileOutcome:
    """Process a claimed file, and keep where its time went."""
    outcome = process(claim)
    keep(outcome.spent)
    return outcome


def export_until(settings: Settings, store: Store, stop: Event) -> None:
    """Bring the CSV up to date with what readers of other machines recorded, who export nothing, until `stop`."""
    while not stop.wait(settings.sweep_seconds):
        if problem := attempt(partial(export_referrals, store, settings.exports)):
            log.error("The export was not made: %s", problem)
