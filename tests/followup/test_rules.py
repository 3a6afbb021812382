"""What a referral and an office promise, by when, and what comes next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.calendar import BusinessCalendar
from followup.rules import BOOKED, plan, plan_office
from schemas.export import MACHINE
from schemas.followup import (
    NOT_ASSESSED,
    Course,
    FollowUpKind,
    FollowUpPolicy,
    FollowUpState,
    HandOut,
    OfficeCourse,
    OverFollowUp,
    PastFollowUp,
    PlannedFollowUp,
    SlipsLeft,
)
from tests.followup.business_days import is_business_day

US = BusinessCalendar("US")
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))
TUESDAY = date(2026, 3, 3)
REPORT = FollowUpKind.PROGRESS_REPORT


def _asked(course: Course, kind: FollowUpKind) -> PlannedFollowUp | OverFollowUp | None:
    return next((each for each in plan(course, FollowUpPolicy(), US) if each.kind is kind), None)


def _due(kind: FollowUpKind, accepted_on: date, next_visit_on: date | None = None, **course: object) -> date:
    dates = {"accepted_on": accepted_on, "next_visit_on": next_visit_on, **course}
    asked = _asked(Course.model_validate(dates), kind)
    assert isinstance(asked, PlannedFollowUp)
    return asked.due


def _report_due(assessed_on: date, next_visit_on: date | None = None) -> date:
    """Of a patient who was assessed on the day of the referral."""
    return _due(REPORT, assessed_on, next_visit_on, assessed_on=assessed_on)


def _ended(
    kind: FollowUpKind, due: date, on: date | None = None, cycle: int = 1, state: FollowUpState = FollowUpState.DONE
) -> PastFollowUp:
    return PastFollowUp(kind=kind, cycle=cycle, due=due, state=state, ended_on=on or due)


def _next_report(*past: PastFollowUp, visit: date | None = None, told: date | None = None) -> PlannedFollowUp:
    course = Course(accepted_on=TUESDAY, assessed_on=TUESDAY, next_visit_on=visit, visit_told_on=told, past=past)
    asked = _asked(course, REPORT)
    assert isinstance(asked, PlannedFollowUp)
    return asked


def test_a_new_referral_asks_for_thanks_a_call_and_a_booking() -> None:
    """What depends on the assessment comes with the assessment: of whom should a report tell before?"""
    planned = [each for each in plan(Course(accepted_on=TUESDAY), FollowUpPolicy(), US) if _is_planned(each)]
    assert [each.kind.value for each in planned] == ["thank_provider", "contact_patient", "book_assessment"]


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


def test_the_first_report_is_due_thirty_days_after_the_assessment() -> None:
    """Without a next visit the monthly rhythm decides, however long the referral lay before."""
    assert _report_due(TUESDAY) == date(2026, 4, 2)
    assert _due(REPORT, date(2026, 1, 5), assessed_on=TUESDAY) == date(2026, 4, 2)


@pytest.mark.parametrize("visit", [None, date(2026, 3, 16), date(2026, 3, 4), date(2026, 9, 1)])
def test_no_report_is_due_before_there_is_an_assessment(visit: date | None) -> None:
    """By January, 20 reports were late, and 19 of them of patients whom nobody had assessed."""
    over = _asked(Course(accepted_on=TUESDAY, next_visit_on=visit), REPORT)
    assert isinstance(over, OverFollowUp)
    assert (over.state, over.why) == (FollowUpState.SKIPPED, NOT_ASSESSED)


def test_a_visit_moves_the_assessment_before_it() -> None:
    """What the provider wants to read at the visit of the 11th is written by the 6th: so the booking is due by then."""
    booked = (_ended(FollowUpKind.BOOK_ASSESSMENT, date(2026, 3, 5)),)
    assert _due(FollowUpKind.BOOK_ASSESSMENT, TUESDAY, date(2026, 3, 11)) == date(2026, 3, 6)
    assert _due(FollowUpKind.ASSESS_PATIENT, TUESDAY, date(2026, 3, 16), past=booked) == date(2026, 3, 11)
    told = date(2026, 3, 10)
    due = _due(FollowUpKind.ASSESS_PATIENT, TUESDAY, date(2026, 3, 12), visit_told_on=told, past=booked)
    assert due == told


def test_a_visit_that_no_assessment_can_come_before_moves_nothing() -> None:
    """Tomorrow somebody calls for the first time: a booking due today would be a task born late."""
    assert _due(FollowUpKind.BOOK_ASSESSMENT, TUESDAY, date(2026, 3, 4)) == date(2026, 3, 10)
    assert _due(FollowUpKind.BOOK_ASSESSMENT, TUESDAY, date(2026, 3, 5)) == date(2026, 3, 4)


def test_who_was_booked_is_to_be_assessed_within_a_week() -> None:
    """Who was booked and never came would otherwise be on no list, now that no report is due of them."""
    booked = (_ended(FollowUpKind.BOOK_ASSESSMENT, date(2026, 3, 5)),)
    assert _asked(Course(accepted_on=TUESDAY), FollowUpKind.ASSESS_PATIENT) is None
    assert _due(FollowUpKind.ASSESS_PATIENT, TUESDAY, past=booked) == date(2026, 3, 12)
    came = Course(accepted_on=TUESDAY, past=booked, assessed_on=date(2026, 3, 9))
    over = _asked(came, FollowUpKind.ASSESS_PATIENT)
    assert isinstance(over, OverFollowUp)
    assert over.state is FollowUpState.DONE


def test_a_call_that_an_appointment_ended_stands_again_without_it() -> None:
    """It was of the wrong patient. Who canceled was reached all the same, and what a person settled stays settled."""
    calls, assess = (FollowUpKind.CONTACT_PATIENT, FollowUpKind.BOOK_ASSESSMENT), FollowUpKind.ASSESS_PATIENT
    by_rule = {
        "due": date(2026, 3, 4),
        "ended_on": date(2026, 3, 5),
        "state": FollowUpState.DONE,
        "settled_by": MACHINE,
    }
    past = tuple(PastFollowUp(kind=kind, cycle=1, note=BOOKED, **by_rule) for kind in calls)
    taken_back = Course(accepted_on=TUESDAY, past=past)
    assert [_asked(taken_back, kind) for kind in calls] == [
        PlannedFollowUp(kind=calls[0], due=date(2026, 3, 4)),
        PlannedFollowUp(kind=calls[1], due=date(2026, 3, 10)),
    ]
    assert isinstance(_asked(taken_back, assess), OverFollowUp)
    canceled = taken_back.model_copy(update={"was_booked": True})
    by_person = Course(accepted_on=TUESDAY, past=tuple(one.model_copy(update={"settled_by": "kim"}) for one in past))
    for course in (canceled, by_person):
        assert [_asked(course, kind) for kind in calls] == [None, None]
        assert isinstance(_asked(course, assess), PlannedFollowUp)


def test_the_summary_serves_a_visit_that_comes_within_its_week() -> None:
    """Two days after the assessment a progress report has nothing to tell; the provider needs the summary."""
    visit = date(2026, 3, 11)
    assert _due(FollowUpKind.ASSESSMENT_SUMMARY, TUESDAY, visit, assessed_on=TUESDAY) == date(2026, 3, 6)
    assert _report_due(TUESDAY, visit) == date(2026, 4, 2)


def test_a_report_planned_before_the_assessment_had_no_month_of_its_own() -> None:
    """Of the records of before: it was skipped on 5 March, due 2 April; the patient was assessed on the 3rd."""
    early = _ended(REPORT, date(2026, 4, 2), on=date(2026, 3, 5), state=FollowUpState.SKIPPED)
    asked = _next_report(early.model_copy(update={"note": NOT_ASSESSED}), visit=date(2026, 3, 16))
    assert (asked.due, asked.cycle) == (date(2026, 3, 11), 2)


def test_a_visit_brings_the_report_forward_by_three_business_days() -> None:
    """The provider should have read it when the patient walks in; 16 March less three business days is the 11th."""
    assert _report_due(TUESDAY, date(2026, 3, 16)) == date(2026, 3, 11)


def test_a_late_visit_does_not_delay_the_report() -> None:
    """Whichever is sooner: a visit in half a year does not silence the monthly report."""
    assert _report_due(TUESDAY, date(2026, 9, 1)) == date(2026, 4, 2)


def test_a_visit_tomorrow_makes_the_summary_due_today() -> None:
    """Three business days before lie in the past, and nobody can work in the past."""
    assert _due(FollowUpKind.ASSESSMENT_SUMMARY, TUESDAY, date(2026, 3, 4), assessed_on=TUESDAY) == TUESDAY


def test_a_visit_that_is_over_asks_for_no_report() -> None:
    """A slip that lay in a drawer until the visit was over falls back to the monthly rhythm."""
    assert _report_due(TUESDAY, date(2026, 3, 2)) == date(2026, 4, 2)


def test_the_next_report_is_due_thirty_days_after_the_last() -> None:
    """Counted from the day it went out: a report given early for a visit starts the month anew."""
    asked = _next_report(_ended(REPORT, date(2026, 4, 2), on=date(2026, 4, 4)))
    assert (asked.due, asked.cycle) == (date(2026, 5, 4), 2)


def test_one_visit_has_one_report() -> None:
    """The report for the visit of 16 March went out on its day, the 11th: the next is not for the same visit."""
    done = _ended(REPORT, date(2026, 3, 11))
    assert _next_report(done, visit=date(2026, 3, 16)).due == date(2026, 4, 10)
    early = _ended(REPORT, date(2026, 3, 11), on=date(2026, 3, 6))
    assert _next_report(early, visit=date(2026, 3, 16)).due == date(2026, 4, 5)


def test_the_report_moves_when_the_next_visit_does() -> None:
    """The patient tells on 10 March that the visit of the 30th is on the 18th now."""
    moved = _next_report(visit=date(2026, 3, 18), told=date(2026, 3, 10))
    assert (moved.due, moved.cycle) == (date(2026, 3, 13), 1)


def test_a_visit_told_too_late_makes_the_report_due_on_the_day_it_was_told() -> None:
    """Born overdue it would only teach people to ignore the list."""
    assert _next_report(visit=date(2026, 3, 18), told=date(2026, 3, 17)).due == date(2026, 3, 17)


def test_a_report_that_went_out_in_time_serves_a_visit_told_afterwards() -> None:
    """On the 13th the report went out; on the 14th one hears of a visit on the 16th: nobody needs another."""
    done = _ended(REPORT, date(2026, 4, 2), on=date(2026, 3, 13))
    assert _next_report(done, visit=date(2026, 3, 16), told=date(2026, 3, 14)).due == date(2026, 4, 12)


def test_a_report_skipped_before_its_day_has_had_its_month() -> None:
    """Skipping April's report in March must not make the next one due in April."""
    skipped = _ended(REPORT, date(2026, 4, 2), on=date(2026, 3, 5), state=FollowUpState.SKIPPED)
    assert _next_report(skipped).due == date(2026, 5, 2)


def test_the_assessment_ends_call_and_booking_and_asks_for_its_summary() -> None:
    """Whoever was assessed was reached; the provider hears of it within a week."""
    course = Course(accepted_on=TUESDAY, assessed_on=date(2026, 3, 9))
    for kind in (FollowUpKind.CONTACT_PATIENT, FollowUpKind.BOOK_ASSESSMENT):
        over = _asked(course, kind)
        assert isinstance(over, OverFollowUp)
        assert over.state is FollowUpState.DONE
    summary = _asked(course, FollowUpKind.ASSESSMENT_SUMMARY)
    assert isinstance(summary, PlannedFollowUp)
    assert summary.due == date(2026, 3, 16)


def test_the_end_of_the_course_asks_for_the_discharge_summary_and_ends_the_rest() -> None:
    """The chain of reports has an end, and the thanks are owed still."""
    asked = plan(Course(accepted_on=TUESDAY, discharged_on=date(2026, 6, 1)), FollowUpPolicy(), US)
    planned = {each.kind.value: each.due for each in asked if isinstance(each, PlannedFollowUp)}
    assert planned == {"thank_provider": TUESDAY, "discharge_summary": date(2026, 6, 1)}
    assert {each.state for each in asked if isinstance(each, OverFollowUp)} == {FollowUpState.SKIPPED}


def test_what_has_ended_is_not_asked_for_again() -> None:
    """Thanks, call, booking and assessment happen once a referral."""
    once = ("thank_provider", "contact_patient", "book_assessment", "assess_patient")
    past = tuple(_ended(FollowUpKind(kind), TUESDAY) for kind in once)
    asked = plan(Course(accepted_on=TUESDAY, past=past), FollowUpPolicy(), US)
    assert [each.kind for each in asked if _is_planned(each)] == []


def test_settings_change_the_days() -> None:
    """Another studio has other terms with its offices."""
    terms = FollowUpPolicy(contact_business_days=2, book_within_days=10, report_every_days=28)
    courses = (Course(accepted_on=TUESDAY), Course(accepted_on=TUESDAY, assessed_on=TUESDAY))
    asked = [each for course in courses for each in plan(course, terms, US)]
    due = {each.kind.value: each.due for each in asked if isinstance(each, PlannedFollowUp)}
    assert due["contact_patient"] == date(2026, 3, 5)
    assert due["book_assessment"] == date(2026, 3, 13)
    assert due["progress_report"] == date(2026, 3, 31)


def _is_planned(each: PlannedFollowUp | OverFollowUp) -> bool:
    return isinstance(each, PlannedFollowUp)


@given(accepted_on=DAYS, visit=st.none() | DAYS)
def test_nothing_is_due_before_the_acceptance(accepted_on: date, visit: date | None) -> None:
    """A follow-up that is born overdue is noise that teaches people to ignore the list."""
    assessed = Course(accepted_on=accepted_on, next_visit_on=visit, assessed_on=accepted_on)
    courses = (assessed, assessed.model_copy(update={"assessed_on": None}))
    asked = [each for course in courses for each in plan(course, FollowUpPolicy(), US)]
    assert all(each.due >= accepted_on for each in asked if isinstance(each, PlannedFollowUp))


@given(accepted_on=DAYS)
def test_patients_are_only_called_on_business_days(accepted_on: date) -> None:
    """The call is due on the first business day after the acceptance, never on it."""
    due = _due(FollowUpKind.CONTACT_PATIENT, accepted_on)
    between = (accepted_on + timedelta(days=n) for n in range(1, (due - accepted_on).days))
    assert is_business_day(US, due)
    assert not any(is_business_day(US, day) for day in between)


@given(accepted_on=DAYS, visit=DAYS)
def test_reports_wait_thirty_days_at_most(accepted_on: date, visit: date) -> None:
    """Neither a visit nor a holiday stretches the month."""
    assert _report_due(accepted_on, visit) <= accepted_on + timedelta(days=30)


@given(late=st.lists(st.integers(-10, 40), min_size=1, max_size=12), visit=st.none() | st.integers(0, 200))
def test_the_chain_goes_on_for_ever_and_never_backwards(late: list[int], visit: int | None) -> None:
    """However early or late each report goes out: the next is another cycle, due after it, within thirty days."""
    visit_on = None if visit is None else TUESDAY + timedelta(days=visit)
    past: list[PastFollowUp] = []
    for days in late:
        asked = _next_report(*past, visit=visit_on)
        assert asked.cycle == len(past) + 1
        if past:
            assert past[-1].ended_on <= asked.due <= past[-1].ended_on + timedelta(days=30)
        since = past[-1].ended_on if past else TUESDAY
        past.append(_ended(REPORT, asked.due, on=max(asked.due + timedelta(days=days), since), cycle=asked.cycle))


def _office(course: OfficeCourse, kind: FollowUpKind) -> list[PlannedFollowUp | OverFollowUp]:
    return [each for each in plan_office(course, FollowUpPolicy()) if each.kind is kind]


def _pads(number: int, given_on: date, *left: tuple[date, int]) -> HandOut:
    return HandOut(number=number, given_on=given_on, slips=50, seen=tuple(SlipsLeft(on=on, slips=n) for on, n in left))


@pytest.mark.parametrize(
    ("referral", "touched", "due"),
    [(None, None, date(2026, 5, 2)), (date(2026, 4, 1), None, date(2026, 5, 31)), (None, date(2026, 5, 4), None)],
)
def test_an_office_is_kept_in_touch_with_after_sixty_quiet_days(
    referral: date | None, touched: date | None, due: date | None
) -> None:
    """Counted from pads, from the last referral, or from the last time somebody was in touch."""
    past = (_ended(FollowUpKind.KEEP_IN_TOUCH, touched),) if touched else ()
    course = OfficeCourse(hand_outs=(_pads(1, TUESDAY),), last_referral_on=referral, past=past)
    [asked] = _office(course, FollowUpKind.KEEP_IN_TOUCH)
    assert isinstance(asked, PlannedFollowUp)
    assert (asked.due, asked.cycle) == (due or date(2026, 7, 3), 2 if touched else 1)


def test_an_office_that_never_had_pads_nor_referred_is_left_alone() -> None:
    """An address entered is no relation yet."""
    assert plan_office(OfficeCourse(), FollowUpPolicy()) == ()


def test_pads_are_to_be_restocked_once_when_a_fifth_is_left() -> None:
    """Due the day the serial came in that left so few, however many come after it."""
    low = _pads(7, TUESDAY, (date(2026, 4, 1), 30), (date(2026, 5, 5), 10), (date(2026, 5, 9), 8))
    [asked] = _office(OfficeCourse(hand_outs=(low,)), FollowUpKind.RESTOCK_PADS)
    assert asked == PlannedFollowUp(kind=FollowUpKind.RESTOCK_PADS, due=date(2026, 5, 5), cycle=7)
    done = (_ended(FollowUpKind.RESTOCK_PADS, date(2026, 5, 5), cycle=7),)
    assert _office(OfficeCourse(hand_outs=(low,), past=done), FollowUpKind.RESTOCK_PADS) == []


def test_new_pads_end_the_reminder() -> None:
    """Whoever prints new pads for the office has restocked it."""
    course = OfficeCourse(hand_outs=(_pads(7, TUESDAY), _pads(9, date(2026, 5, 20))))
    [first, second] = _office(course, FollowUpKind.RESTOCK_PADS)
    assert isinstance(first, OverFollowUp)
    assert isinstance(second, OverFollowUp)
    assert (first.cycle, second.cycle) == (7, 9)
