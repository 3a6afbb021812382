"""Read what waits, beside the watcher and other readers: a process that takes no file in and serves nobody."""

from functools import partial

from flows import working
from refpad.services.reading.reader_process import open_child_reader
from refpad.settings import Settings
from store.followups.reader_facts import reader_facts
from store.workers import READER

# Nobody wakes a reader: whoever took the file in may be on another machine.
LOOK_S = 1.0


def main() -> None:
    """Read until SIGTERM, with the reader that the settings ask for."""
    settings = Settings()
    working.run(
        settings,
        lambda store: open_child_reader(settings, partial(reader_facts, store)),
        READER,
        LOOK_S,
        lambda _store, _worker, stop: stop.wait(),
    )


if __name__ == "__main__":
    main()
