"""What the session log of a course says, gathered from the record."""

from datetime import date

from refpad.services.letters.facts import about_patient
from schemas.appointment import AppointmentState, count_sessions
from schemas.errors import UsageError
from schemas.letter import Recipient, SessionLog
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
