"""What the specialist enters: assessment, progress and discharge, with the report they become beside the form."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from followup.letter_pdf import preview_png
from refpad.services.course_entries import enter_for_good
from refpad.services.letters.letters import entry_letter, press_of
from schemas.course import HEADING_LABELS, EntryKind, GoalState, Outcome
from schemas.errors import RefpadError, UsageError
from schemas.measures import SCALES
from schemas.text import clean
from store import audit
from store.courses.courses import CourseEntry, course
from store.courses.entries import At, save_draft, tell_visit
from web.context import RequestContext
from web.errors import NotFoundError
from web.views.today import form_day

GOALS_MOST, MEASURES_MOST = 6, 12
PREVIEW_DPI = 96
UNPROCESSABLE = 422
NUMBERS = ("sessions_per_week", "minutes", "weeks")
FIELDS = (
    *("on", "next_visit_on", "sessions_attended", "improvements", "question"),
    *("outcome", "summary", "home_program"),
)
PARTS = {"plan": (*NUMBERS, "exercises"), "observed": tuple(heading.value for heading in HEADING_LABELS)}
ROWS = {"measures": ("kind", "of", "side", "value"), "goals": ("text", "state")}


def show(context: RequestContext) -> Response:
    """The form: empty, or with what a draft or an entry says; `entry` names which."""
    record, kind = course(context.store, context.path_number("referral")), _kind(context)
    number = context.query_number("entry")
    entry = next((entry for entry in record.entries if entry.id == number), None) if number else None
    entry = entry or next((entry for entry in record.entries if entry.kind is kind and entry.state == "draft"), None)
    audit.write(context.store, context.user, "view", f"referral {record.referral_id}")
    values = _shown(entry.content if entry else {"on": context.store.clock.today().isoformat()})
    return _form(context, kind, values, entry, "")


def save(context: RequestContext) -> Response:
    """Save it as a draft or as an entry; a problem is shown above the form, which keeps what was typed."""
    kind, at, content = _kind(context), _at(context), content_of(context, _kind(context))
    number = context.path_number("referral")
    if context.form("act") == "draft":
        draft = save_draft(context.store, number, kind, content, context.user, at)
        return context.redirect(f"/referrals/{number}/enter/{kind.value}?entry={draft.id}")
    try:
        enter_for_good(context.store, context.services.settings, number, content, context.user, at)
    except UsageError as error:
        entry = next((entry for entry in course(context.store, number).entries if at and entry.id == at[0]), None)
        return _form(context, kind, _shown(content), entry, str(error))
    context.services.chase_job.request()
    return context.redirect(f"/referrals/{number}")


def preview(context: RequestContext) -> Response:
    """The one page that it would become, as a picture; or, in a sentence, why it would not be one."""
    kind, number = _kind(context), context.path_number("referral")
    try:
        _, letter = entry_letter(context.store, number, content_of(context, kind), _at(context))
        pdf = press_of(context.services.settings).pdf(letter)
    except RefpadError as error:
        return Response(str(error), UNPROCESSABLE, media_type="text/plain")
    audit.write(context.store, context.user, "preview", f"referral {number}", {"letter": kind.value})
    return Response(preview_png(pdf, PREVIEW_DPI), media_type="image/png")


def set_next_visit(context: RequestContext) -> Response:
    """The patient's next visit to the provider is on another day, or none is known."""
    number = context.path_number("referral")
    on = form_day(context, "on") if context.form("on") else None
    tell_visit(context.store, context.services.rules, number, on, context.user)
    return context.redirect(f"/referrals/{number}")


def content_of(context: RequestContext, kind: EntryKind) -> dict[str, Any]:
    """The form as the entry's own fields; what was left empty is left out, so that the entry's rules speak of it."""
    plan = _plan(context)
    content: dict[str, Any] = {
        "kind": kind.value,
        "on": context.form("on"),
        "next_visit_on": context.form("next_visit_on"),
        "observed": {name.value: text for name in HEADING_LABELS if (text := context.form(f"observed_{name.value}"))},
        "measures": _measures(context),
        "goals": _goals(context),
    }
    if kind is EntryKind.ASSESSMENT:
        content["plan"] = plan or {}
    if kind is EntryKind.PROGRESS:
        content |= {"plan": plan, **_fields(context, "sessions_attended", "improvements", "question")}
    if kind is EntryKind.DISCHARGE:
        content |= _fields(context, "outcome", "sessions_attended", "summary", "home_program")
    return {name: value for name, value in content.items() if value not in ("", None)}


def _fields(context: RequestContext, *names: str) -> dict[str, str]:
    return {name: context.form(name) for name in names}


def _plan(context: RequestContext) -> dict[str, Any] | None:
    exercises = [str(clean(line)) for line in context.raw.get("exercises", "").splitlines() if line.strip()]
    numbers = {name: context.form(name) for name in NUMBERS if context.form(name)}
    return {**numbers, "exercises": exercises} if numbers or exercises else None


def _measures(context: RequestContext) -> list[dict[str, str]]:
    rows = _rows(context, ("measure_kind", "measure_of", "measure_side", "measure_value"))
    return [
        {name: text for name, text in (("kind", kind), ("of", of), ("side", side), ("value", value)) if text}
        for kind, of, side, value in rows
        if kind and value
    ]


def _goals(context: RequestContext) -> list[dict[str, str]]:
    return [{"text": text, "state": state} for text, state in _rows(context, ("goal", "goal_state")) if text]


def _rows(context: RequestContext, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Fields that come once a row, row by row."""
    columns = [context.form_values(name) for name in names]
    return list(zip(*columns, strict=False))[: max(GOALS_MOST, MEASURES_MOST)]


def _form(
    context: RequestContext, kind: EntryKind, values: Mapping[str, Any], entry: CourseEntry | None, problem: str
) -> Response:
    record = course(context.store, context.path_number("referral"))
    return context.render(
        "entry.html",
        400 if problem else 200,
        record=record,
        kind=kind,
        values=values,
        entry=entry,
        problem=problem,
        headings=HEADING_LABELS,
        scales=SCALES,
        goal_states=list(GoalState),
        outcomes=list(Outcome),
        goals_most=GOALS_MOST,
        measures_most=MEASURES_MOST,
    )


def _shown(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of an entry, each field of the form there; a draft's content may be anything."""
    values: dict[str, Any] = {name: content.get(name) or "" for name in FIELDS}
    values |= {name: _mapping(content.get(name), names) for name, names in PARTS.items()}
    values |= {name: [_mapping(row, names) for row in _rows_of(content.get(name))] for name, names in ROWS.items()}
    return values


def _mapping(value: object, names: Sequence[str]) -> dict[str, Any]:
    mapping = value if isinstance(value, Mapping) else {}
    return {name: mapping.get(name) if mapping.get(name) is not None else "" for name in names}


def _rows_of(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _kind(context: RequestContext) -> EntryKind:
    try:
        return EntryKind(context.path["kind"])
    except ValueError:
        raise NotFoundError from None


def _at(context: RequestContext) -> At | None:
    number, version = context.form_number("entry"), context.form_number("version")
    return (number, version) if number else None
