"""Today: the front page of the work: what waits and since when, and whom something is to be done for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from refpad.services.backups import BackupProblem
from schemas.course import EntryKind
from schemas.errors import UsageError
from schemas.followup import CALLS, UNREACHED, CallOutcome, CallsEnded, FollowUpKind, FollowUpState
from schemas.item_id import ItemId
from schemas.letter import LetterState
from schemas.text import clean
from store import audit
from store.courses.appointments import AppointmentLine, InCourse, in_course, to_log
from store.courses.drafts import EntryDraft, drafts
from store.courses.entries import REPORT_OF
from store.courses.unsaved import UnsavedEntry, unsaved_entries
from store.followups import actions, calls
from store.followups.listing import FollowUp, FollowUpQuery, Subject, find_follow_up, list_follow_ups
from store.intake.set_aside import count_aside
from store.letters.actions import letter_counts
from store.letters.restore_guard import find_put_back
from store.review.queue import WaitingTotal, waiting_total
from web.context import RequestContext

AHEAD_DAYS = 7  # how early a report shows itself: it takes somebody an hour to write
# What comes of a call, in the words of its buttons; a patient who books was reached.
OUTCOMES = {
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.LEFT_MESSAGE: "Left message",
    CallOutcome.REACHED: "Reached",
    CallOutcome.DECLINED: "Declined",
    CallOutcome.WRONG_NUMBER: "Wrong number",
}
# Why nobody calls any more, as the front desk chooses it.
ENDINGS = {
    CallsEnded.UNREACHABLE: "the patient cannot be reached (a letter tells the provider)",
    CallsEnded.DECLINED: "the patient declined (a letter tells the provider)",
    CallsEnded.OTHER: "another reason (the letter to the provider says it)",
    CallsEnded.TOLD: "the provider knows already, or the slip came twice (no letter)",
}
FETCHED_MOST = 2000  # follow-ups; a studio with as many due has other worries
# Rows of patients and of others: with what waits above them, two screens of 1280 x 860 px.
PATIENTS_SHOWN, OTHERS_SHOWN = 20, 5
REPORTS = {kind: entry for entry, kind in REPORT_OF.items()}
# What is done by an entry's form: the reports, and the assessment itself.
FORMS = {**REPORTS, FollowUpKind.ASSESS_PATIENT: EntryKind.ASSESSMENT}
STUCK = (LetterState.HELD, LetterState.FAILED, LetterState.UNCERTAIN)  # a letter that waits for a person
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


@dataclass(frozen=True)
class _Row:
    """One patient, office or slip, with all that is to be done for it, longest overdue first."""

    follow_ups: tuple[FollowUp, ...]

    @property
    def first(self) -> FollowUp:
        """What is done first: a call before a report, for the call may tell what the report needs."""
        return next((follow_up for follow_up in self.follow_ups if follow_up.kind in CALLS), self.follow_ups[0])


@dataclass(frozen=True)
class _Rows:
    """Some rows, and how many there are in all."""

    shown: list[_Row]
    total: int


@dataclass(frozen=True)
class _Day:
    """What the page shows. `due` and `late` are rows, as the menu counts them; `unwell` are sentences about refpad.

    Letters that are `waiting` are made by themselves, once the studio is set up: nobody has to do anything for them.
    `reading` tells of several readers, of a slow one, and of what waits to be read.
    """

    review: WaitingTotal
    patients: _Rows
    others: _Rows
    due: int
    late: int
    held: int
    waiting: int
    ready: int
    printed: int
    troubled: int
    aside: int
    unwell: list[str]
    reading: list[str]
    backup: BackupProblem | None
    sessions: list[AppointmentLine]
    in_course: list[InCourse]
    drafts: list[EntryDraft]
    unsaved: tuple[UnsavedEntry, ...]


def show(context: RequestContext) -> Response:
    """The day's work, one row a patient, longest overdue first."""
    store, is_all = context.store, "all" in context.query
    found = _due(context)
    rows = _rows(found)
    patients = [row for row in rows if row.first.referral_id is not None]
    others = [row for row in rows if row.first.referral_id is None]
    letters = letter_counts(store)
    signs = {f"{part.part}: {part.found}": part for part in context.services.health.signs()}
    day = _Day(
        review=waiting_total(store),
        patients=_Rows(patients if is_all else patients[:PATIENTS_SHOWN], len(patients)),
        others=_Rows(others if is_all else others[:OTHERS_SHOWN], len(others)),
        due=sum(any(follow_up.days_overdue >= 0 for follow_up in row.follow_ups) for row in rows),
        late=sum(any(follow_up.days_overdue > 0 for follow_up in row.follow_ups) for row in rows),
        held=letters[LetterState.HELD],
        waiting=letters[LetterState.WAITING],
        ready=letters[LetterState.READY],
        printed=letters[LetterState.PRINTING],
        troubled=letters[LetterState.FAILED] + letters[LetterState.UNCERTAIN],
        aside=count_aside(store).files,
        unwell=[told for told, part in signs.items() if part.is_trouble],
        reading=[told for told, part in signs.items() if part.is_well and part.shown],
        backup=context.services.backup.get(),
        sessions=to_log(store),
        in_course=in_course(store),
        drafts=drafts(store),
        unsaved=unsaved_entries(store, context.user),
    )
    audit.write(store, context.user, "view", "tasks", {"count": len(found)})
    context.services.due.forget()
    words = {"forms": FORMS, "calls": CALLS, "letter_words": LETTER_WORDS, "stuck": STUCK, "outcomes": OUTCOMES}
    back = find_put_back(store)
    return context.render("today.html", day=day, back=back, today=store.clock.today(), **words)


def _due(context: RequestContext) -> list[FollowUp]:
    """What is due and not done by itself, and the reports of the next days."""
    soon = context.store.clock.today() + timedelta(days=AHEAD_DAYS)
    listed = list_follow_ups(context.store, FollowUpQuery(due_by=soon, by_people=True, limit=FETCHED_MOST))
    return [follow_up for follow_up in listed.follow_ups if follow_up.days_overdue >= 0 or follow_up.kind in REPORTS]


def _rows(follow_ups: Iterable[FollowUp]) -> list[_Row]:
    """One row for each patient (a patient with two referrals is called once), office and slip, in the order given."""
    rows: dict[Subject, list[FollowUp]] = {}
    for one in follow_ups:
        rows.setdefault(one.subject, []).append(one)
    return [_Row(tuple(together)) for together in rows.values()]


def task(context: RequestContext) -> Response:
    """One follow-up with its history."""
    follow_up, history = find_follow_up(context.store, context.path_number("task"))
    audit.write(context.store, context.user, "view", f"follow_up {follow_up.id}")
    return context.render(
        "follow_up.html",
        follow_up=follow_up,
        history=history,
        forms=FORMS,
        calls=CALLS,
        outcomes=OUTCOMES,
        endings=ENDINGS,
        unreached=UNREACHED,
        today=context.store.clock.today(),
    )


def act(context: RequestContext) -> Response:
    """Note a call, mark it done, reopen, skip, postpone, assign or unassign it."""
    number, note, action = context.path_number("task"), context.form("note"), context.form("act")
    store, rules = context.store, context.services.rules
    if action == FollowUpState.DONE:
        actions.settle(store, rules, number, FollowUpState.DONE, context.user, note)
    elif action == FollowUpState.SKIPPED:
        ended = context.form("ended")
        calls.skip(store, rules, number, context.user, note, CallsEnded(ended) if ended in set(CallsEnded) else None)
        context.services.chase_job.request()
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
    back = context.form("from")
    item = ItemId.parse(back)
    return context.redirect("/" if back == "today" else f"/review/{item}" if item else f"/tasks/{number}")


def form_day(context: RequestContext, name: str) -> date:
    """A date in the form, as browsers send it; raises UsageError."""
    try:
        return date.fromisoformat(str(clean(context.form(name))))
    except ValueError:
        raise UsageError("Enter a date, as in 2026-11-20.") from None
