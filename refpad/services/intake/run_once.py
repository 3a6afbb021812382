"""Scans from files or the inbox to the record, in this process and without Prefect."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from refpad.services.intake.process_file import FileOutcome, process_next
from refpad.services.intake.watcher import open_watcher, prepare_inbox, unfinished
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import rules_of
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.reasons import SetAsideReason
from store.database import Store
from store.followups.reader_facts import reader_facts
from store.intake.taking_in.take_in import TakenIn, take_in
from store.workers.reading_times import keep_times
from store.workers.workers import register_worker

Left = list[tuple[Path, str]]  # what was not taken in, and why
UNFINISHED = "It is not whole, or may not be read: it is taken in once it can be; named on the command line, as it is."


def take_in_files(store: Store, settings: Settings, files: Sequence[Path]) -> Left:
    """Take in somebody's own files, which stay where they are."""
    missing = [path for path in files if not path.exists()]
    if missing:
        raise UsageError(f"{len(missing)} of {len(files)} files are not there: check the paths.")
    return _left({path: take_in(store, path, settings.limits, leave=True) for path in files})


def take_in_inbox(store: Store, settings: Settings) -> Left:
    """Take in what is whole and unchanged between two looks a quiet time apart; what is left, and why.

    It leaves the inbox at once: nobody looks at it again in some minutes.
    """
    prepare_inbox(settings.inbox, settings.store_folder / "inbox-made")
    watcher = open_watcher(settings)
    ready = watcher.ready()
    time.sleep(settings.quiet_seconds)
    left = _left({path: take_in(store, path, settings.limits) for path in (*ready, *watcher.ready())})
    return [*left, *((path, UNFINISHED) for path in unfinished(store, settings))]


def drain(store: Store, settings: Settings) -> Iterator[FileOutcome]:
    """Read and record whatever waits, one file after the other, as they end."""
    rules = rules_of(settings)
    with (
        register_worker(store) as worker,
        open_child_reader(settings, partial(reader_facts, store)) as reader,
        keep_times(store) as keep,
    ):
        while (outcome := process_next(store, reader, rules, worker, settings.limits)) is not None:
            keep(outcome.spent)
            yield outcome


def _left(taken: dict[Path, TakenIn]) -> Left:
    """What is refused, now or before, or still held by its writer; of temporary files nothing is said."""
    return [
        (path, result.message)
        for path, result in taken.items()
        if result.message and result.reason is not SetAsideReason.TEMPORARY
    ]
