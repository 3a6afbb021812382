"""The session log: appointments that are booked, and what became of each; a click a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.appointment import MINUTES_MOST, NOTE_MOST, WEEKS_MOST, Appointment, AppointmentState
from schemas.dates import show_day
from schemas.errors import NotOnRecordError, UsageError
from schemas.text import clean
from store import audit
from store.courses.appointments import appointment_of
from store.courses.courses import CourseRecord, course_within
from store.crashpoints import crashpoint
from store.database import Store
from store.followups import bookings
from store.followups.planning import Subject, replan
from store.followups.remaking import remake_thanks
from store.studio_rules import StudioRules
from store.tables import appointment
from store.tables.appointments import appointment_hash

BOOKED_AHEAD_DAYS = 400  # a later day was typed wrong
BOOKED = "An appointment was booked since: the letter says what is so by now."
_HELD = (AppointmentState.ATTENDED, AppointmentState.MISSED)


def book(
    store: Store, rules: StudioRules, referral_id: int, on: date, who: str, at: time | None = None, weeks: int = 1
) -> tuple[Appointment, ...]:
    """Book an appointment, or one a week on the same weekday; on a day that has one it is booked for that hour.

    Raises UsageError for a day that is over, or whose session is logged, and then books none.
    """
    today = store.clock.today()
    days = [on + timedelta(weeks=number) for number in range(weeks)]
    if not 1 <= weeks <= WEEKS_MOST:
        raise UsageError(f"Book 1 to {WEEKS_MOST} weeks at once.")
    if on < today or days[-1] > today + timedelta(days=BOOKED_AHEAD_DAYS):
        raise UsageError(f"{show_day(on)} cannot be booked: name a day from {show_day(today)} on, of the next year.")
    with _changing(store, referral_id, who, bookings.BOOKED, {"on": on.isoformat(), "weeks": weeks}) as connection:
        record = course_within(connection, referral_id)
        _must_go_on(record, on)
        kept = tuple(
            _kept(connection, store, record, day, who, {"state": AppointmentState.BOOKED, "at": at}) for day in days
        )
        replan(connection, store, rules, Subject("referral_id", referral_id))
        remake_thanks(connection, store, referral_id, BOOKED)
    return kept


def log_session(
    store: Store,
    rules: StudioRules,
    referral_id: int,
    on: date,
    state: AppointmentState,
    who: str,
    minutes: int | None = None,
    note: str = "",
) -> Appointment:
    """Say what became of the appointment of a day, booked or not: attended, missed, or canceled in time.

    Said a second time it is the same session, and what is said last counts. Raises UsageError for a day that has not
    come, or on which there was no course.
    """
    said = str(clean(note))
    _must_be_sayable(store, state, on, minutes, said)
    with _changing(store, referral_id, who, state.value, {"on": on.isoformat()}) as connection:
        record = course_within(connection, referral_id)
        _must_go_on(record, on)
        values = {"state": state, **({"minutes": minutes} if minutes else {}), **({"note": said} if said else {})}
        kept = _kept(connection, store, record, on, who, values)
        replan(connection, store, rules, Subject("referral_id", referral_id))
    return kept


def mark_appointment(
    store: Store,
    rules: StudioRules,
    appointment_id: int,
    state: AppointmentState,
    who: str,
    minutes: int | None = None,
    note: str = "",
) -> Appointment | None:
    """Say it of an appointment that is on record; BOOKED takes back what was said.

    Taken back, a session that was never booked is gone, and None is the answer.
    """
    with store.read() as connection:
        query = sa.select(*appointment.c["referral_id", "on"]).where(appointment.c.id == appointment_id)
        row = connection.execute(query).first()
    if row is None:
        raise NotOnRecordError(f"There is no appointment {appointment_id}", "`refpad sessions list` shows them")
    if state is AppointmentState.BOOKED:
        return _take_back(store, rules, row.referral_id, row[1], who)
    return log_session(store, rules, row.referral_id, row[1], state, who, minutes, note)


def _take_back(store: Store, rules: StudioRules, referral_id: int, on: date, who: str) -> Appointment | None:
    with _changing(store, referral_id, who, "taken_back", {"on": on.isoformat()}) as connection:
        record = course_within(connection, referral_id)
        _must_go_on(record, on)
        kept = None
        if on in bookings.booked_days(connection, referral_id):
            kept = _kept(connection, store, record, on, who, {"state": AppointmentState.BOOKED})
        else:
            there = (appointment.c.referral_id == referral_id, appointment.c.on == on)
            connection.execute(appointment.delete().where(*there))
        replan(connection, store, rules, Subject("referral_id", referral_id))
    return kept


@contextmanager
def _changing(store: Store, referral_id: int, who: str, what: str, detail: dict[str, Any]) -> Iterator[Connection]:
    """One change of the log, with its audit line, in one transaction."""
    with store.write() as connection:
        yield connection
        audit.append(connection, store.clock.now(), who, what, f"referral {referral_id}", detail)
        crashpoint("session.before_commit")
    crashpoint("session.committed")


def _must_be_sayable(store: Store, state: AppointmentState, on: date, minutes: int | None, note: str) -> None:
    if state in _HELD and on > store.clock.today():
        raise UsageError(f"{show_day(on)} has not come: log a session on its day or later.")
    if minutes is not None and not 1 <= minutes <= MINUTES_MOST:
        raise UsageError(f"A session takes 1 to {MINUTES_MOST} minutes.")
    if len(note) > NOTE_MOST:
        raise UsageError(f"The note has {len(note)} characters: at most {NOTE_MOST} fit.")


def _must_go_on(record: CourseRecord, on: date) -> None:
    if on < record.accepted_on:
        raise UsageError(
            f"{show_day(on)} is before the referral, which was accepted on {show_day(record.accepted_on)}."
        )
    if record.discharged_on is not None and on > record.discharged_on:
        raise UsageError(f"The course ended on {show_day(record.discharged_on)}: there are no sessions after it.")


def _kept(
    connection: Connection, store: Store, record: CourseRecord, on: date, who: str, values: dict[str, Any]
) -> Appointment:
    """The row of that day, new or changed in place, with its hash."""
    by = {"changed_at": store.clock.now(), "changed_by": who}
    there = (appointment.c.referral_id == record.referral_id, appointment.c.on == on)
    before = connection.execute(sa.select(appointment).where(*there)).mappings().first()
    if before is None:
        new = {"referral_id": record.referral_id, "on": on, "at": None, "minutes": None, "note": "", **values, **by}
        return appointment_of(_written(connection, appointment.insert().values(**new)))
    if values["state"] is AppointmentState.BOOKED and "at" in values and before["state"] in _HELD:
        raise UsageError(f"The session of {show_day(on)} is logged as {before['state']}: it cannot be booked again.")
    hashed = {"content_sha256": appointment_hash({**before, **values})}
    changed = appointment.update().where(*there).values(**values, **by, **hashed)
    return appointment_of(_written(connection, changed))


def _written(connection: Connection, change: sa.Insert | sa.Update) -> RowMapping:
    return connection.execute(change.returning(appointment)).mappings().one()
