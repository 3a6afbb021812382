"""Read what waits: one flow run a batch, one task run a scan, and nothing but numbers in either.

The record is our own database; Prefect shows the work and may vanish at any moment. `flows.watch` runs a flow made by
`intake_flow` over what its worker offers; `intake` is the one that is started by hand, with a worker of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from statistics import median

from prefect import Flow, Task, flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.stale_runs import CLOSED, under_way
from refpad.services.attempt import attempt
from refpad.services.intake.handover import Handover, Step, Untold, Worked
from refpad.services.intake.worker import open_worker
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import RefpadError

BATCH_MOST = 200  # a task run costs Prefect 20 KB, and of thousands in one flow run a third of the rows were lost


@flow(name="intake", persist_result=False, on_completion=CLOSED, on_failure=CLOSED)
def intake() -> None:
    """By hand: up to BATCH_MOST of the files that wait, whether or not the watcher is at work."""
    run_clean(partial(work_batch, Settings()))


def intake_flow(settings: Settings, handover: Handover) -> Flow[[], None]:
    """The flow of the process whose worker offers its steps through `handover`."""

    @flow(name="intake", persist_result=False, on_completion=CLOSED, on_failure=CLOSED)
    def intake() -> None:
        run_clean(partial(show_batch, settings, handover))

    return intake


def run_clean(body: Callable[[], None]) -> None:
    """Run a flow's body; of an unforeseen error Prefect learns the kind and the place, never the text."""
    if problem := attempt(body):
        raise RefpadError(problem)


def work_batch(settings: Settings) -> None:
    """Work what waits, export, and report it."""
    with (
        under_way(settings),
        closing(open_record(settings)) as store,
        open_child_reader(settings) as reader,
        open_worker(settings, store, reader) as worker,
    ):
        steps = run_steps(worker.steps())
        report([step.worked for step in steps if step.worked is not None])
        fail_with(steps)


def show_batch(settings: Settings, handover: Handover) -> None:
    """Run what the worker offers; then show what it did on its own, outages of Prefect included, and report all."""
    with under_way(settings):
        steps = run_steps(handover.steps())
        untold = handover.untold(BATCH_MOST)
        for entry in untold:
            show_late(entry)
        report([entry.worked for entry in untold])
        handover.told(untold)
        fail_with(steps)


def run_steps(steps: Iterable[Step]) -> list[Step]:
    """Run each step in a task run of its own, up to BATCH_MOST; those that were run."""
    run = []
    for step in islice(steps, BATCH_MOST):
        run.append(step)
        try:
            task_of(step)(return_state=True)
        finally:
            step.run()  # when Prefect failed before it came to it; the worker waits for its end
    return run


def show_late(entry: Untold) -> None:
    """A task run for a scan that was worked without one, so that each scan has its own."""
    if not entry.shown:
        late = "Prefect was away or slow meanwhile."
        task_of(Step(entry.worked.file_id, lambda: entry.worked), late)(return_state=True)


def fail_with(steps: Sequence[Step]) -> None:
    """A failure of the machine fails the batch; its files wait on."""
    if any(step.failure is not None for step in steps):
        raise RefpadError("A scan or the export failed; `refpad doctor` checks the machine.")


def task_of(step: Step, remark: str = "") -> Task[[], State[None]]:
    """The task that runs the step. It closes over it: Prefect is given nothing that it could keep but the number."""
    number = step.file_id
    name, run_name = ("export", None) if number is None else ("scan", f"scan-{number}")

    @task(name=name, task_run_name=run_name, cache_policy=NO_CACHE, persist_result=False)
    def run() -> State[None]:
        step.run()
        if problem := attempt(step.result):
            raise RefpadError(f"The export failed: {problem}" if number is None else f"Scan {number} waits: {problem}")
        return state_of(step.worked, remark)

    return run


def state_of(worked: Worked | None, remark: str) -> State[None]:
    """The end of a task run; of a scan, the state's name is the outcome."""
    if worked is None:
        return Completed()
    return Completed(name=_title(worked.outcome.state), message=f"{worked.seconds:.2f} s. {remark}".rstrip())


def report(worked: Sequence[Worked]) -> None:
    """One table and one summary of the scans."""
    if not worked:
        return
    table = [row(scan) for scan in worked]
    create_table_artifact(key="intake-scans", table=table, description="Scans by number; `refpad status` knows more.")
    create_markdown_artifact(key="intake-summary", markdown=summary(worked))


def row(scan: Worked) -> dict[str, int | float | str]:
    """One line of the table: numbers and codes only."""
    outcome = scan.outcome
    return {
        "scan": scan.file_id,
        "outcome": _title(outcome.state),
        "accepted": outcome.accepted,
        "review": outcome.review,
        "reason": outcome.reason.value if outcome.reason else "",
        "seconds": round(scan.seconds, 2),
    }


def summary(worked: Sequence[Worked]) -> str:
    """Counts and times of a batch, in Markdown."""
    counts = Counter(_title(scan.outcome.state) for scan in worked)
    seconds = sorted(scan.seconds for scan in worked)
    slips = sum(scan.outcome.accepted + scan.outcome.review for scan in worked)
    lines = [f"| {outcome} | {count} |" for outcome, count in counts.most_common()]
    return "\n".join(
        [
            f"**{len(worked)} scans with {slips} slips**, median {median(seconds):.2f} s, longest {seconds[-1]:.2f} s",
            "",
            "| outcome | scans |",
            "|---|---|",
            *lines,
        ]
    )


def _title(outcome: str) -> str:
    return outcome.replace("_", " ").capitalize()
