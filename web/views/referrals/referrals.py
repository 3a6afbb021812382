"""Referrals: find one, and see its whole history."""

from starlette.responses import Response

from schemas.answers import AnswerValue, told_answers
from schemas.dates import Tense, parse_date
from schemas.errors import NotOnRecordError, UsageError
from schemas.names.spelling import spellings_of
from schemas.phones import show_phone
from schemas.referral import Referral
from store import audit
from store.courses.courses import course
from store.directory.offices import all_offices
from store.history import referral_history
from store.referrals import amend
from store.referrals.amend_answers import BETWEEN, asked_groups, boxes_of, written_answers
from store.referrals.patients import facts_of, may_be_same, number_of_referral
from store.review import settle
from store.review import withdraw as withdrawal
from store.review.answer_sheets import LateAnswer, late_answers
from store.review.diagnosis_codes import confirmed_codes
from store.search import search
from web.context import RequestContext
from web.slips.cards import value_in_words
from web.slips.labels import label


def show(context: RequestContext) -> Response:
    """The newest; older ones are a page away."""
    before = context.query_number("before")
    referrals = search.newest_referrals(context.store, before)
    audit.write(context.store, context.user, "view", "referrals", {"count": len(referrals)})
    return context.render("referrals.html", referrals=referrals, more=len(referrals) == search.FOUND_MOST)


def one(context: RequestContext) -> Response:
    """One referral: paper, record, corrections, follow-ups, letters, and who worked on it."""
    referral = referral_history(context.store, context.path_number("referral"), context.user)
    design = context.services.rules.design_of(referral.record.design, referral.record.edition)
    patient_id = number_of_referral(context.store, referral.id)
    return context.render(
        "referral.html",
        patient_id=patient_id,
        maybe=may_be_same(context.store, facts_of(referral.record), patient_id),
        referral=referral,
        design=design,
        labels={**design.labels, **{group.name: group.label for group in design.groups}} if design else {},
        answers=told_answers(design, referral.record.answers, context.services.settings.policy.phone_region),
        said=value_in_words(design, context.services.settings.policy.phone_region),
        label=label,
        course=course(context.store, referral.id),
        today=context.store.clock.today(),
        ask_after=context.services.settings.follow_ups.ask_after_missed,
        codes=confirmed_codes(context.store, referral.slip_id),
        late=late_answers(context.store, referral.slip_id),
        can_withdraw=withdrawal.can_be_withdrawn(context.store, referral.id),
    )


def correction(context: RequestContext) -> Response:
    """The form on which an accepted referral is corrected."""
    return _correction(context)


def correct(context: RequestContext) -> Response:
    """Correct the referral; what was typed stays on the page when it cannot be used.

    All that is wrong is said at once, with the question about names in small letters.
    """
    number, reason = context.path_number("referral"), context.form("reason")
    typed = {name: value for name, value in context.fields if name not in ("token", "reason", "as_typed", "sheet")}
    typed |= {name: _together(context, name) for name in typed if len(context.form_values(name)) > 1}
    store, rules = context.store, context.services.rules
    asks = bool(spellings_of(typed)) and not context.form("as_typed")
    try:
        if asks:
            amend.check(store, rules, number, typed, reason)
        else:
            amend.amend(store, rules, number, typed, reason, context.user)
    except NotOnRecordError:
        raise
    except UsageError as error:
        return _correction(context, 400, error.on_page)
    if asks:
        return _correction(context, 400)
    _put_away_sheet(context, number)
    context.services.activity.forget()
    context.services.chase_job.request()
    context.services.export_job.request()
    return context.redirect(f"/referrals/{number}")


def _together(context: RequestContext, name: str) -> str:
    """The boxes that are checked of a group, of which the form has an empty one too: none is an answer."""
    return BETWEEN.join(filter(None, context.form_values(name)))


def _put_away_sheet(context: RequestContext, number: int) -> None:
    """The answer sheet whose words were entered waits no more."""
    referral = referral_history(context.store, number, context.user)
    sheet = context.form_number("sheet")
    if sheet in {late.slip_id for late in late_answers(context.store, referral.slip_id)}:
        settle.reject(context.store, f"s{sheet}", context.user, f"Its answer is entered on referral {number}.")


def _correction(context: RequestContext, status: int = 200, problem: str = "") -> Response:
    referral = referral_history(context.store, context.path_number("referral"), context.user)
    record = referral.record
    phone = show_phone(record.patient_phone, context.services.settings.policy.phone_region)
    said = {**record.model_dump(mode="json"), "patient_phone": phone, "office": referral.office_id}
    design = context.services.rules.design_of(record.design, record.edition)
    own, groups = written_answers(design, record), asked_groups(design, record)
    said |= {group.name: _names(record.answers[group.name]) for group in groups}
    said |= {field.name: "" if record.answers[field.name] is None else str(record.answers[field.name]) for field in own}
    names = (*amend.FIELDS, *(field.name for field in (*own, *groups)), "reason")
    sheet = context.query_number("sheet") or context.form_number("sheet")
    late = next((late for late in late_answers(context.store, referral.slip_id) if late.slip_id == sheet), None)
    said |= _of_sheet(late, referral.record, context.services.settings.policy.phone_region) if late else {}
    typed = {name: context.form(name, said.get(name) or "") for name in names}
    typed |= {group.name: _together(context, group.name) for group in groups if context.form_values(group.name)}
    return context.render(
        "correct.html",
        status,
        referral=referral,
        own=own,
        groups=[(group, boxes_of(design, group)) for group in groups],
        sheet=late.slip_id if late else "",
        problem=problem,
        typed=typed,
        spellings=spellings_of(typed),
        offices=all_offices(context.store),
        gone=[letter for letter in referral.letters if letter.state in amend.OUT],
    )


def _names(value: AnswerValue) -> str:
    return BETWEEN.join(value) if isinstance(value, tuple) else str(value or "")


def _of_sheet(late: LateAnswer, record: Referral, phone_region: str) -> dict[str, str]:
    """What an answer sheet says, as the form's fields have it: a day as browsers write it."""
    tenses: dict[str, Tense] = {"birth_date": "birth", "next_visit_on": "future"}
    said: dict[str, str] = {}
    for name, value in late.text.items():
        if name in amend.DATES:
            day = parse_date(value, record.signed_on, tenses.get(name, "past")).on
            said |= {name: day.isoformat()} if day else {}
        else:
            said[name] = show_phone(value, phone_region) if name == amend.PHONE else value
    return said


def withdraw(context: RequestContext) -> Response:
    """Take a referral back: its slip waits again."""
    number = context.path_number("slip")
    withdrawal.withdraw(context.store, number, context.user)
    context.services.export_job.request()
    return context.redirect(f"/review/s{number}")
