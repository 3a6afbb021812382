"""Read what waits: one flow run a batch, one task run a scan, and nothing but numbers in either.

The record is our own database; Prefect shows the work and may be away at any moment. `flows.working` runs a flow made
by `intake_flow` over what its worker offers; `intake` is started on request, with a worker of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from functools import partial
from itertools import islice
from statistics import median
from threading import Event

from prefect import Task, flow, tags, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.states import Completed

from flows.run_name import give_up, name_run
from flows.stale_runs import CLOSED, place_tag, under_way
from refpad.services.attempt import attempt
from refpad.services.intake.handover import Handover, Processed, Step, Unreported
from refpad.services.reading.reader_port import FileReader
from refpad.services.reading.reader_process import open_child_reader
from refpad.services.studios.in_turn import StudiosInTurn, open_studios
from refpad.settings import Settings
from schemas.errors import MachineError, RefpadError, UsageError
from schemas.front_desk import FrontDeskSettings
from schemas.states import FileState
from schemas.text import counted
from store.database import Store
from store.followups.reader_facts import reader_facts
from store.workers.workers import READER

READING = "reading"  # the tag of every run that reads
RETRIES, RETRY_S = 2, 60.0  # after a failure of the machine; after the last, another reading is asked for
FAILURES_MOST = 3  # of one run, at whatever studios: then it is the machine
NOTHING = "nothing to read"  # the name of a run that found nothing
BATCH_MOST = 200  # a task run costs Prefect 20 KB, and of thousands in one flow run a third of the rows were lost


@flow(
    name="intake",
    retries=RETRIES,
    retry_delay_seconds=RETRY_S,
    persist_result=False,
    on_completion=CLOSED,
    on_failure=CLOSED,
)
def intake() -> None:
    """On request: process up to BATCH_MOST of the files that wait, whether or not the watcher runs.

    It is tried again when the machine failed, since a disk or a database may be back; not when it was asked for
    something that cannot be, nor for a file that cannot be read: that one is set aside, and waits for a person.
    """
    run_clean(process_studios)


def intake_flow(settings: Settings, handover: Handover) -> Callable[[], None]:
    """The flow of the process whose worker offers its steps through `handover`."""

    @flow(name="intake", persist_result=False, on_completion=CLOSED, on_failure=CLOSED)
    def intake() -> None:
        with untagged():
            run_clean(partial(show_batch, settings, handover))

    def tagged() -> None:
        with tags(READING, place_tag(settings), *([key] if (key := settings.front_desk.subdomain) else [])):
            intake()

    return tagged


def untagged() -> TagsContext:
    """Within it, no tag of the run is given to its tasks: Prefect would ask for each whether a limit is set for it."""
    return TagsContext(current_tags=set())


def run_clean(body: Callable[[], None]) -> None:
    """Run a flow's body; of an unforeseen error Prefect learns the kind and the place, never the text.

    What was asked for and cannot be is not tried again.
    """
    try:
        problem = attempt(body, letting_through=UsageError)
    except UsageError as error:
        give_up()
        problem = str(error)
    if problem:
        raise RefpadError(problem)


def process_studios() -> None:
    """Process what waits at each studio, a turn each, and report it."""
    settings = Settings()
    with under_way(settings), closing(StudiosInTurn(settings, READER, open_reader)) as studios:
        steps = run_steps(turns(studios))
        if not studios.joined:
            raise MachineError("No studio's record is in reach: `refpad doctor` checks the machine.")
        processed = [step.processed for step in steps if step.processed is not None]
        report(settings, processed)
        if not processed:
            name_run(NOTHING)
        fail_with(steps)


def open_reader(settings: Settings, store: Store) -> AbstractContextManager[FileReader]:
    """The reader of one studio's files."""
    return open_child_reader(settings, partial(reader_facts, store))


def turns(studios: StudiosInTurn) -> Iterator[Step]:
    """Each file of each turn until nothing waits anywhere; after a failure another studio has its turn."""
    again, failures = Event(), 0
    with open_studios(studios) as worker:
        studios.wake = again.set  # when a turn is over
        while failures < FAILURES_MOST:
            again.clear()
            failed = False
            for step in worker.steps():
                yield step
                failed = failed or step.failure is not None
            failures += failed
            if not (failed or again.is_set()):
                return


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
