"""The session log: appointments booked, and what became of each, in one click."""

from datetime import time

from starlette.responses import Response

from refpad.services.letters.letters import press_of, session_log
from schemas.appointment import AppointmentState
from schemas.errors import UsageError
from store import audit
from store.courses.session_log import book, log_session, mark_appointment
from web.context import RequestContext
from web.downloads import download
from web.views.today import form_day

WHAT = "A session is attended, missed, canceled or booked."


def log(context: RequestContext) -> Response:
    """Log a session of a day, today where none is named, or book appointments."""
    store, rules, number = context.store, context.services.rules, context.form_number("referral")
    if not number:
        raise UsageError("Choose the patient whose session it is.")
    on = form_day(context, "on") if context.form("on") else store.clock.today()
    if context.form("act") == AppointmentState.BOOKED:
        book(store, rules, number, on, context.user, _hour(context), context.form_number("weeks", 1))
        context.services.chase_job.request()
    else:
        minutes = context.form_number("minutes") or None
        log_session(store, rules, number, on, _state(context), context.user, minutes, context.form("note"))
    return _back(context, number)


def mark(context: RequestContext) -> Response:
    """Say what became of an appointment, or take it back."""
    number, minutes = context.path_number("appointment"), context.form_number("minutes") or None
    store, rules, note = context.store, context.services.rules, context.form("note")
    mark_appointment(store, rules, number, _state(context), context.user, minutes, note)
    return _back(context, context.form_number("referral"))


def pdf(context: RequestContext) -> Response:
    """The log of a course on one page, to print or to keep."""
    context.services.settings.require_letters()
    number = context.path_number("referral")
    letter = session_log(context.store, number)
    audit.write(context.store, context.user, "export", f"referral {number}", {"letter": letter.kind.value})
    return download(press_of(context.services.settings).pdf(letter), f"session-log-{number}.pdf")


def _back(context: RequestContext, referral_id: int) -> Response:
    is_of_referral = referral_id and context.form("from") == "referral"
    return context.redirect(f"/referrals/{referral_id}#sessions" if is_of_referral else "/#sessions")


def _state(context: RequestContext) -> AppointmentState:
    try:
        return AppointmentState(context.form("act"))
    except ValueError:
        raise UsageError(WHAT) from None


def _hour(context: RequestContext) -> time | None:
    try:
        return time.fromisoformat(context.form("at")) if context.form("at") else None
    except ValueError:
        raise UsageError("Write the time as in 09:30.") from None
