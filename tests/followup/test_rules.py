"""What an accepted referral promises, and by when."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from followup.calendar import BusinessCalendar
from followup.rules import letters, plan
from schemas.followup import FollowUpKind, LetterKind
from schemas.referral import Referral

US = BusinessCalendar("US")
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))
TUESDAY = date(2026, 3, 3)


def _referral(next_visit_on: date | None = None) -> Referral:
    return Referral(
        design="met",
        edition=1,
        serial=123,
        patient_name="Ada Quill",
        patient_phone="+12125550142",
        signed_on=date(2020, 1, 1),
        next_visit_on=next_visit_on,
    )


def _due(kind: FollowUpKind, accepted_on: date, next_visit_on: date | None = None) -> date:
    return next(each.due for each in plan(_referral(next_visit_on), accepted_on, US) if each.kind is kind)


def test_every_referral_gets_one_follow_up_of_each_kind() -> None:
    """A kind without a rule would be a promise nobody keeps."""
    kinds = [each.kind for each in plan(_referral(), TUESDAY, US)]
    assert sorted(kinds) == sorted(FollowUpKind)


def test_the_provider_is_thanked_on_the_same_day() -> None:
    """The thanks go out within 24 hours, weekends included: a letter needs no open office."""
    saturday = date(2026, 3, 7)
    assert _due(FollowUpKind.THANK_PROVIDER, saturday) == saturday


def test_the_patient_is_called_on_the_next_business_day() -> None:
    """A Friday's referral is called on Monday, or on Tuesday when Monday is a federal holiday."""
    assert _due(FollowUpKind.CONTACT_PATIENT, date(2026, 3, 6)) == date(2026, 3, 9)
    assert _due(FollowUpKind.CONTACT_PATIENT, date(2026, 5, 22)) == date(2026, 5, 26)  # Memorial Day


def test_the_day_off_for_a_weekend_holiday_is_no_business_day() -> None:
    """4 July 2026 is a Saturday, so offices close on Friday the 3rd."""
    assert _due(FollowUpKind.CONTACT_PATIENT, date(2026, 7, 2)) == date(2026, 7, 6)


def test_the_assessment_is_to_be_booked_within_seven_days() -> None:
    """Seven calendar days, as the practice standard counts them."""
    assert _due(FollowUpKind.BOOK_ASSESSMENT, TUESDAY) == date(2026, 3, 10)


def test_the_first_report_is_due_after_thirty_days() -> None:
    """Without a next visit the monthly rhythm decides."""
    assert _due(FollowUpKind.PROGRESS_REPORT, TUESDAY) == date(2026, 4, 2)


def test_a_visit_brings_the_report_forward_by_three_business_days() -> None:
    """The provider should have read it when the patient walks in; 16 March less three business days is the 11th."""
    assert _due(FollowUpKind.PROGRESS_REPORT, TUESDAY, date(2026, 3, 16)) == date(2026, 3, 11)


def test_a_late_visit_does_not_delay_the_report() -> None:
    """Whichever is sooner: a visit in half a year does not silence the monthly report."""
    assert _due(FollowUpKind.PROGRESS_REPORT, TUESDAY, date(2026, 9, 1)) == date(2026, 4, 2)


def test_a_visit_tomorrow_makes_the_report_due_today() -> None:
    """Three business days before lie in the past, and nobody can work in the past."""
    assert _due(FollowUpKind.PROGRESS_REPORT, TUESDAY, date(2026, 3, 4)) == TUESDAY


def test_a_visit_that_is_over_asks_for_no_report() -> None:
    """A slip that lay in a drawer until the visit was over falls back to the monthly rhythm."""
    assert _due(FollowUpKind.PROGRESS_REPORT, TUESDAY, date(2026, 3, 2)) == date(2026, 4, 2)


@given(accepted_on=DAYS, visit=st.none() | DAYS)
def test_nothing_is_due_before_the_acceptance(accepted_on: date, visit: date | None) -> None:
    """A follow-up that is born overdue is noise that teaches people to ignore the list."""
    assert all(each.due >= accepted_on for each in plan(_referral(visit), accepted_on, US))


@given(accepted_on=DAYS)
def test_patients_are_only_called_on_business_days(accepted_on: date) -> None:
    """The call is due on the first business day after the acceptance, never on it."""
    due = _due(FollowUpKind.CONTACT_PATIENT, accepted_on)
    between = (accepted_on + timedelta(days=n) for n in range(1, (due - accepted_on).days))
    assert US.is_business_day(due)
    assert not any(US.is_business_day(day) for day in between)


@given(accepted_on=DAYS, visit=DAYS)
def test_reports_wait_thirty_days_at_most(accepted_on: date, visit: date) -> None:
    """Neither a visit nor a holiday stretches the month."""
    assert _due(FollowUpKind.PROGRESS_REPORT, accepted_on, visit) <= accepted_on + timedelta(days=30)


@given(day=DAYS, count=st.integers(1, 15))
def test_business_days_count_the_same_both_ways(day: date, count: int) -> None:
    """From a business day, so many forth and as many back end where they began."""
    start = US.after(day, 1)
    assert US.before(US.after(start, count), count) == start


def test_only_the_thanks_are_a_letter() -> None:
    """Calls and bookings are work for people; the thank-you is the one that goes out by itself."""
    (letter,) = letters(plan(_referral(), TUESDAY, US))
    assert (letter.kind, letter.follow_up, letter.cycle) == (LetterKind.THANK_YOU, FollowUpKind.THANK_PROVIDER, 1)
