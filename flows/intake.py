"""Read what waits: one flow run a batch, one task run a scan, and nothing but numbers in either.

The record is our own database; Prefect shows the work and may be away at any moment. `flows.working` runs a flow made
by `intake_flow` over what its worker offers; `intake` is started on request, with a worker of its own.
"""

from collections import Counter, defaultdict
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

from flows.run_name import name_run
from flows.stale_runs import CLOSED, under_way
from refpad.services.attempt import attempt
from refpad.services.intake.handover import Handover, Processed, Step, Unreported
from refpad.services.intake.worker import open_worker
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.studios.registry import all_settings
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import RefpadError
from schemas.front_desk import FrontDeskSettings
from schemas.states import FileState
from schemas.text import counted
from store.followups.reader_facts import reader_facts

BATCH_MOST = 200  # a task run costs Prefect 20 KB, and of thousands in one flow run a third of the rows were lost


@flow(name="intake", persist_result=False, on_completion=CLOSED, on_failure=CLOSED)
def intake() -> None:
    """On request: process up to BATCH_MOST of the files that wait, whether or not the watcher runs."""
    run_clean(process_studios)


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


def process_studios() -> None:
    """Process what waits at each studio."""
    settings = Settings()
    with under_way(settings):
        for studio in all_settings(settings):
            process_batch(studio)


def process_batch(settings: Settings) -> None:
    """Process what waits at one studio, export, and report it."""
    with (
        closing(open_record(settings)) as store,
        open_child_reader(settings, partial(reader_facts, store)) as reader,
        open_worker(settings, store, reader) as worker,
    ):
        steps = run_steps(worker.steps())
        report(settings, [step.processed for step in steps if step.processed is not None])
        fail_with(steps)


def show_batch(settings: Settings, handover: Handover) -> None:
    """Run what the worker offers; then show what it ran itself, as in an outage of Prefect, and report all."""
    with under_way(settings):
        steps = run_steps(handover.steps())
        unreported = handover.unreported(BATCH_MOST)
        for entry in unreported:
            show_late(entry)
        report(settings, [entry.processed for entry in unreported])
        handover.mark_reported(unreported)
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


def show_late(entry: Unreported) -> None:
    """Give a scan that was processed without a task run one of its own."""
    if not entry.shown:
        late = "Prefect was away or slow meanwhile."
        task_of(Step(entry.processed.file_id, lambda: entry.processed), late)(return_state=True)


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
        return state_of(step.processed, remark)

    return run


def state_of(processed: Processed | None, remark: str) -> State[None]:
    """The end of a task run; of a scan, the state's name is the outcome."""
    if processed is None:
        return Completed()
    return Completed(name=_title(processed.outcome.state), message=f"{processed.seconds:.2f} s. {remark}".rstrip())


def report(settings: Settings, scans: Sequence[Processed]) -> None:
    """Name the run by the scans, and add one table and one summary of them, which lead to the front desk.

    Of several studios each has its own, said with the studio's key.
    """
    studios = defaultdict[FrontDeskSettings, list[Processed]](list)
    for scan in scans:
        studios[scan.desk or settings.front_desk].append(scan)
    if scans:
        name_run("; ".join(named(desk, run_name(own)) for desk, own in studios.items()))
    for desk, own in studios.items():
        report_studio(desk, own)


def named(desk: FrontDeskSettings, what: str) -> str:
    """What is said of a studio; of a further one with its key."""
    return f"Studio {desk.subdomain}: {what}" if desk.subdomain else what


def report_studio(front_desk: FrontDeskSettings, scans: Sequence[Processed]) -> None:
    """The table and the summary of one studio's scans."""
    of_studio, desk = f"-{front_desk.subdomain}" if front_desk.subdomain else "", front_desk.url
    table, about = [row(scan) for scan in scans], f"Scans by number; pictures are at {desk}."
    create_table_artifact(key=f"intake-scans{of_studio}", table=table, description=about)
    markdown = f"{summary(scans)}\n\n[Settle what waits]({desk}/review)"
    create_markdown_artifact(key=f"intake-summary{of_studio}", markdown=markdown)


def run_name(scans: Sequence[Processed]) -> str:
    """What the owner wants to know of a batch: "14 scans, 3 to review, 1 set aside"."""
    review = sum(scan.outcome.review for scan in scans)
    aside = sum(scan.outcome.state == FileState.SET_ASIDE for scan in scans)
    parts = [
        counted(len(scans), "scan"),
        f"{review} to review" if review else "",
        f"{aside} set aside" if aside else "",
    ]
    return ", ".join(filter(None, parts))


def row(scan: Processed) -> dict[str, int | float | str]:
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


def summary(scans: Sequence[Processed]) -> str:
    """Counts and times of a batch, in Markdown."""
    counts = Counter(_title(scan.outcome.state) for scan in scans)
    seconds = sorted(scan.seconds for scan in scans)
    slips = sum(scan.outcome.accepted + scan.outcome.review for scan in scans)
    lines = [f"| {outcome} | {count} |" for outcome, count in counts.most_common()]
    return "\n".join(
        [
            f"**{len(scans)} scans with {slips} slips**, median {median(seconds):.2f} s, longest {seconds[-1]:.2f} s",
            "",
            "| outcome | scans |",
            "|---|---|",
            *lines,
        ]
    )


def _title(outcome: str) -> str:
    return outcome.replace("_", " ").capitalize()
