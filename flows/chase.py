"""List the follow-ups that are due: numbers, kinds and days; who it is about stands in `refpad tasks list --due`."""

from contextlib import closing

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from refpad.settings import Settings
from refpad.work.chase import Due, count_kinds, due_follow_ups
from refpad.work.opening import open_record


@flow(name="chase", persist_result=False)
def chase() -> None:
    """One table of what is due today or overdue, and a summary."""
    with closing(open_record(Settings())) as store:
        due = due_follow_ups(store)
    create_table_artifact(
        key="due-follow-ups",
        table=[row(each) for each in due],
        description="The people are in `refpad tasks list --due`.",
    )
    create_markdown_artifact(key="due-summary", markdown=summary(due))


def row(each: Due) -> dict[str, int | str]:
    """One line of the table: numbers and codes only."""
    return {
        "follow-up": each.follow_up_id,
        "kind": each.kind.value.replace("_", " "),
        "due": each.due.isoformat(),
        "days late": each.days_late,
    }


def summary(due: list[Due]) -> str:
    """How many follow-ups of each kind are due, in Markdown."""
    if not due:
        return "Nothing is due."
    lines = [f"| {kind.replace('_', ' ')} | {count} |" for kind, count in count_kinds(due)]
    late = sum(each.days_late > 0 for each in due)
    return "\n".join([f"**{len(due)} follow-ups due**, {late} of them late", "", "| kind | due |", "|---|---|", *lines])
