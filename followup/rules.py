"""The follow-ups that an accepted referral creates: one function a rule, listed in `RULES`.

The terms are the practice standard of medical exercise studios: thank the provider within a day, call the
patient the next business day, have the assessment booked within a week, report every 30 days or in time for the
patient's next visit to the provider.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from followup.calendar import BusinessCalendar
from schemas.followup import FollowUpKind, LetterKind, PlannedFollowUp, PlannedLetter
from schemas.referral import Referral

CONTACT_BUSINESS_DAYS = 1
BOOK_WITHIN_DAYS = 7
REPORT_EVERY_DAYS = 30
REPORT_BUSINESS_DAYS_BEFORE_VISIT = 3

Rule = Callable[[Referral, date, BusinessCalendar], PlannedFollowUp]


def plan(referral: Referral, accepted_on: date, calendar: BusinessCalendar) -> tuple[PlannedFollowUp, ...]:
    """All follow-ups of a referral accepted on `accepted_on`; none is due before that day."""
    return tuple(rule(referral, accepted_on, calendar) for rule in RULES)


def letters(plans: Iterable[PlannedFollowUp]) -> tuple[PlannedLetter, ...]:
    """The letters that the follow-ups ask for."""
    return tuple(
        PlannedLetter(kind=LETTERS[each.kind], follow_up=each.kind, cycle=each.cycle)
        for each in plans
        if each.kind in LETTERS
    )


def _thank_provider(referral: Referral, accepted_on: date, calendar: BusinessCalendar) -> PlannedFollowUp:
    return PlannedFollowUp(kind=FollowUpKind.THANK_PROVIDER, due=accepted_on)


def _contact_patient(referral: Referral, accepted_on: date, calendar: BusinessCalendar) -> PlannedFollowUp:
    return PlannedFollowUp(kind=FollowUpKind.CONTACT_PATIENT, due=calendar.after(accepted_on, CONTACT_BUSINESS_DAYS))


def _book_assessment(referral: Referral, accepted_on: date, calendar: BusinessCalendar) -> PlannedFollowUp:
    return PlannedFollowUp(kind=FollowUpKind.BOOK_ASSESSMENT, due=accepted_on + timedelta(days=BOOK_WITHIN_DAYS))


def _progress_report(referral: Referral, accepted_on: date, calendar: BusinessCalendar) -> PlannedFollowUp:
    """Due with the 30 days, or earlier for a visit; a visit that is over asks for nothing."""
    due = accepted_on + timedelta(days=REPORT_EVERY_DAYS)
    visit = referral.next_visit_on
    if visit is not None and visit >= accepted_on:
        due = min(due, calendar.before(visit, REPORT_BUSINESS_DAYS_BEFORE_VISIT))
    return PlannedFollowUp(kind=FollowUpKind.PROGRESS_REPORT, due=max(due, accepted_on))


RULES: tuple[Rule, ...] = (_thank_provider, _contact_patient, _book_assessment, _progress_report)

LETTERS = {FollowUpKind.THANK_PROVIDER: LetterKind.THANK_YOU}
