"""What the specialist enters: assessment, progress and discharge, with the report they become beside the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from followup.letter_pdf import preview_png
from refpad.services.course_entries import enter_for_good
from refpad.services.letters.letters import entry_letter, press_of
from schemas.course import HEADING_LABELS, EntryKind, GoalState, Outcome, StatusReason, Training
from schemas.errors import RefpadError, UsageError
from schemas.measures import SCALES
from store import audit
from store.courses.courses import CourseEntry, CourseRecord, course
from store.courses.entries import At, ChangedMeanwhileError, save_draft, tell_visit
from store.courses.unsaved import UnsavedEntry, discard_unsaved, keep_unsaved, unsaved_of
from web.context import RequestContext
from web.errors import NotFoundError
from web.views.courses.entry_form import content_of, shown, start_of, taken_over
from web.views.today import form_day

GOALS_MOST = 6
CHANGES = {
    StatusReason.SYMPTOM: "new or stronger complaints",
    StatusReason.FALL: "a fall",
    StatusReason.HOSPITAL: "a hospital stay or emergency visit",
    StatusReason.MEDICATION: "other medication",
    StatusReason.MEASURE: "a measured value beyond its limit",
    StatusReason.ATTENDANCE: "sessions missed",
    StatusReason.OTHER: "another change",
}
TRAININGS = {
    Training.CONTINUES: "go on as planned",
    Training.ADAPTED: "go on, adapted",
    Training.PAUSED: "are paused until the provider answers",
    Training.ASKS: "ask the provider whether they may go on",
}
PREVIEW_DPI = 96
BAD_REQUEST, CONFLICT, UNPROCESSABLE = 400, 409, 422


@dataclass(frozen=True)
class _Shown:
    """What the form says: of `entry`, if it is on record; `unsaved` is what was typed before and not saved."""

    entry: CourseEntry | None
    values: Mapping[str, Any]
    unsaved: UnsavedEntry | None = None
    problem: str = ""
    status: int = 200


def show(context: RequestContext) -> Response:
    """The form: what was typed and not saved, what a draft or an entry says, or what the entry before says.

    `entry` names the draft or entry.
    """
    record, kind = course(context.store, context.path_number("referral")), _kind(context)
    audit.write(context.store, context.user, "view", f"referral {record.referral_id}")
    number = context.query_number("entry")
    typed = unsaved_of(context.store, record.referral_id, kind, context.user)
    unsaved = next((one for one in typed if number in (None, one.entry_id)), None)
    if unsaved:
        return _form(context, record, kind, _Shown(_entry(record, unsaved.entry_id), shown(unsaved.content), unsaved))
    entry = _entry(record, number)
    if entry is None:
        entry = next((entry for entry in record.entries if entry.kind is kind and entry.state == "draft"), None)
    if entry:
        return _form(context, record, kind, _Shown(entry, shown(entry.content)))
    started = start_of(kind, taken_over(record, None), context.store.clock.today())
    return _form(context, record, kind, _Shown(None, started))


def save(context: RequestContext) -> Response:
    """Save it as a draft or as an entry; a problem is shown above the form, which keeps what was typed."""
    kind, at, number = _kind(context), _at(context), context.path_number("referral")
    is_draft = context.form("act") == "draft"
    content = content_of(context, kind, as_typed=is_draft)
    store, who = context.store, context.user
    try:
        if is_draft:
            draft = save_draft(store, number, kind, content, who, at, is_typed=True)
            return context.redirect(f"/referrals/{number}/enter/{kind.value}?entry={draft.id}")
        enter_for_good(store, context.services.settings, number, content, who, at, is_typed=True)
    except UsageError as error:
        record = course(store, number)
        status = CONFLICT if isinstance(error, ChangedMeanwhileError) else BAD_REQUEST
        typed = shown(content_of(context, kind, as_typed=True))
        entry = _entry(record, at[0] if at else None)
        return _form(context, record, kind, _Shown(entry, typed, problem=_said(error, entry), status=status))
    context.services.chase_job.request()
    return context.redirect(f"/referrals/{number}")


def keep(context: RequestContext) -> Response:
    """Keep what is typed so far; the page's script asks for it while somebody types."""
    kind, number = _kind(context), context.path_number("referral")
    content = content_of(context, kind, as_typed=True)
    keep_unsaved(context.store, number, kind, context.form_number("entry") or None, content, context.user)
    return Response(status_code=204)


def discard(context: RequestContext) -> Response:
    """Throw away what was typed and not saved."""
    kind, number = _kind(context), context.path_number("referral")
    entry_id = context.form_number("entry") or None
    discard_unsaved(context.store, number, kind, entry_id, context.user)
    return context.redirect(f"/referrals/{number}/enter/{kind.value}{f'?entry={entry_id}' if entry_id else ''}")


def preview(context: RequestContext) -> Response:
    """The one page that it would become, as a picture; or, in a sentence, why it would not be one."""
    kind, number = _kind(context), context.path_number("referral")
    try:
        _, letter = entry_letter(context.store, number, content_of(context, kind), _at(context))
        pdf = press_of(context.services.settings).pdf(letter)
    except RefpadError as error:
        return Response(error.on_page, UNPROCESSABLE, media_type="text/plain")
    audit.write(context.store, context.user, "preview", f"referral {number}", {"letter": kind.value})
    return Response(preview_png(pdf, PREVIEW_DPI), media_type="image/png")


def set_next_visit(context: RequestContext) -> Response:
    """The patient's next visit to the provider is on another day, or none is known."""
    number = context.path_number("referral")
    on = form_day(context, "on") if context.form("on") else None
    tell_visit(context.store, context.services.rules, number, on, context.user)
    return context.redirect(f"/referrals/{number}")


def _form(context: RequestContext, record: CourseRecord, kind: EntryKind, form: _Shown) -> Response:
    return context.render(
        "entry.html",
        form.status,
        record=record,
        kind=kind,
        logged=record.sessions(kind, context.store.clock.today(), form.entry.id if form.entry else None),
        form=form,
        values=form.values,
        entry=form.entry,
        taken=taken_over(record, form.entry.id if form.entry else None),
        headings=HEADING_LABELS,
        scales=SCALES,
        goal_states=list(GoalState),
        outcomes=list(Outcome),
        changes=CHANGES,
        trainings=TRAININGS,
        goals_most=GOALS_MOST,
    )


def _entry(record: CourseRecord, number: int | None) -> CourseEntry | None:
    return next((entry for entry in record.entries if entry.id == number), None)


def _said(error: UsageError, entry: CourseEntry | None) -> str:
    if isinstance(error, ChangedMeanwhileError) and entry is not None:
        return (
            f"{entry.changed_by} saved this entry while you were typing. Below is what you typed: open the entry in "
            "another window to compare; saving now puts yours in its place."
        )
    return error.on_page


def _kind(context: RequestContext) -> EntryKind:
    try:
        return EntryKind(context.path["kind"])
    except ValueError:
        raise NotFoundError from None


def _at(context: RequestContext) -> At | None:
    number, version = context.form_number("entry"), context.form_number("version")
    return (number, version) if number else None
