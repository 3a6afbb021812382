"""`refpad tasks`: what is to be done by when."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.followup import FollowUpState
from schemas.phones import show_phone

app = typer.Typer(help="The follow-up list: what is open or due, and ticking it off.", invoke_without_command=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TaskId = Annotated[int, typer.Argument(help="The task's number in the list.")]
Note = Annotated[str, typer.Option(help="A note for the record.")]


@app.callback()
def list_tasks(
    context: typer.Context,
    due: Annotated[bool, typer.Option("--due", help="Only what is due today or overdue.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the open follow-ups, longest overdue first."""
    if context.invoked_subcommand is not None:
        return
    from refpad.work.opening import open_record, whoever
    from store import audit
    from store.tasks import open_tasks

    with closing(open_record(Settings())) as store:
        tasks = open_tasks(store, due_only=due)
        audit.write(store, whoever(), "view", "tasks", {"count": len(tasks)})
    if as_json:
        print_json([each.model_dump(mode="json") for each in tasks])
        return
    table = Table("task", "due", "what", "patient", "phone", "provider")
    for each in tasks:
        when = f"[red]{each.due}, {each.days_overdue} days late" if each.days_overdue > 0 else str(each.due)
        people = (each.patient_name, show_phone(each.patient_phone), each.provider_name)
        table.add_row(str(each.id), when, each.kind.value.replace("_", " "), *map(escape, people))
    results.print(table)


@app.command("done")
def mark_done(task: TaskId, note: Note = "") -> None:
    """Mark a follow-up as done."""
    _settle(task, FollowUpState.DONE, note)


@app.command("skip")
def mark_skipped(task: TaskId, note: Note = "") -> None:
    """Mark a follow-up as not to be done."""
    _settle(task, FollowUpState.SKIPPED, note)


def _settle(task: int, state: FollowUpState, note: str) -> None:
    from refpad.work.opening import open_record, whoever
    from store.tasks import settle

    with closing(open_record(Settings())) as store:
        settle(store, task, state, whoever(), note)
    say(f"Task {task} is {state.value}.")
