"""`refpad tasks`: what is to be done by when."""

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.followup import FollowUpKind, FollowUpState
from schemas.phones import show_phone

if TYPE_CHECKING:
    from store.followups.listing import Task

app = typer.Typer(help="The follow-up list: what is to be done by when, and by whom.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TaskId = Annotated[int, typer.Argument(help="The task's number in the list.")]
Note = Annotated[str, typer.Option(help="A note for the record.")]


@app.command("list")
def list_tasks(
    due: Annotated[bool, typer.Option("--due", help="Only what is due today or overdue.")] = False,
    owner: Annotated[str | None, typer.Option(help="Only one person's; an empty name: nobody's.")] = None,
    kind: Annotated[FollowUpKind | None, typer.Option(help="Only one kind.")] = None,
    state: Annotated[FollowUpState | None, typer.Option(help="Only one state: open, waiting or failed.")] = None,
    ended: Annotated[bool, typer.Option("--ended", help="What is done or skipped, instead of what stands.")] = False,
    referral: Annotated[int | None, typer.Option(help="Only one referral's.")] = None,
    office: Annotated[str | None, typer.Option(help="Only one office's.")] = None,
    find: Annotated[str, typer.Option(help="Words in the patient's, provider's or office's name.")] = "",
    after: Annotated[int | None, typer.Option(help="Go on after this task.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the follow-ups, longest overdue first."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.followups.listing import TaskQuery, listed

    asked = TaskQuery(
        due_only=due,
        owner=owner,
        kind=kind,
        state=state,
        ended=ended,
        referral_id=referral,
        office_id=office,
        words=find,
        after=after,
        limit=limit,
    )
    settings = Settings()
    with closing(open_record(settings)) as store:
        page = listed(store, asked)
        audit.write(store, whoever(), "view", "tasks", {"count": len(page.tasks)})
    if as_json:
        print_json([task.model_dump(mode="json") for task in page.tasks])
        return
    results.print(_table(page.tasks, settings.policy.phone_region))
    if len(page.tasks) == limit and page.total > limit:
        say(f"{limit} of {page.total}; the next: --after {page.tasks[-1].id}, or more at once: --limit {page.total}.")


@app.command("show")
def show_task(task: TaskId, as_json: AsJson = False) -> None:
    """Show one follow-up with its history."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.followups.listing import shown

    settings = Settings()
    with closing(open_record(settings)) as store:
        found, history = shown(store, task)
        audit.write(store, whoever(), "view", f"follow_up {task}")
    if as_json:
        told = [each.model_dump(mode="json") for each in history]
        print_json({**found.model_dump(mode="json"), "history": told})
        return
    results.print(_table([found], settings.policy.phone_region))
    for each in history:
        until = f" to {each.due}" if each.due else ""
        about = f": {each.note}" if each.note else ""
        at = each.at.astimezone(ZoneInfo(settings.time_zone))
        results.print(f"{at:%Y-%m-%d %H:%M}  {each.what}{until} by {each.who}{about}", markup=False)


@app.command("done")
def mark_done(task: TaskId, note: Note = "") -> None:
    """Mark a follow-up as done; the next one of its kind is made if there is to be one."""
    _settle(task, FollowUpState.DONE, note)


@app.command("skip")
def mark_skipped(task: TaskId, why: Annotated[str, typer.Option(help="The reason, for the record.")]) -> None:
    """Mark a follow-up as not to be done, with the reason."""
    _settle(task, FollowUpState.SKIPPED, why)


@app.command("assign")
def assign_task(
    task: TaskId, owner: Annotated[str, typer.Argument(help="Whose it is from now on; an empty name: nobody's.")]
) -> None:
    """Give a follow-up to somebody."""
    from refpad.services.wiring import open_record, whoever
    from store.followups.actions import assign

    with closing(open_record(Settings())) as store:
        assign(store, task, owner, whoever())
    say(f"Task {task} is {owner}'s." if owner else f"Task {task} is anybody's.")


@app.command("postpone")
def postpone_task(
    task: TaskId,
    until: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The new day, YYYY-MM-DD.")],
    note: Note = "",
) -> None:
    """Put a follow-up off to another day."""
    from refpad.services.wiring import open_record, whoever
    from store.followups.actions import postpone

    day: date = until.date()
    with closing(open_record(Settings())) as store:
        postpone(store, task, day, whoever(), note)
    say(f"Task {task} is due on {day}.")


@app.command("ics")
def write_calendar(
    out: Annotated[Path | None, typer.Option(help="Another file than exports/tasks.ics.")] = None,
) -> None:
    """Write the open follow-ups as a calendar that phones and Outlook can subscribe to; it names no patient."""
    from refpad.services.exports import TASKS_ICS, export_calendar
    from refpad.services.wiring import open_record, whoever
    from store import audit

    settings = Settings()
    path = out or settings.exports / TASKS_ICS
    with closing(open_record(settings)) as store:
        written = export_calendar(store, settings, path)
        audit.write(store, whoever(), "export", "calendar", {"count": written})
    say(f"{path}: {written} {'task' if written == 1 else 'tasks'}.")


def _settle(task: int, state: FollowUpState, note: str) -> None:
    from refpad.services.wiring import open_record, terms_of, whoever
    from store.followups.actions import settle

    settings = Settings()
    with closing(open_record(settings)) as store:
        settle(store, terms_of(settings), task, state, whoever(), note)
    say(f"Task {task} is {state.value}.")


def _table(tasks: "tuple[Task, ...] | list[Task]", phone_region: str) -> Table:
    table = Table("task", "due", "what", "who", "phone", "provider", "office", "owner", "state")
    for task in tasks:
        late = task.days_overdue > 0 and task.state.value not in ("done", "skipped")
        when = f"[red]{task.due}, {task.days_overdue} days late" if late else str(task.due)
        who = task.patient_name or task.office_contact or (f"slip s{task.slip_id}" if task.slip_id else "")
        phone = show_phone(task.patient_phone, phone_region) if task.patient_phone else ""
        state = f"{task.state.value}: {task.note}" if task.note else task.state.value
        told = (who, phone, task.provider_name, task.office_name, task.owner, state)
        table.add_row(str(task.id), when, task.kind.value.replace("_", " "), *map(escape, told))
    return table
