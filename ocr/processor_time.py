"""Processor time: what a step costs one core, however busy the machine is with other things."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakSet

from schemas.time_spent import Spent, Stage, spending


class Lasting(Protocol):
    """A process that works for this one through many steps."""

    @property
    def pid(self) -> int | None:
        """None while there is none."""


_counted: WeakSet[Lasting] = WeakSet()


def count_in(process: Lasting) -> None:
    """From now on `processor_seconds` has what this process does, while it runs as after its end."""
    _counted.add(process)


def processor_seconds() -> float:
    """Seconds of this process, of the programs that it ran and awaited, and of those counted in, since it began."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    lasting = sum(_seconds_of(process.pid) for process in _counted)
    return time.process_time() + others.ru_utime + others.ru_stime + lasting


def _seconds_of(pid: int | None) -> float:
    """What a running process has taken: its clock has the number that clock_getcpuclockid(3) would tell."""
    try:
        return 0.0 if pid is None else time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0


@dataclass
class StageTimer:
    """Seconds of processor time by stage, added up; `spent` are those by the clock."""

    seconds: dict[Stage, float] = field(default_factory=dict)
    spent: dict[Stage, Spent] = field(default_factory=dict)

    @contextmanager
    def on(self, stage: Stage) -> Iterator[None]:
        """Count what is done inside to `stage`."""
        start = processor_seconds()
        try:
            with spending(self.spent, stage):
                yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + processor_seconds() - start
