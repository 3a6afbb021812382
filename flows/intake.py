"""Read what waits at the desk: one flow run a batch, one task run a scan, and nothing but numbers in either.

The record is our own database; Prefect shows the work and may vanish at any moment.
"""

from collections import Counter
from statistics import median

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.export_csv import export
from flows.worker import desk
from refpad.services.attempt import attempt
from refpad.services.intake.worker import Worked
from schemas.errors import RefpadError

BATCH_MOST = 200  # a task run costs Prefect 20 KB, and of thousands in one flow run a third of the rows were lost


@flow(name="intake", persist_result=False)
def intake() -> None:
    """Scans, then the exports, then the report. A failure of the machine ends the batch; its files wait on."""
    if problem := attempt(work_batch):
        raise RefpadError(problem)


def work_batch() -> None:
    """Work up to BATCH_MOST scans, export, and report what came of them."""
    failed = False
    for _ in range(BATCH_MOST):
        file_id = None if failed else desk().take()
        if file_id is None:
            break
        failed = scan(file_id, return_state=True).is_failed()
    failed |= export(return_state=True).is_failed()
    report(desk().unreported())
    if failed:
        raise RefpadError("A scan or the export failed; `refpad doctor` checks the machine.")


@task(name="scan", task_run_name="scan-{file_id}", cache_policy=NO_CACHE, persist_result=False)
def scan(file_id: int) -> State[None]:
    """Read and record one file; the state's name is the outcome."""
    came: list[Worked | None] = []
    if problem := attempt(lambda: came.append(desk().read(file_id))):
        raise RefpadError(f"Scan {file_id} waits on: {problem}")
    worked = came[0]
    return Completed(name=_title(worked.outcome.state) if worked else "Worked elsewhere")


def report(worked: list[Worked]) -> None:
    """One table and one summary of everything worked since the last report, outages of Prefect included."""
    if not worked:
        return
    table = [row(each) for each in worked]
    create_table_artifact(key="intake-scans", table=table, description="Scans by number; `refpad status` knows more.")
    create_markdown_artifact(key="intake-summary", markdown=summary(worked))
    desk().reported(worked)


def row(each: Worked) -> dict[str, int | float | str]:
    """One line of the table: numbers and codes only."""
    came = each.outcome
    return {
        "scan": each.file_id,
        "outcome": _title(came.state),
        "accepted": came.accepted,
        "review": came.review,
        "reason": came.reason.value if came.reason else "",
        "seconds": round(each.seconds, 2),
    }


def summary(worked: list[Worked]) -> str:
    """Counts and times of a batch, in Markdown."""
    counts = Counter(_title(each.outcome.state) for each in worked)
    seconds = sorted(each.seconds for each in worked)
    slips = sum(each.outcome.accepted + each.outcome.review for each in worked)
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
