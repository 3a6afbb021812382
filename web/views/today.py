"""Today: what is due or late, whom to call, which letters to look at, which reports to write."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from schemas.errors import UsageError
from schemas.followup import CALLS, CallOutcome, FollowUpState
from schemas.followup import FollowUpKind as Kind
from schemas.letter import LetterState
from schemas.text import clean
from store import audit
from store.courses.drafts import EntryDraft, drafts
from store.courses.entries import REPORT_OF
from store.followups import actions, calls
from store.followups.listing import DueCount, FollowUpPage, FollowUpQuery, due_counts, find_follow_up, list_follow_ups
from store.letters.actions import letter_counts
from web.context import RequestContext

AHEAD_DAYS = 7  # how early a report shows itself: it takes somebody an hour to write
SHOWN_MOST = 60
REPORTS = {kind: entry for entry, kind in REPORT_OF.items()}
# What comes of a call, in the words of its buttons; a patient who books was reached.
OUTCOMES = {
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.LEFT_MESSAGE: "Left message",
    CallOutcome.REACHED: "Reached",
    CallOutcome.DECLINED: "Declined",
    CallOutcome.WRONG_NUMBER: "Wrong number",
}
# What a row says of its letter; one without an address says so instead.
LETTER_WORDS = {
    LetterState.WAITING: "letter being created",
    LetterState.HELD: "letter to read and release",
    LetterState.READY: "letter ready to send",
    LetterState.PRINTING: "letter printed, not mailed yet",
    LetterState.SENDING: "letter being sent",
    LetterState.UNCERTAIN: "letter: not sure whether it was sent",
    LetterState.FAILED: "letter could not be created or sent",
    LetterState.SENT: "letter sent",
    LetterState.DROPPED: "letter not to be sent",
}
OTHERS = frozenset(Kind) - CALLS - frozenset(REPORTS)


@dataclass(frozen=True)
class _Day:
    """What the page shows: of each kind of work at most SHOWN_MOST follow-ups, and how many there are in all."""

    counts: list[DueCount]
    calls: FollowUpPage
    reports: FollowUpPage
    others: FollowUpPage
    held: int
    ready: int
    troubled: int
    drafts: list[EntryDraft]


def show(context: RequestContext) -> Response:
    """The day's work, longest overdue first."""
    store = context.store
    soon = store.clock.today() + timedelta(days=AHEAD_DAYS)
    letters = letter_counts(store)
    day = _Day(
        counts=due_counts(store),
        calls=list_follow_ups(store, FollowUpQuery(due_only=True, kinds=CALLS, limit=SHOWN_MOST)),
        reports=list_follow_ups(store, FollowUpQuery(due_by=soon, kinds=frozenset(REPORTS), limit=SHOWN_MOST)),
        others=list_follow_ups(store, FollowUpQuery(due_only=True, kinds=OTHERS, limit=SHOWN_MOST)),
        held=letters[LetterState.HELD],
        ready=letters[LetterState.READY],
        troubled=letters[LetterState.FAILED] + letters[LetterState.UNCERTAIN],
        drafts=drafts(store),
    )
    shown = sum(len(page.follow_ups) for page in (day.calls, day.reports, day.others))
    audit.write(store, context.user, "view", "tasks", {"count": shown})
    return context.render(
        "today.html",
        day=day,
        reports=REPORTS,
        letter_words=LETTER_WORDS,
        outcomes=OUTCOMES,
        today=store.clock.today(),
        me=context.user,
    )


def task(context: RequestContext) -> Response:
    """One follow-up with its history."""
    follow_up, history = find_follow_up(context.store, context.path_number("task"))
    audit.write(context.store, context.user, "view", f"follow_up {follow_up.id}")
    return context.render(
        "follow_up.html",
        follow_up=follow_up,
        history=history,
        reports=REPORTS,
        calls=CALLS,
        outcomes=OUTCOMES,
        today=context.store.clock.today(),
    )


def act(context: RequestContext) -> Response:
    """Note a call, mark it done, reopen, skip, postpone, assign or unassign it."""
    number, note, action = context.path_number("task"), context.form("note"), context.form("act")
    store, rules = context.store, context.services.rules
    if action in (FollowUpState.DONE, FollowUpState.SKIPPED):
        actions.settle(store, rules, number, FollowUpState(action), context.user, note)
    elif action in set(CallOutcome):
        calls.note_call(store, rules, number, CallOutcome(action), context.user, note)
        context.services.chase_job.request()
    elif action == "reopen":
        calls.reopen(store, rules, number, context.user, note)
    elif action == "postpone":
        actions.postpone(store, number, form_day(context, "until"), context.user, note)
    elif action == "take":
        actions.assign(store, number, context.user, context.user)
    elif action == "give_back":
        actions.assign(store, number, "", context.user)
    else:
        raise UsageError("A follow-up is called, marked done, reopened, skipped, postponed, assigned or unassigned.")
    return context.redirect("/" if context.form("from") == "today" else f"/tasks/{number}")


def form_day(context: RequestContext, name: str) -> date:
    """A date in the form, as browsers send it; raises UsageError."""
    try:
        return date.fromisoformat(str(clean(context.form(name))))
    except ValueError:
        raise UsageError("Enter a date, as in 2026-11-20.") from None
