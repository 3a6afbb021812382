"""Which follow-ups ought to stand, and when each is due: one function a rule, listed in `RULES` and `OFFICE_RULES`.

The rules are the practice standard of medical exercise studios: thank the provider within a day, call the
patient the next business day, have the assessment booked within a week, sum it up a week later, report every 30
days or in time for the patient's next visit to the provider, and stay in touch with the office. `FollowUpPolicy` holds
the days. No report is due of a patient who was not assessed: until then a next visit moves the assessment.

A rule looks at the whole course and says what should stand now, however it came about. So it may be asked again at
any time: what it says twice is planned once. What a rule ended because of a session or an appointment it asks for
again, by the same cycle, once that was taken back; what a person settled it leaves alone.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from followup.calendar import BusinessCalendar
from schemas.export import MACHINE
from schemas.followup import (
    NOT_ASSESSED,
    PATIENT_DECLINED,
    Course,
    FollowUpKind,
    FollowUpPolicy,
    FollowUpState,
    OfficeCourse,
    OverFollowUp,
    PastFollowUp,
    Plan,
    PlannedFollowUp,
)

Asked = PlannedFollowUp | OverFollowUp | None
Rule = Callable[[Course, FollowUpPolicy, BusinessCalendar], Asked]
OfficeRule = Callable[[OfficeCourse, FollowUpPolicy], Iterator[PlannedFollowUp | OverFollowUp]]

COURSE_ENDED = "The course has ended."
ASSESSED = "The assessment has taken place."
BOOKED = "An appointment is booked."
NOT_BOOKED = "No appointment is booked any more."
NO_VISIT = "No visit is logged any more."
TOLD_ALREADY = "The assessment summary has told it."
GIVEN_UP = "Nobody calls the patient any more."
CAME_AGAIN = "The patient came again, or has not missed so many."
RESTOCKED = "The office has slips enough."


def plan(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Plan:
    """The follow-ups of a referral that should be open now; none is due before the acceptance."""
    asked = (rule(course, policy, calendar) for rule in RULES)
    return tuple(follow_up for follow_up in asked if follow_up is not None)


def plan_office(course: OfficeCourse, policy: FollowUpPolicy) -> Plan:
    """The follow-ups of an office that should be open now."""
    return tuple(follow_up for rule in OFFICE_RULES for follow_up in rule(course, policy))


def _thank_provider(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    return _once(course, FollowUpKind.THANK_PROVIDER, course.accepted_on)


def _contact_patient(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    return _until_booked(course, FollowUpKind.CONTACT_PATIENT, _call_by(course, policy, calendar))


def _book_assessment(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    due = course.accepted_on + timedelta(days=policy.book_within_days)
    return _until_booked(course, FollowUpKind.BOOK_ASSESSMENT, _before_visit(due, course, policy, calendar))


def _assess_patient(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    """On the day of the appointment; from the booking on, so that whoever never came is not forgotten."""
    kind, booked = FollowUpKind.ASSESS_PATIENT, course.last(FollowUpKind.BOOK_ASSESSMENT)
    if course.booked_on is not None:
        return _until_assessed(course, kind, course.booked_on)
    if booked is None:
        return _until_assessed(course, kind, None)
    if _is_unbooked(course, booked):
        return _until_assessed(course, kind, None) or _over(kind, FollowUpState.SKIPPED, NOT_BOOKED)
    due = booked.ended_on + timedelta(days=policy.assess_within_days)
    return _until_assessed(course, kind, max(_before_visit(due, course, policy, calendar), booked.ended_on))


def _introduce(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    """Within a day of the first visit that is logged; the summary tells all that this letter would tell."""
    kind = FollowUpKind.INTRODUCE
    if course.first_visit_on is None:
        return _over(kind, FollowUpState.SKIPPED, NO_VISIT)
    if course.discharged_on is not None or course.last(FollowUpKind.ASSESSMENT_SUMMARY):
        return _over(kind, FollowUpState.SKIPPED, TOLD_ALREADY)
    last, due = course.last(kind), course.first_visit_on + timedelta(days=1)
    if last is not None and last.note != NO_VISIT:
        return None
    return PlannedFollowUp(kind=kind, due=max(due, course.accepted_on), cycle=last.cycle + 1 if last else 1)


def _assessment_summary(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    """Earlier for a visit; the discharge summary tells all that this one would have told."""
    kind = FollowUpKind.ASSESSMENT_SUMMARY
    if course.discharged_on is not None:
        return _over(kind, FollowUpState.SKIPPED, COURSE_ENDED)
    if course.assessed_on is None:
        return None
    due, deadline = _summary_by(course.assessed_on, policy), _visit_deadline(course, policy, calendar)
    if deadline is not None:
        due = min(due, max(deadline, _told_on(course), course.assessed_on))
    return _once(course, kind, due)


def _progress_report(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    """Due with the 30 days from the assessment on, or earlier for a visit; until the course ends."""
    kind = FollowUpKind.PROGRESS_REPORT
    if course.discharged_on is not None:
        return _over(kind, FollowUpState.SKIPPED, COURSE_ENDED)
    if course.assessed_on is None:
        return _over(kind, FollowUpState.SKIPPED, _why_none_begins(course) or NOT_ASSESSED)
    last = course.last(kind)
    due = _counted_from(course.assessed_on, last) + timedelta(days=policy.report_every_days)
    deadline = _visit_deadline(course, policy, calendar)
    if deadline is not None and deadline > _reported_by(course.assessed_on, last, policy):
        due = min(due, max(deadline, _told_on(course)))
    return PlannedFollowUp(kind=kind, due=max(due, course.accepted_on), cycle=last.cycle + 1 if last else 1)


def _ask_after_missed(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    """So many sessions in a row that nobody asked about yet: on the next business day somebody asks."""
    kind, last = FollowUpKind.ASK_AFTER_MISSED, course.last(FollowUpKind.ASK_AFTER_MISSED)
    if course.discharged_on is not None:
        return _over(kind, FollowUpState.SKIPPED, COURSE_ENDED)
    asked = [past.ended_on for past in course.past if past.kind is kind and not _ended_by_rule(past, CAME_AGAIN)]
    unasked = [on for on in course.missed if not asked or on > max(asked)]
    if len(unasked) < policy.ask_after_missed:
        return _over(kind, FollowUpState.DONE, CAME_AGAIN)
    due = calendar.after(unasked[policy.ask_after_missed - 1], 1)
    never_came = last is not None and _ended_by_rule(last, CAME_AGAIN) and unasked[0] <= last.ended_on
    return PlannedFollowUp(kind=kind, due=due, cycle=last.cycle + (not never_came) if last else 1)


def _discharge_summary(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> Asked:
    if course.discharged_on is None:
        return None
    return _once(course, FollowUpKind.DISCHARGE_SUMMARY, course.discharged_on)


def _keep_in_touch(course: OfficeCourse, policy: FollowUpPolicy) -> Iterator[PlannedFollowUp | OverFollowUp]:
    """Counted anew from each referral, each hand-out of pads, each visit or talk, and each time in touch."""
    kind = FollowUpKind.KEEP_IN_TOUCH
    last = course.last(kind)
    heard = (
        course.last_referral_on,
        course.last_outreach_on,
        last.ended_on if last else None,
        *(hand_out.given_on for hand_out in course.hand_outs),
    )
    since = max((day for day in heard if day is not None), default=None)
    if since is not None:
        due = since + timedelta(days=policy.office_quiet_days)
        yield PlannedFollowUp(kind=kind, due=due, cycle=last.cycle + 1 if last else 1)


def _restock_pads(course: OfficeCourse, policy: FollowUpPolicy) -> Iterator[PlannedFollowUp | OverFollowUp]:
    """Once for each hand-out whose slips run low, whose number is the cycle; new pads end it."""
    kind = FollowUpKind.RESTOCK_PADS
    ended = {past.cycle for past in course.past if past.kind is kind}
    for given in course.hand_outs:
        few = policy.pads_low_share * given.slips
        low_since = next((count.on for count in given.seen if count.slips <= few), None)
        if low_since is None:
            yield _over(kind, FollowUpState.DONE, RESTOCKED, given.number)
        elif given.number not in ended:
            yield PlannedFollowUp(kind=kind, due=low_since, cycle=given.number)


def _once(course: Course, kind: FollowUpKind, due: date) -> Asked:
    last = course.last(kind)
    if last is None or _is_unbooked(course, last) or _ended_by_rule(last, NOT_BOOKED):
        return PlannedFollowUp(kind=kind, due=max(due, course.accepted_on), cycle=last.cycle if last else 1)
    return None


def _is_unbooked(course: Course, past: PastFollowUp) -> bool:
    """Whether an appointment ended it that was taken back since: none was ever booked, as it turned out."""
    return not course.was_booked and _ended_by_rule(past, BOOKED)


def _ended_by_rule(past: PastFollowUp, why: str) -> bool:
    return past.settled_by == MACHINE and past.note == why


def _until_booked(course: Course, kind: FollowUpKind, due: date) -> Asked:
    """Who has an appointment was reached; who never had one, as it turns out, is called again."""
    if course.booked_on is not None and course.assessed_on is None and course.discharged_on is None:
        return _over(kind, FollowUpState.DONE, BOOKED)
    return _until_assessed(course, kind, due)


def _until_assessed(course: Course, kind: FollowUpKind, due: date | None) -> Asked:
    if course.assessed_on is not None:
        return _over(kind, FollowUpState.DONE, ASSESSED)
    if course.discharged_on is not None:
        return _over(kind, FollowUpState.SKIPPED, COURSE_ENDED)
    if why := _why_none_begins(course):
        return _over(kind, FollowUpState.SKIPPED, why)
    return None if due is None else _once(course, kind, due)


def _why_none_begins(course: Course) -> str:
    """Why no course begins, "" while one may; whoever came to the assessment all the same has thought better of it."""
    if course.assessed_on is not None:
        return ""
    if course.declined_on is not None:
        return PATIENT_DECLINED
    return GIVEN_UP if course.calls_ended_on is not None else ""


def _over(kind: FollowUpKind, state: FollowUpState, why: str, cycle: int | None = None) -> OverFollowUp:
    return OverFollowUp.model_validate({"kind": kind, "state": state, "why": why, "cycle": cycle})


def _counted_from(assessed_on: date, last: PastFollowUp | None) -> date:
    """A report that was skipped before its day had its month; one that no assessment preceded had none."""
    if last is None or last.note == NOT_ASSESSED:
        return assessed_on
    return max(last.ended_on, last.due) if last.state is FollowUpState.SKIPPED else last.ended_on


def _reported_by(assessed_on: date, last: PastFollowUp | None, policy: FollowUpPolicy) -> date:
    """Up to when a visit is served by the report before this one: the last, or the assessment's summary."""
    if last is None or last.note == NOT_ASSESSED:
        return _summary_by(assessed_on, policy)
    return max(last.due, last.ended_on)


def _summary_by(assessed_on: date, policy: FollowUpPolicy) -> date:
    return assessed_on + timedelta(days=policy.summary_within_days)


def _call_by(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> date:
    return calendar.after(course.accepted_on, policy.contact_business_days)


def _before_visit(due: date, course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> date:
    """`due`, or earlier, so that the visit finds a report of the assessment; never before the first call.

    A visit on the day of that call, or before it, moves nothing: nobody could be assessed by then.
    """
    deadline, first = (
        _visit_deadline(course, policy, calendar),
        max(_call_by(course, policy, calendar), _told_on(course)),
    )
    if deadline is None or course.next_visit_on is None or course.next_visit_on <= first:
        return due
    return min(due, max(deadline, first))


def _visit_deadline(course: Course, policy: FollowUpPolicy, calendar: BusinessCalendar) -> date | None:
    """The last day for a report before the next visit; None when no visit is known, or it was over when told."""
    visit = course.next_visit_on
    if visit is None or visit < _told_on(course):
        return None
    return calendar.before(visit, policy.report_business_days_before_visit)


def _told_on(course: Course) -> date:
    """Nobody can have worked for a visit before it became known."""
    return max(course.visit_told_on or course.accepted_on, course.accepted_on)


RULES: tuple[Rule, ...] = (
    _thank_provider,
    _contact_patient,
    _book_assessment,
    _assess_patient,
    _introduce,
    _assessment_summary,
    _progress_report,
    _ask_after_missed,
    _discharge_summary,
)
OFFICE_RULES: tuple[OfficeRule, ...] = (_restock_pads, _keep_in_touch)
