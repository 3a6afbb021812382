"""Watch the inbox, and have what arrives worked: by a flow, and without one when Prefect is away or slow."""

import logging
import os
import signal
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event, Thread, Timer

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.intake import intake
from flows.prefect_server import ASK_S
from flows.stale_runs import close_stale_runs
from flows.worker import seat
from refpad.ops.health import is_prefect_well
from refpad.services.attempt import attempt
from refpad.services.intake.watcher import Watcher, watch
from refpad.services.intake.worker import Desk, open_desk
from refpad.services.reading.reader_port import FileReader
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.exit_codes import ExitCode
from store.database import Store
from store.intake.take_in import take_in
from store.workers import WATCHER

PATIENCE_S = 1.5  # a flow begins its first scan 0.1 s after the ring, 0.4 s the first time (measured, 2 cores)
RETRY_S = 5.0
AWAY_LOOK_S = 1.0
TICK_S = 0.1
LAST_WORDS_S = 2.0

log = logging.getLogger("refpad.watch")


def main() -> None:
    """Run until SIGTERM, with the reader that the settings ask for."""
    settings = Settings()
    with open_child_reader(settings) as reader:
        run(settings, reader)


def run(settings: Settings, reader: FileReader) -> None:
    """Watch and work until SIGTERM; then export what is owed, and leave."""
    os.umask(0o077)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every question to Prefect, once a second
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(open_record(settings)) as store, open_desk(settings, store, reader, WATCHER) as desk:
        seat(desk)
        watch_inbox(settings, store, desk, stop)
        if problem := attempt(desk.deliver):
            log.error("%s", problem)
    leave = Timer(LAST_WORDS_S, os._exit, args=(ExitCode.DONE,))
    leave.daemon = True
    leave.start()  # without its server, Prefect's own farewell takes minutes


def watch_inbox(settings: Settings, store: Store, desk: Desk, stop: Event) -> None:
    """Take in what comes to rest in the inbox and have it worked, until `stop`."""
    prefect_away = Event()
    prefect_away.set()
    hands = [
        Thread(target=lend_prefects_hand, args=(settings, desk, prefect_away, stop), daemon=True, name="prefect"),
        Thread(target=lend_steady_hand, args=(desk, prefect_away, stop), daemon=True, name="steady"),
    ]
    for hand in hands:
        hand.start()

    def take(paths: list[Path]) -> None:
        for path in paths:
            if problem := attempt(partial(take_in, store, path, settings.limits)):
                log.error("A file stays in the inbox: %s", problem)  # and never blinds the watcher
            desk.ring()

    watcher = Watcher(settings.inbox, settings.limits, settings.quiet_seconds, settings.patience_seconds)
    desk.ring()  # for what waits since the last run
    watch(watcher, settings.inbox, settings.sweep_seconds, take, stop)
    desk.ring()


def lend_prefects_hand(settings: Settings, desk: Desk, away: Event, stop: Event) -> None:
    """Have each ring answered by a flow, until `stop`; whatever happens to Prefect only sets `away`.

    Without heartbeats: their thread adds a second to the end of each flow, and runs that a crash left
    behind are closed here at the next start.
    """
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        while not stop.is_set():
            if problem := attempt(partial(run_batch, settings, desk, away, stop)):
                away.set()
                log.warning("Prefect's hand failed, the steady hand goes on: %s", problem)
                stop.wait(RETRY_S)


def run_batch(settings: Settings, desk: Desk, away: Event, stop: Event) -> None:
    """Wait for a ring, then run one flow if there is work, or work done while Prefect was `away` to report."""
    if not desk.wait_for_ring(AWAY_LOOK_S if away.is_set() else settings.sweep_seconds):
        desk.ring()  # nobody rings when the worker of another machine dies
    if stop.is_set():
        return
    if away.is_set():
        if not is_prefect_well(settings, ASK_S):
            return
        close_stale_runs()
    if desk.take() is not None or desk.unreported():
        intake()
    away.clear()


def lend_steady_hand(desk: Desk, away: Event, stop: Event) -> None:
    """Work whatever waits longer than Prefect may take, at once when it is `away`."""
    while not stop.wait(TICK_S):
        if not desk.is_stalled(0.0 if away.is_set() else PATIENCE_S):
            continue
        if problem := attempt(desk.drain):
            log.error("%s Trying again in %.0f s.", problem, RETRY_S)
            stop.wait(RETRY_S)


if __name__ == "__main__":
    main()
