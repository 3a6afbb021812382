"""The child processes that one test is about: other tests of the same run keep servers of their own."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

import psutil


class Offspring:
    """The children of this process, and theirs, that were started after this was made."""

    def __init__(self) -> None:
        self._others = {process.pid for process in _below(os.getpid())}

    def __call__(self) -> list[psutil.Process]:
        """In the order of their numbers: oldest first, as a rule."""
        return sorted(
            (process for process in _below(os.getpid()) if process.pid not in self._others),
            key=lambda process: process.pid,
        )

    def kill(self) -> None:
        """All of them."""
        kill_all(self())


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """Kill each; one that ended by itself while the others were killed is as dead."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _below(parent: int) -> Iterator[psutil.Process]:
    """All that descend from a process.

    Not psutil's own `children`: it leaves out a child that seems older than its parent, as one does when the machine's
    clock is set back between the two.
    """
    born = defaultdict(list)
    for process in psutil.process_iter(["ppid"]):
        born[process.info["ppid"]].append(process)
    waiting = [parent]
    while waiting:
        for process in born[waiting.pop()]:
            waiting.append(process.pid)
            yield process
