"""Watch the inbox, and have what arrives worked: shown by Prefect, and without it when it is away or slow.

Three threads. The main one watches the inbox (`refpad.services.intake.watcher`), takes in what is ready, and wakes the
worker. The worker's (`refpad.services.intake.worker`) claims one file after the other and offers each step to Prefect's
through a `Handover`. Prefect's (`show_in_prefect`) runs what it is offered in a flow; the worker runs a step that no
flow begins in time.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from threading import Event, Thread, Timer

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.intake import intake_flow
from flows.prefect_server import ASK_S
from flows.stale_runs import close_stale_runs
from refpad.ops.health import is_prefect_well
from refpad.services.attempt import attempt
from refpad.services.intake.handover import Handover
from refpad.services.intake.watcher import Watcher, watch
from refpad.services.intake.worker import IntakeWorker, open_worker
from refpad.services.reading.reader_port import FileReader
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.exit_codes import ExitCode
from store.database import Store
from store.intake.take_in import take_in
from store.workers import WATCHER

RETRY_S = 5.0
AWAY_LOOK_S = 1.0
LAST_FILE_S = 3.0  # at the end, for the file in hand; one that takes longer is read anew at the next start
GIVE_BACK_S = 1.0
LAST_WORDS_S = 2.0

log = logging.getLogger("refpad.watch")


def main() -> None:
    """Run until SIGTERM, with the reader that the settings ask for."""
    settings = Settings()
    run(settings, open_child_reader(settings))


def run(settings: Settings, opening: AbstractContextManager[FileReader]) -> None:
    """Watch and work until SIGTERM; then finish the file in hand, export what is owed, and leave.

    The record is closed last: of a file that the end of the reader cut off, the worker still gives back the claim.
    """
    os.umask(0o077)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every question to Prefect, once a second
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(open_record(settings)) as store:
        with opening as reader, open_worker(settings, store, reader, WATCHER) as worker:
            working = watch_inbox(settings, store, worker, stop)
        working.join(GIVE_BACK_S)
    leave = Timer(LAST_WORDS_S, os._exit, args=(ExitCode.DONE,))
    leave.daemon = True
    leave.start()  # without its server, Prefect's own farewell takes minutes


def watch_inbox(settings: Settings, store: Store, worker: IntakeWorker, stop: Event) -> Thread:
    """Take in what comes to rest in the inbox and have it worked, until `stop`; the thread that works."""
    handover = Handover()
    working = Thread(target=worker.run, args=(handover, settings.sweep_seconds, stop), daemon=True, name="worker")
    showing = Thread(target=show_in_prefect, args=(settings, handover, stop), daemon=True, name="prefect")
    working.start()
    showing.start()

    def take(paths: list[Path]) -> None:
        for path in paths:
            if problem := attempt(partial(take_in, store, path, settings.limits)):
                log.error("A file stays in the inbox: %s", problem)  # and never blinds the watcher
            worker.wake()

    watcher = Watcher(settings.inbox, settings.limits, settings.quiet_seconds, settings.patience_seconds)
    watch(watcher, settings.inbox, settings.sweep_seconds, take, stop)
    handover.close()
    worker.wake()
    working.join(LAST_FILE_S)
    return working


def show_in_prefect(settings: Settings, handover: Handover, stop: Event) -> None:
    """Have flow runs show the worker's steps, until `stop`; whatever happens to Prefect only closes the handover.

    Without heartbeats: their thread adds a second to the end of each flow, and runs that a crash left
    behind are closed here at the next start.
    """
    intake = intake_flow(settings, handover)
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        while not stop.is_set():
            if problem := attempt(partial(show_next, settings, handover, intake)):
                handover.close()
                log.warning("A batch failed in Prefect; intake goes on without it: %s", problem)
                stop.wait(RETRY_S)
            elif not handover.is_open:
                stop.wait(AWAY_LOOK_S)


def show_next(settings: Settings, handover: Handover, intake: Callable[[], None]) -> None:
    """Open the handover when Prefect is well again, and run one flow when there is something to run or to show."""
    if not handover.is_open and is_prefect_well(settings, ASK_S):
        close_stale_runs(settings)
        handover.open()
    if handover.is_open and handover.wait_for_news(settings.sweep_seconds):
        intake()


if __name__ == "__main__":
    main()
