"""Processor time: what a step costs one core, however busy the machine is with other things."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from schemas.time_spent import Spent, Stage, spending


def processor_seconds() -> float:
    """Seconds of this process, and of the programs that it ran and awaited (Tesseract), since it began."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime


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
