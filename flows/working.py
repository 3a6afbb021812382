"""A process that reads: its worker in a thread, each step shown by Prefect while that answers.

Three threads. The main one does what its kind of worker does besides reading (`attend`): the watcher (`flows.watch`)
watches the inbox, a further reader (`flows.read`) only waits for its end. The worker's
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
from threading import Event, Thread, Timer

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.intake import intake_flow
from flows.prefect_server import ASK_S, shorten_tracebacks
from flows.stale_runs import close_stale_runs
from refpad.ops.health import does_prefect_answer
from refpad.services.attempt import attempt
from refpad.services.intake.handover import Handover
from refpad.services.intake.worker import IntakeWorker, open_worker
from refpad.services.reading.reader_port import FileReader
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.exit_codes import ExitCode
from store.database import Store

RETRY_S = 5.0
AWAY_LOOK_S = 1.0
LAST_FILE_S = 3.0  # at the end, for the file that is being read; one that takes longer is read at the next start
REQUEUE_S = 1.0
EXIT_MOST_S = 2.0

log = logging.getLogger("refpad.work")

Opening = Callable[[Store], AbstractContextManager[FileReader]]
Attend = Callable[[Store, IntakeWorker, Event], object]


def run(settings: Settings, opening: Opening, kind: str, look_s: float, attend: Attend) -> None:
    """Work and `attend` until SIGTERM or SIGINT; then finish the file that is being read, export, and end.

    The worker looks for files every `look_s` seconds when nobody wakes it. The record is closed last: the worker still
    requeues a file whose reading the end of the reader has cut off.
    """
    stop = begin()
    with closing(open_record(settings)) as store:
        with opening(store) as reader, open_worker(settings, store, reader, kind) as worker:
            worker_thread = work(settings, worker, look_s, partial(attend, store, worker, stop), stop)
        worker_thread.join(REQUEUE_S)
    end_soon()


def begin() -> Event:
    """What each process that reads does first; the event that SIGTERM or SIGINT sets."""
    os.umask(0o077)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    shorten_tracebacks()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every request to Prefect, one a second
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def end_soon() -> None:
    """End this process in a moment, whatever still holds it."""
    end = Timer(EXIT_MOST_S, os._exit, args=(ExitCode.DONE,))
    end.daemon = True
    end.start()  # while its server is away, Prefect's own exit takes minutes
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # Python's end takes its handlers away: one more would kill it


def work(settings: Settings, worker: IntakeWorker, look_s: float, attend: Callable[[], object], stop: Event) -> Thread:
    """Have the worker process what waits while this thread attends, until `stop`; the worker's thread."""
    handover = Handover()
    worker_thread = Thread(target=worker.run, args=(handover, look_s, stop), daemon=True, name="worker")
    prefect_thread = Thread(target=show_in_prefect, args=(settings, handover, stop), daemon=True, name="prefect")
    worker_thread.start()
    prefect_thread.start()
    attend()
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
