"""Today: what is due or late, whom to call, which letters to look at, which reports to write."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.followup import FollowUpKind as Kind
from schemas.followup import FollowUpState
from schemas.text import clean
from store import audit
from store.courses.drafts import Draft, drafts
from store.courses.entries import REPORT_OF
from store.followups import actions
from store.followups.listing import DueCount, Task, TaskQuery, due_counts, listed, shown
from store.followups.outbox import LetterState
from store.letters.actions import letters
from web.context import Visit

AHEAD_DAYS = 7  # how early a report shows itself: it takes somebody an hour to write
SHOWN_MOST = 60
CALLS = (Kind.CONTACT_PATIENT, Kind.BOOK_ASSESSMENT)
REPORTS = {task: entry for entry, task in REPORT_OF.items()}


@dataclass(frozen=True)
class _Day:
    """What the page shows; `more` is how many due tasks there are beyond those shown."""

    counts: list[DueCount]
    calls: list[Task]
    reports: list[Task]
    others: list[Task]
    more: int
    held: int
    ready: int
    troubled: int
    drafts: list[Draft]


def show(visit: Visit) -> Response:
    """The day's work, longest overdue first."""
    store = visit.store
    due = listed(store, TaskQuery(due_only=True, limit=SHOWN_MOST * 3))
    soon = store.clock.today() + timedelta(days=AHEAD_DAYS)
    reports = [each for kind in REPORTS for each in listed(store, TaskQuery(kind=kind, limit=SHOWN_MOST)).tasks]
    states = [each.state for each in letters(store)]
    day = _Day(
        counts=due_counts(store),
        calls=[each for each in due.tasks if each.kind in CALLS][:SHOWN_MOST],
        reports=sorted((each for each in reports if each.due <= soon), key=lambda each: each.due),
        others=[each for each in due.tasks if each.kind not in (*CALLS, *REPORTS)][:SHOWN_MOST],
        more=max(0, due.total - len(due.tasks)),
        held=states.count(LetterState.HELD),
        ready=states.count(LetterState.READY),
        troubled=sum(each in (LetterState.FAILED, LetterState.UNCERTAIN) for each in states),
        drafts=drafts(store),
    )
    audit.write(store, visit.who, "view", "tasks", {"count": len(due.tasks)})
    return visit.page("today.html", day=day, reports=REPORTS, today=store.clock.today(), me=visit.who)


def task(visit: Visit) -> Response:
    """One follow-up with its history."""
    found, history = shown(visit.store, visit.number("task"))
    audit.write(visit.store, visit.who, "view", f"follow_up {found.id}")
    return visit.page("task.html", task=found, history=history, reports=REPORTS, today=visit.store.clock.today())


def act(visit: Visit) -> Response:
    """Done, skipped, put off, or given to somebody."""
    number, note, said = visit.number("task"), visit.said("note"), visit.said("act")
    store, terms = visit.store, visit.desk.terms
    if said in (FollowUpState.DONE, FollowUpState.SKIPPED):
        actions.settle(store, terms, number, FollowUpState(said), visit.who, note)
    elif said == "postpone":
        actions.postpone(store, number, day_said(visit, "until"), visit.who, note)
    elif said == "take":
        actions.assign(store, number, visit.who, visit.who)
    elif said == "give_back":
        actions.assign(store, number, "", visit.who)
    else:
        raise UsageError("A task is done, skipped, postponed, taken or given back.")
    return visit.to("/" if visit.said("from") == "today" else f"/tasks/{number}")


def day_said(visit: Visit, name: str) -> date:
    """A day in the form, as browsers send it; raises UsageError."""
    try:
        return date.fromisoformat(str(clean(visit.said(name))))
    except ValueError:
        raise UsageError("Name a day, as in 2026-11-20.") from None
