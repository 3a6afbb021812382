"""Read what waits, beside the watchers and other readers: a process that takes no file in and serves nobody."""

from contextlib import closing
from functools import partial
from threading import Event

from flows import working
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.studios.in_turn import OpenReader, StudiosInTurn, open_studios
from refpad.settings import Settings
from store.database import Store
from store.followups.reader_facts import reader_facts
from store.workers.workers import READER

# Nobody wakes a reader: whoever took the file in may be on another machine.
LOOK_S = 1.0


def main() -> None:
    """Read until SIGTERM, with the readers that the settings ask for."""
    run(Settings(), lambda settings, store: open_child_reader(settings, partial(reader_facts, store)))


def run(settings: Settings, opening: OpenReader) -> None:
    """Read for all studios in their turn; for one alone where that was chosen."""
    if settings.shared_folder is None:
        read_for_all(settings, opening)
    else:
        working.run(settings, partial(opening, settings), READER, LOOK_S, wait_for_end)


def read_for_all(settings: Settings, opening: OpenReader) -> None:
    """Read until SIGTERM or SIGINT. As in `working.run`, the records are closed last."""
    stop = working.begin()
    with closing(StudiosInTurn(settings, READER, opening)) as studios:
        with open_studios(studios) as worker:
            worker_thread = working.work(settings, worker, LOOK_S, stop.wait, stop)
        worker_thread.join(working.REQUEUE_S)
    working.end_soon()


def wait_for_end(_store: Store, _worker: object, stop: Event) -> None:
    """A reader does nothing beside reading."""
    stop.wait()


if __name__ == "__main__":
    main()
