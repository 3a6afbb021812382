"""How Prefect comes to run the worker's steps, and how the worker goes on when it does not.

Two threads meet here. The worker's calls `batch` and `run`: it offers one step at a time, and takes back what
nobody has begun in time. The monitor's (`flows.watch`) calls all else: it opens a run, begins in it what is offered,
and is told afterwards what it did not see.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from threading import Condition, Event, Lock

from refpad.services.intake.process_file import Outcome

BEGIN_MOST_S = 1.5  # a flow begins its first scan 0.1 s after the offer, 0.4 s the first time (measured, 2 cores)
UNTOLD_MOST = 1000  # an outage of Prefect must not fill the memory; the record has them all anyway


@dataclass(frozen=True)
class Worked:
    """What came of one file, and how long reading and recording it took."""

    file_id: int
    outcome: Outcome
    seconds: float


@dataclass(frozen=True)
class Untold:
    """A file that the monitor has not reported yet; `shown` when one of its runs worked it."""

    worked: Worked
    shown: bool


class Step:
    """Something to be done once, by the thread that begins it first. `file_id` is None for the export."""

    def __init__(self, file_id: int | None, action: Callable[[], Worked | None]) -> None:
        self.file_id = file_id
        self.worked: Worked | None = None
        self.failure: Exception | None = None
        self._action = action
        self._begun = Lock()
        self._ended = Event()

    def begin(self) -> bool:
        """Whether the caller is the one who must now `run` it."""
        return self._begun.acquire(blocking=False)

    def run(self) -> None:
        """Do it, unless it is done, and keep what came of it, or what it raised."""
        if self._ended.is_set():
            return
        try:
            self.worked = self._action()
        except Exception as error:  # noqa: BLE001 - for both threads to see; each passes it through `attempt`
            self.failure = error
        finally:
            self._ended.set()

    def result(self) -> Worked | None:
        """What came of it, once it is done; raises what it raised."""
        if self.failure is not None:
            raise self.failure
        return self.worked

    def wait(self, most_s: float | None = None) -> None:
        """Wait until it is done, or `most_s`."""
        self._ended.wait(most_s)


class Handover:
    """Offers the worker's steps to a monitor that is ready, and keeps what the monitor was not told yet."""

    def __init__(self, begin_most_s: float = BEGIN_MOST_S) -> None:
        self._begin_most_s = begin_most_s
        self._news = Condition()
        self._is_ready = False
        self._is_busy = False
        self._offered: Step | None = None
        self._untold: deque[Untold] = deque(maxlen=UNTOLD_MOST)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """The worker's round of steps; a run that shows it goes on until it ends."""
        self._change(is_busy=True)
        try:
            yield
        finally:
            self._change(is_busy=False)

    def run(self, step: Step) -> None:
        """Have the monitor run the step, or do it here when no monitor begins it in time."""
        if self._offer(step):
            step.wait(self._begin_most_s)
        is_ours = step.begin()
        if is_ours:
            self.close()
            step.run()
        step.wait()
        if step.worked is not None:
            with self._news:
                self._untold.append(Untold(step.worked, shown=not is_ours))

    @property
    def is_open(self) -> bool:
        """Whether steps are offered."""
        return self._is_ready

    def open(self) -> None:
        """The monitor is well: offer it the steps from now on."""
        self._change(is_ready=True)

    def close(self) -> None:
        """The monitor is away or slow: offer it nothing until it is opened again."""
        with self._news:
            self._is_ready, self._offered = False, None

    def wait_for_news(self, most_s: float) -> bool:
        """Wait until a step is offered or something is untold; False when there was neither."""
        with self._news:
            return bool(self._news.wait_for(lambda: self._offered is not None or self._untold, most_s))

    def steps(self) -> Iterator[Step]:
        """What is offered from now until the worker's round ends; each is begun, and must be run."""
        self.open()
        while (step := self._next()) is not None:
            if step.begin():
                yield step

    def untold(self, most: int) -> list[Untold]:
        """The first of what was worked and not told, in the order of the work."""
        with self._news:
            return list(islice(self._untold, most))

    def told(self, untold: Iterable[Untold]) -> None:
        """The monitor knows of these now."""
        with self._news:
            for entry in untold:
                with suppress(ValueError):  # pushed out by later ones meanwhile
                    self._untold.remove(entry)

    def _offer(self, step: Step) -> bool:
        with self._news:
            if self._is_ready:
                self._offered = step
                self._news.notify_all()
            return self._is_ready

    def _next(self) -> Step | None:
        with self._news:
            self._news.wait_for(lambda: self._offered is not None or not self._is_busy)
            step, self._offered = self._offered, None
            return step

    def _change(self, *, is_busy: bool | None = None, is_ready: bool | None = None) -> None:
        with self._news:
            self._is_busy = self._is_busy if is_busy is None else is_busy
            self._is_ready = self._is_ready if is_ready is None else is_ready
            self._news.notify_all()
