"""What letters tell of the sessions of a course, gathered from the record."""

from datetime import date

from refpad.services.letters.facts import about_patient
from schemas.appointment import AppointmentState, count_sessions
from schemas.errors import UsageError
from schemas.letter import Introduction, Recipient, SessionLog
from store.courses.courses import CourseRecord

SESSIONS_MOST = 20  # lines that leave room for precautions and signature on the page


def session_log(record: CourseRecord, to: Recipient, on: date) -> SessionLog:
    """The sessions attended and missed, the last SESSIONS_MOST of them line by line; raises UsageError without any."""
    held = [one for one in record.appointments if one.state in (AppointmentState.ATTENDED, AppointmentState.MISSED)]
    if not held:
        raise UsageError(f"No session of referral {record.referral_id} is logged yet: log one first.")
    count = count_sessions(held, None, held[-1].on)
    return SessionLog(
        **about_patient(record, to, on),
        assessed_on=record.assessed_on,
        discharged_on=record.discharged_on,
        attended=count.attended,
        missed=count.missed,
        first_on=held[0].on,
        earlier=max(0, len(held) - SESSIONS_MOST),
        sessions=tuple(held[-SESSIONS_MOST:]),
    )


def introduction(record: CourseRecord, to: Recipient, on: date, summary_within_days: int) -> Introduction:
    """That the patient has come; raises UsageError when the log has no session that was attended."""
    came = [one.on for one in record.appointments if one.state is AppointmentState.ATTENDED]
    if not came:
        raise UsageError(f"No session of referral {record.referral_id} was attended yet: log it first.")
    return Introduction(
        **about_patient(record, to, on), first_visit_on=min(came), summary_within_days=summary_within_days
    )
