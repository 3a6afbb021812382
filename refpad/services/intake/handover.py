"""How Prefect comes to run the worker's steps, and how the worker goes on when it does not.

Two threads use a `Handover`. The worker's calls `batch` and `run`: it offers one step at a time, and runs itself what
the monitor has not begun in time. The monitor's (`flows.working`) calls all else: it runs in a flow what is offered,
and reports afterwards what the worker ran itself.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from threading import Condition, Event, Lock

from refpad.services.intake.process_file import FileOutcome
from schemas.front_desk import FrontDeskSettings

BEGIN_MOST_S = 1.5  # a flow begins its first scan 0.1 s after the offer, 0.4 s the first time (measured, 2 cores)
UNREPORTED_MOST = 1000  # bounds the memory in an outage of Prefect; the record has them all


@dataclass(frozen=True)
class Processed:
    """What came of one file, and how long reading and recording it took.

    `desk` is its studio's front desk, where one process works for several.
    """

    file_id: int
    outcome: FileOutcome
    seconds: float
    desk: FrontDeskSettings | None = None


@dataclass(frozen=True)
class Unreported:
    """A file that the monitor has not reported yet; `shown` when it was processed in a task run."""

    processed: Processed
    shown: bool


class Step:
    """An action that runs once, in the thread that begins it first. `file_id` is None for the export."""

    def __init__(self, file_id: int | None, action: Callable[[], Processed | None]) -> None:
        self.file_id = file_id
        self.processed: Processed | None = None
        self.failure: Exception | None = None
        self._action = action
        self._begun = Lock()
        self._ended = Event()

    def begin(self) -> bool:
        """Begin it, unless another thread has; True when the caller must now `run` it."""
        return self._begun.acquire(blocking=False)

    def run(self) -> None:
        """Run the action, unless it was run, and keep its result or exception."""
        if self._ended.is_set():
            return
        try:
            self.processed = self._action()
        except Exception as error:  # noqa: BLE001 - both threads look at it, each through `attempt`
            self.failure = error
        finally:
            self._ended.set()

    def result(self) -> Processed | None:
        """The action's result, once it was run; raises what it raised."""
        if self.failure is not None:
            raise self.failure
        return self.processed

    def wait(self, most_s: float | None = None) -> None:
        """Wait until it was run, at most `most_s`."""
        self._ended.wait(most_s)


class Handover:
    """Offers the worker's steps to a monitor that is ready, and keeps what the monitor has not reported yet."""

    def __init__(self, begin_most_s: float = BEGIN_MOST_S) -> None:
        self._begin_most_s = begin_most_s
        self._changed = Condition()
        self._is_ready = False
        self._is_busy = False
        self._offered: Step | None = None
        self._unreported: deque[Unreported] = deque(maxlen=UNREPORTED_MOST)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Within it, the worker offers steps; a flow that runs them goes on until the end of the batch."""
        self._set(is_busy=True)
        try:
            yield
        finally:
            self._set(is_busy=False)

    def run(self, step: Step) -> None:
        """Have the monitor run the step, or run it here when the monitor does not begin it in time."""
        if self._offer(step):
            step.wait(self._begin_most_s)
        is_ours = step.begin()
        if is_ours:
            self.close()
            step.run()
        step.wait()
        if step.processed is not None:
            with self._changed:
                self._unreported.append(Unreported(step.processed, shown=not is_ours))

    @property
    def is_open(self) -> bool:
        """Whether steps are offered."""
        return self._is_ready

    def open(self) -> None:
        """Offer steps from now on: the monitor answers."""
        self._set(is_ready=True)

    def close(self) -> None:
        """Offer nothing until it is opened again: the monitor is away or slow."""
        with self._changed:
            self._is_ready, self._offered = False, None

    def wait_for_work(self, most_s: float) -> bool:
        """Wait until a step is offered or a file is to be reported; False when there was neither."""
        with self._changed:
            return bool(self._changed.wait_for(lambda: self._offered is not None or self._unreported, most_s))

    def steps(self) -> Iterator[Step]:
        """The steps offered from now until the end of the batch; each is begun, and the caller must run it."""
        self.open()
        while (step := self._next()) is not None:
            if step.begin():
                yield step

    def unreported(self, most: int) -> list[Unreported]:
        """The first `most` files that were processed and not reported, in their order."""
        with self._changed:
            return list(islice(self._unreported, most))

    def mark_reported(self, unreported: Iterable[Unreported]) -> None:
        """Forget these: the monitor has reported them."""
        with self._changed:
            for entry in unreported:
                with suppress(ValueError):  # pushed out by later ones meanwhile
                    self._unreported.remove(entry)

    def _offer(self, step: Step) -> bool:
        with self._changed:
            if self._is_ready:
                self._offered = step
                self._changed.notify_all()
            return self._is_ready

    def _next(self) -> Step | None:
        with self._changed:
            self._changed.wait_for(lambda: self._offered is not None or not self._is_busy)
            step, self._offered = self._offered, None
            return step

    def _set(self, *, is_busy: bool | None = None, is_ready: bool | None = None) -> None:
        with self._changed:
            self._is_busy = self._is_busy if is_busy is None else is_busy
            self._is_ready = self._is_ready if is_ready is None else is_ready
            self._changed.notify_all()
