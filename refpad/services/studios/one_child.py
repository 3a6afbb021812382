"""Readers of files for several studios, of which one at a time has a process: nobody's names are in another's."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

from refpad.services.reading.reader_port import FileReader, PageOutcome
from schemas.errors import MachineError
from schemas.pad_id import PadId

CLOSE_MOST_S = 1.0  # one that is just starting ends with this process

Opening = Callable[[], AbstractContextManager[FileReader]]


class OneChild:
    """Holds at most one open reader. `reader` gives each studio its own, which is opened when it first reads.

    Opening one closes the other, whose process ends with all that it knew. One thread reads; any may `close`.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._holder: Opening | None = None
        self._reader: FileReader | None = None
        self._held = ExitStack()
        self._closed = False

    def reader(self, opening: Opening) -> FileReader:
        """The reader that `opening` opens; two are the same when their `opening` is."""
        return _InTurn(self, opening)

    def open(self, opening: Opening) -> FileReader:
        """That reader, open; raises MachineError when it cannot be opened, or when the program stops."""
        with self._lock:
            if self._closed:
                raise MachineError("The program stops; the file is read anew at its next start.")
            if self._reader is None or self._holder is not opening:
                self._end()
                self._reader = self._held.enter_context(opening())
                self._holder = opening
            return self._reader

    def forget(self, opening: Opening) -> None:
        """End the process of this reader, if it is the one that is open."""
        with self._lock:
            if self._holder is opening:
                self._end()

    def close(self) -> None:
        """End the process that is open, also while it reads: the program stops."""
        self._closed = True
        if self._lock.acquire(timeout=CLOSE_MOST_S):
            self._end()
            self._lock.release()

    def _end(self) -> None:
        self._holder = self._reader = None
        self._held.close()


@dataclass(frozen=True)
class _InTurn:
    """See FileReader."""

    child: OneChild
    opening: Opening

    def read(self, path: Path, received_on: date) -> Sequence[PageOutcome]:
        return self.child.open(self.opening).read(path, received_on)

    def read_as(self, path: Path, received_on: date, pad: PadId) -> Sequence[PageOutcome]:
        return self.child.open(self.opening).read_as(path, received_on, pad)
