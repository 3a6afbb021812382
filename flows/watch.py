"""Watch the inbox and process what arrives: in runs of Prefect, and without it when it is away or slow.

Three threads, and a fourth for the mailbox where one is set (`refpad.services.mailbox.fetch`). The main one watches the
inbox (`refpad.services.intake.watcher`), takes in what is ready, and wakes the worker. The worker's
(`refpad.services.intake.worker`) claims one file after the other and offers each step to Prefect's through a
`Handover`. Prefect's (`show_in_prefect`) runs what it is offered in a flow; the worker runs a step that no flow begins
in time.
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
from flows.prefect_server import ASK_S, shorten_tracebacks
from flows.stale_runs import close_stale_runs
from refpad.ops.health import does_prefect_answer
from refpad.services.attempt import attempt
from refpad.services.intake.handover import Handover
from refpad.services.intake.watcher import open_watcher, watch
from refpad.services.intake.worker import IntakeWorker, open_worker
from refpad.services.mailbox.fetch import fetch_until
from refpad.services.reading.reader_port import FileReader
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.exit_codes import ExitCode
from store.database import Store
from store.followups.reader_facts import reader_facts
from store.intake.take_in import take_in
from store.workers import WATCHER

RETRY_S = 5.0
AWAY_LOOK_S = 1.0
LAST_FILE_S = 3.0  # at the end, for the file that is being read; one that takes longer is read at the next start
REQUEUE_S = 1.0
EXIT_MOST_S = 2.0

log = logging.getLogger("refpad.watch")


def main() -> None:
    """Run until SIGTERM, with the reader that the settings ask for."""
    settings = Settings()
    run(settings, lambda store: open_child_reader(settings, partial(reader_facts, store)))


def run(settings: Settings, opening: Callable[[Store], AbstractContextManager[FileReader]]) -> None:
    """Watch and work until SIGTERM; then finish the file that is being read, export, and end.

    The record is closed last: the worker still requeues a file whose reading the end of the reader has cut off.
    """
    os.umask(0o077)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    shorten_tracebacks()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every request to Prefect, one a second
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(open_record(settings)) as store:
        with opening(store) as reader, open_worker(settings, store, reader, WATCHER) as worker:
            worker_thread = watch_inbox(settings, store, worker, stop)
        worker_thread.join(REQUEUE_S)
    end = Timer(EXIT_MOST_S, os._exit, args=(ExitCode.DONE,))
    end.daemon = True
    end.start()  # while its server is away, Prefect's own exit takes minutes


def watch_inbox(settings: Settings, store: Store, worker: IntakeWorker, stop: Event) -> Thread:
    """Take in files of the inbox and have the worker process them, until `stop`; the worker's thread."""
    handover = Handover()
    worker_thread = Thread(target=worker.run, args=(handover, settings.sweep_seconds, stop), daemon=True, name="worker")
    prefect_thread = Thread(target=show_in_prefect, args=(settings, handover, stop), daemon=True, name="prefect")
    worker_thread.start()
    prefect_thread.start()

    if settings.mailbox.host is not None:
        fetching = (store, settings, worker.wake, stop)
        Thread(target=fetch_until, args=fetching, daemon=True, name="mailbox").start()

    watcher = open_watcher(settings)

    def take_one(path: Path) -> None:
        taken = take_in(store, path, settings.limits, keep_s=settings.keep_seconds)
        if taken.kept_until is not None:
            watcher.put_off(path, (taken.kept_until - store.clock.now()).total_seconds())

    def take(paths: list[Path]) -> None:
        for path in paths:
            if problem := attempt(partial(take_one, path)):
                log.error("A file stays in the inbox: %s", problem)  # the watcher goes on with the others
            worker.wake()

    watch(watcher, settings.sweep_seconds, take, stop)
    handover.close()
    worker.wake()
    worker_thread.join(LAST_FILE_S)
    return worker_thread


def show_in_prefect(settings: Settings, handover: Handover, stop: Event) -> None:
    """Have flow runs show the worker's steps, until `stop`; a failure of Prefect only closes the handover.

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
    """Open the handover when Prefect answers again, and run one flow when there is something to run or to show."""
    if not handover.is_open and does_prefect_answer(settings, ASK_S):
        close_stale_runs(settings)
        handover.open()
    if handover.is_open and handover.wait_for_work(settings.sweep_seconds):
        intake()


if __name__ == "__main__":
    main()
