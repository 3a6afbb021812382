"""Watch the inbox and process what arrives: in runs of Prefect, and without it when it is away or slow.

The main thread watches the inbox (`refpad.services.intake.watcher`), takes in what is ready, and wakes the worker; one
more is for the mailbox where one is set (`refpad.services.mailbox.fetch`), and one for webhooks
(`refpad.services.webhooks.deliver`). `flows.working` has the other threads.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Event, Thread

from flows import working
from refpad.services.attempt import attempt
from refpad.services.intake.watcher import open_watcher, watch
from refpad.services.intake.worker import IntakeWorker, export_until
from refpad.services.mailbox.fetch import fetch_until
from refpad.services.reading.reader_port import FileReader
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.studios.readers_copy import share_until
from refpad.services.webhooks.deliver import deliver_until
from refpad.settings import Settings
from store.database import Store
from store.followups.reader_facts import reader_facts
from store.intake.taking_in.take_in import take_in
from store.workers.workers import WATCHER

log = logging.getLogger("refpad.watch")


def main() -> None:
    """Run until SIGTERM, with the reader that the settings ask for."""
    settings = Settings()
    run(settings, lambda store: open_child_reader(settings, partial(reader_facts, store)))


def run(settings: Settings, opening: Callable[[Store], AbstractContextManager[FileReader]]) -> None:
    """Watch and work until SIGTERM."""
    working.run(settings, opening, WATCHER, settings.sweep_seconds, partial(watch_inbox, settings))


def watch_inbox(settings: Settings, store: Store, worker: IntakeWorker, stop: Event) -> None:
    """Take in files of the inbox, and of the mailbox, and have the worker process them, until `stop`."""
    if settings.mailbox.host is not None:
        fetching = (store, settings, worker.wake, stop)
        Thread(target=fetch_until, args=fetching, daemon=True, name="mailbox").start()
    Thread(target=deliver_until, args=(store, settings, stop), daemon=True, name="webhooks").start()

    if settings.files is not None:
        Thread(target=export_until, args=(settings, store, stop), daemon=True, name="export").start()
        Thread(target=share_until, args=(settings, stop), daemon=True, name="share").start()
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


if __name__ == "__main__":
    main()
