"""Appointments and sessions: logged once, counted by reports, and asked about when a patient stays away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from followup import rules as followup_rules
from followup.calendar import BusinessCalendar
from schemas.appointment import AppointmentState
from schemas.course import Discharge, Progress
from schemas.errors import UsageError
from schemas.followup import CallOutcome, FollowUpKind, FollowUpPolicy, FollowUpState
from store.clock import SetClock
from store.courses.appointments import in_course, to_log
from store.courses.courses import course
from store.courses.entries import finish
from store.courses.session_log import book, log_session, mark_appointment
from store.database import Store
from store.followups.actions import assign, postpone, settle
from store.followups.calls import note_call
from store.followups.listing import FollowUpQuery, list_follow_ups
from store.studio_rules import StudioRules
from store.tables import appointment, follow_up, outbox
from store.verify import verify
from tests.audit import audit_lines
from tests.fake_reader import example_rules, slip_reading
from tests.schemas.entries import assessment, discharge, progress
from tests.store.helpers import recorded, taken

WHO = "kim"
TODAY = date(2026, 3, 9)
CAME, MISSED, CANCELED = AppointmentState.ATTENDED, AppointmentState.MISSED, AppointmentState.CANCELED


@pytest.fixture
def rules() -> StudioRules:
    """The example pad with the real rules."""
    plan = partial(followup_rules.plan, policy=FollowUpPolicy(), calendar=BusinessCalendar())
    return replace(example_rules(), plan=plan)


@pytest.fixture(autouse=True)
def record(store: Store, inbox: Path, rules: StudioRules, clock: SetClock) -> None:
    """One referral of 3 March, looked at on the 9th."""
    recorded(store, taken(store, inbox / "scan.pdf"), slip_reading(), rules=rules)
    clock.move(timedelta(days=6))


def standing(store: Store) -> dict[FollowUpKind, date]:
    return {task.kind: task.due for task in list_follow_ups(store, FollowUpQuery()).follow_ups}


def test_a_session_that_is_logged_twice_is_one(store: Store, rules: StudioRules) -> None:
    """A double click, a second window, a colleague: the last word counts, and verify finds each as it was written."""
    log_session(store, rules, 1, TODAY, CAME, WHO, 50, "step-ups")
    log_session(store, rules, 1, TODAY, CAME, "lee")
    [session] = course(store, 1).appointments
    assert (session.state, session.minutes, session.note, session.changed_by) == (CAME, 50, "step-ups", "lee")
    mark_appointment(store, rules, session.id, MISSED, WHO)
    assert [one.state for one in course(store, 1).appointments] == [MISSED]
    assert [line["what"] for line in audit_lines(store)[-3:]] == ["attended", "attended", "missed"]
    assert verify(store) == []
    with store.write() as connection:
        connection.execute(appointment.update().values(state="attended"))
    assert [problem.subject for problem in verify(store)] == ["appointment 1"]


def test_a_booking_ends_the_calls_and_says_when_the_assessment_is_due(
    store: Store, rules: StudioRules, clock: SetClock
) -> None:
    """Who has an appointment was reached; whoever does not come is on the list from that day on."""
    book(store, rules, 1, date(2026, 3, 12), WHO, time(9, 30))
    assert standing(store)[FollowUpKind.ASSESS_PATIENT] == date(2026, 3, 12)
    assert not {FollowUpKind.CONTACT_PATIENT, FollowUpKind.BOOK_ASSESSMENT} & standing(store).keys()
    clock.move(timedelta(days=3))
    [due] = to_log(store)
    assert (due.on, due.at, due.patient_name) == (date(2026, 3, 12), time(9, 30), "Ada Quill")
    mark_appointment(store, rules, due.id, MISSED, WHO)
    assert FollowUpKind.ASSESS_PATIENT in standing(store)
    clock.move(timedelta(days=1))
    assert to_log(store) == []


def test_the_first_visit_is_told_within_a_day(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """Its letter is written at once, and once; taken back, there was no visit; after the summary nothing is left."""
    introduce = FollowUpKind.INTRODUCE
    log_session(store, rules, 1, TODAY, MISSED, WHO)
    assert introduce not in standing(store)
    log_session(store, rules, 1, TODAY, CAME, WHO)
    assert standing(store)[introduce] == date(2026, 3, 10)
    assert kinds_of_letters(store).count("introduction") == 1
    log_session(store, rules, 1, TODAY, MISSED, WHO)
    assert introduce not in standing(store)
    log_session(store, rules, 1, TODAY, CAME, WHO)
    assert kinds_of_letters(store).count("introduction") == 2
    assert verify(store) == []
    finish(store, rules, 1, assessment(), WHO)
    clock.move(timedelta(days=2))
    log_session(store, rules, 1, date(2026, 3, 11), CAME, WHO)
    assert kinds_of_letters(store).count("introduction") == 2
    settle(store, rules, _open(store, FollowUpKind.ASSESSMENT_SUMMARY), FollowUpState.DONE, WHO)
    assert introduce not in standing(store)


def test_a_weekly_hour_is_booked_at_once_and_logged_day_by_day(
    store: Store, rules: StudioRules, clock: SetClock
) -> None:
    """Nobody types ten Thursdays; the one that nobody has logged stays on the list."""
    kept = book(store, rules, 1, date(2026, 3, 12), WHO, weeks=3)
    assert [one.on for one in kept] == [date(2026, 3, 12), date(2026, 3, 19), date(2026, 3, 26)]
    clock.move(timedelta(days=10))
    assert [one.on for one in to_log(store)] == [date(2026, 3, 12), date(2026, 3, 19)]


def test_reports_count_the_sessions_of_their_time(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """Progress since the entry before it, the discharge over the course; what somebody typed is left alone."""
    finish(store, rules, 1, assessment(), WHO)
    assert [one.patient_name for one in in_course(store)] == ["Ada Quill"]
    clock.move(timedelta(days=24))
    for day, state in ((9, CAME), (12, CAME), (16, MISSED), (19, CANCELED), (23, CAME)):
        log_session(store, rules, 1, date(2026, 3, day), state, WHO)
    said = {name: value for name, value in progress().items() if name != "sessions_attended"}
    entry = finish(store, rules, 1, said, WHO).entry()
    assert isinstance(entry, Progress)
    assert entry.sessions_attended == 2
    settle(store, rules, _open(store, FollowUpKind.PROGRESS_REPORT), FollowUpState.DONE, WHO)
    clock.move(timedelta(days=70))
    log_session(store, rules, 1, date(2026, 4, 6), CAME, WHO)
    ended = {name: value for name, value in discharge().items() if name != "sessions_attended"}
    last = finish(store, rules, 1, ended, WHO).entry()
    assert isinstance(last, Discharge)
    assert last.sessions_attended == 3
    assert in_course(store) == []


def test_a_report_without_a_log_still_asks_for_the_number(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """Nought sessions would be a lie where nobody logs any; a number that is typed goes before the log's."""
    finish(store, rules, 1, assessment(), WHO)
    clock.move(timedelta(days=24))
    said = {name: value for name, value in progress().items() if name != "sessions_attended"}
    with pytest.raises(UsageError, match="Sessions attended"):
        finish(store, rules, 1, said, WHO)
    log_session(store, rules, 1, date(2026, 3, 12), CAME, WHO)
    entry = finish(store, rules, 1, progress(sessions_attended=7), WHO).entry()
    assert isinstance(entry, Progress)
    assert entry.sessions_attended == 7


def test_three_missed_in_a_row_are_asked_about_once(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """Canceled in time is not missed; who came again is not asked; three more are asked about again."""
    finish(store, rules, 1, assessment(), WHO)
    clock.move(timedelta(days=30))
    asks = FollowUpKind.ASK_AFTER_MISSED
    for day, state in ((10, MISSED), (11, CAME), (12, MISSED), (13, CANCELED), (16, MISSED)):
        log_session(store, rules, 1, date(2026, 3, day), state, WHO)
    assert asks not in standing(store)
    log_session(store, rules, 1, date(2026, 3, 20), MISSED, WHO)
    assert standing(store)[asks] == date(2026, 3, 23)
    log_session(store, rules, 1, date(2026, 3, 20), CAME, WHO)
    assert asks not in standing(store)
    log_session(store, rules, 1, date(2026, 3, 20), MISSED, WHO)
    assert course(store, 1).missed == (date(2026, 3, 12), date(2026, 3, 16), date(2026, 3, 20))
    assert standing(store)[asks] == date(2026, 3, 23)
    settle(store, rules, _open(store, asks), FollowUpState.DONE, WHO, "away for a week")
    clock.move(timedelta(days=10))
    for day in (10, 13, 14):
        assert asks not in standing(store)
        log_session(store, rules, 1, date(2026, 4, day), MISSED, WHO)
    settle(store, rules, _open(store, asks), FollowUpState.DONE, WHO, "ill, comes again in May")
    log_session(store, rules, 1, date(2026, 4, 16), MISSED, WHO)
    assert asks not in standing(store)


@pytest.mark.parametrize(
    ("on", "state", "says"),
    [
        (date(2026, 3, 10), CAME, "has not come"),
        (date(2026, 3, 2), CAME, "before the referral"),
        (TODAY, CAME, "minutes"),
    ],
)
def test_what_cannot_have_been_is_refused(
    on: date, state: AppointmentState, says: str, store: Store, rules: StudioRules
) -> None:
    """Tomorrow's session, one before the referral, one of ten hours; nothing is kept."""
    with pytest.raises(UsageError, match=says):
        log_session(store, rules, 1, on, state, WHO, 600 if says == "minutes" else None)
    with store.read() as connection:
        assert connection.execute(sa.select(appointment)).all() == []


def test_what_is_logged_cannot_be_booked_over(store: Store, rules: StudioRules, clock: SetClock) -> None:
    """Nor is a day booked that is over, or a course that has ended."""
    log_session(store, rules, 1, TODAY, CAME, WHO)
    with pytest.raises(UsageError, match="logged as attended"):
        book(store, rules, 1, TODAY, WHO)
    with pytest.raises(UsageError, match="cannot be booked"):
        book(store, rules, 1, date(2026, 3, 8), WHO)
    with pytest.raises(UsageError, match="1 to 26 weeks"):
        book(store, rules, 1, TODAY, WHO, weeks=27)
    finish(store, rules, 1, discharge(on="2026-03-09"), WHO)
    with pytest.raises(UsageError, match="The course ended"):
        book(store, rules, 1, date(2026, 3, 10), WHO)


def kinds_of_letters(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(sa.select(outbox.c.kind)).scalars())


def settled(store: Store, rules: StudioRules, kind: FollowUpKind) -> None:
    settle(store, rules, _open(store, kind), FollowUpState.DONE, WHO, "An appointment is booked.")


def put_off(store: Store, rules: StudioRules) -> None:
    call = _open(store, FollowUpKind.CONTACT_PATIENT)
    note_call(store, rules, call, CallOutcome.NO_ANSWER, WHO)
    postpone(store, call, date(2026, 3, 20), WHO)
    assign(store, call, "lee", WHO)


def missed_thrice(store: Store, rules: StudioRules) -> None:
    finish(store, rules, 1, assessment(on="2026-03-04"), WHO)
    for day in (5, 6, 7):
        log_session(store, rules, 1, date(2026, 3, day), MISSED, WHO)


def canceled(store: Store, rules: StudioRules) -> None:
    book(store, rules, 1, date(2026, 3, 12), WHO)
    log_session(store, rules, 1, date(2026, 3, 12), CANCELED, WHO)


def declined(store: Store, rules: StudioRules) -> None:
    note_call(store, rules, _open(store, FollowUpKind.CONTACT_PATIENT), CallOutcome.DECLINED, WHO)


STATES: dict[str, Callable[[Store, StudioRules], object]] = {
    "new": lambda store, rules: None,
    "the call is put off": put_off,
    "the call is done": lambda store, rules: settled(store, rules, FollowUpKind.CONTACT_PATIENT),
    "the booking is done": lambda store, rules: settled(store, rules, FollowUpKind.BOOK_ASSESSMENT),
    "declined": declined,
    "booked for today": lambda store, rules: book(store, rules, 1, TODAY, WHO),
    "booked for Thursday": lambda store, rules: book(store, rules, 1, date(2026, 3, 12), WHO),
    "canceled": canceled,
    "missed without a booking": lambda store, rules: log_session(store, rules, 1, date(2026, 3, 5), MISSED, WHO),
    "came before": lambda store, rules: log_session(store, rules, 1, date(2026, 3, 5), CAME, WHO),
    "assessed": lambda store, rules: finish(store, rules, 1, assessment(), WHO),
    "missed three times": missed_thrice,
    "discharged": lambda store, rules: finish(store, rules, 1, discharge(on="2026-03-09"), WHO),
}


@pytest.mark.parametrize("said", [CAME, MISSED, CANCELED])
@pytest.mark.parametrize("state", STATES)
def test_a_session_that_is_taken_back_leaves_all_as_it_was(
    state: str, said: AppointmentState, store: Store, rules: StudioRules
) -> None:
    """Logged for the wrong patient: their call would be closed by a session that never was, and nobody rings them.

    What the session itself began has ended; the second time it is so as well.
    """
    STATES[state](store, rules)
    days, before = course(store, 1).appointments, kept_follow_ups(store)
    for _ in range(2):
        session = log_session(store, rules, 1, TODAY, said, WHO)
        mark_appointment(store, rules, session.id, AppointmentState.BOOKED, "lee")
        after = kept_follow_ups(store)
        assert {number: after[number] for number in before} == before
        assert all(row["ended_on"] for number, row in after.items() if number not in before)
        assert [(one.on, one.state) for one in course(store, 1).appointments] == [(one.on, one.state) for one in days]
    assert verify(store) == []


def kept_follow_ups(store: Store) -> dict[int, dict[str, object]]:
    """All of every follow-up but how often it was leased."""
    with store.read() as connection:
        rows = connection.execute(sa.select(follow_up)).mappings().all()
    return {row["id"]: {name: value for name, value in row.items() if name != "generation"} for row in rows}


def test_a_visit_after_one_that_was_taken_back_ends_the_calls_again(store: Store, rules: StudioRules) -> None:
    """The call stands again under its own number, and the assessment is asked for again with the next booking."""
    call = _open(store, FollowUpKind.CONTACT_PATIENT)
    session = log_session(store, rules, 1, TODAY, CAME, WHO)
    assert FollowUpKind.ASSESS_PATIENT in standing(store)
    assert mark_appointment(store, rules, session.id, AppointmentState.BOOKED, WHO) is None
    assert _open(store, FollowUpKind.CONTACT_PATIENT) == call
    assert FollowUpKind.ASSESS_PATIENT not in standing(store)
    assert to_log(store) == []
    assert audit_lines(store)[-1]["what"] == "taken_back"
    book(store, rules, 1, date(2026, 3, 12), WHO)
    assert FollowUpKind.CONTACT_PATIENT not in standing(store)
    assert standing(store)[FollowUpKind.ASSESS_PATIENT] == date(2026, 3, 12)


def _open(store: Store, kind: FollowUpKind) -> int:
    return list_follow_ups(store, FollowUpQuery(kind=kind)).follow_ups[0].id
