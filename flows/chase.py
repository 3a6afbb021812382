"""Make and send the letters that wait, and list what is due: numbers, kinds and days, never people."""

from contextlib import closing
from functools import partial

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.run_name import name_run
from flows.stale_runs import CLOSED, under_way
from refpad.services.attempt import attempt
from refpad.services.backups import write_backup_if_due
from refpad.services.letters.chase import DueFollowUp, LetterResult, chase_all, count_fates, due_follow_ups
from refpad.services.studios.registry import all_settings
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import RefpadError
from schemas.text import counted
from store.followups.listing import DueCount, due_counts

ROWS_MOST = 200  # a table is for people; `refpad follow-ups list --due` has them all


@flow(name="chase", persist_result=False, on_completion=CLOSED, on_failure=CLOSED)
def chase() -> None:
    """Of each studio: letters and the day's backup first, then what became of letters, what is due, and a summary."""
    settings, names = Settings(), list[str]()
    with under_way(settings):
        problems = [attempt(partial(chase_studio, studio, names)) for studio in all_settings(settings)]
        if names:
            name_run("; ".join(names))
    if told := " ".join(problem for problem in problems if problem):
        raise RefpadError(told)


def chase_studio(settings: Settings, names: list[str]) -> None:
    """The flow's body for one studio, which adds to the run's `names` what it did; raises RefpadError.

    Where there are several studios, all of it is said with the studio's key.
    """
    results, key = list[LetterResult](), settings.front_desk.subdomain
    of_studio, named = (f"-{key}", f"Studio {key}: ") if key else ("", "")
    with closing(open_record(settings)) as store:
        problem = attempt(lambda: results.extend(chase_all(store, settings)))
        unsaved = attempt(lambda: write_backup_if_due(settings, store))
        due, counts = due_follow_ups(store, ROWS_MOST), due_counts(store)
    desk = settings.front_desk.url
    names.append(f"{named}{run_name(counts, results)}")
    if results:
        letters = [{"follow-up": result.follow_up_id, "letter": result.fate} for result in results[-ROWS_MOST:]]
        about = f"Details are at {desk}/letters."
        create_table_artifact(key=f"letters{of_studio}", table=letters, description=about)
    rows = [row(follow_up) for follow_up in due]
    create_table_artifact(key=f"due-follow-ups{of_studio}", table=rows, description=f"Names are at {desk}.")
    markdown = f"{summary(counts, results)}\n\n[Today]({desk})"
    create_markdown_artifact(key=f"due-summary{of_studio}", markdown=markdown)
    if problem:
        raise RefpadError(f"{named}The letters wait on: {problem}")
    if unsaved:
        raise RefpadError(f"{named}The day's backup failed: {unsaved}")


def run_name(counts: list[DueCount], results: list[LetterResult]) -> str:
    """What the owner wants to know of a chase: "5 letters, 12 follow-ups due"."""
    letters, due = len({result.follow_up_id for result in results}), sum(kind.due for kind in counts)
    parts = [
        counted(letters, "letter") if letters else "",
        f"{counted(due, 'follow-up')} due" if due else "nothing due",
    ]
    return ", ".join(filter(None, parts))


def row(follow_up: DueFollowUp) -> dict[str, int | str]:
    """One line of the table: numbers and codes only."""
    return {
        "follow-up": follow_up.follow_up_id,
        "kind": follow_up.kind.value.replace("_", " "),
        "due": follow_up.due.isoformat(),
        "days late": follow_up.days_late,
    }


def summary(counts: list[DueCount], results: list[LetterResult]) -> str:
    """How many follow-ups of each kind are due, and what became of letters, in Markdown."""
    fates = [f"| {fate} | {count} |" for fate, count in count_fates(results)]
    letters = ["", "| letters | |", "|---|---|", *fates] if fates else []
    if not counts:
        return "\n".join(["Nothing is due.", *letters])
    due, late = sum(kind.due for kind in counts), sum(kind.late for kind in counts)
    kinds = [f"| {kind.kind.replace('_', ' ')} | {kind.due} |" for kind in counts]
    lines = [f"**{due} follow-ups due**, {late} of them late", "", "| kind | due |", "|---|---|", *kinds]
    return "\n".join([*lines, *letters])
