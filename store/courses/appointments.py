"""Appointments as they are kept: of one referral, and of a day."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.appointment import Appointment, AppointmentState
from schemas.base import Value
from schemas.export import ExportedAppointment
from store.database import Store
from store.tables import appointment, referral

SHOWN_MOST = 200  # appointments of a day's list
IN_COURSE_MOST = 1000  # patients to choose from, when a session is logged that was not booked


class AppointmentLine(Value):
    """An appointment in a list of many patients'."""

    id: int
    referral_id: int
    patient_name: str
    on: date
    at: time | None
    state: AppointmentState


class InCourse(Value):
    """A patient whose course goes on."""

    referral_id: int
    patient_name: str


def appointments_within(connection: Connection, referral_id: int) -> tuple[Appointment, ...]:
    """All appointments of a referral by their day, within the caller's transaction."""
    query = sa.select(appointment).where(appointment.c.referral_id == referral_id).order_by(appointment.c.on)
    return tuple(appointment_of(row) for row in connection.execute(query).mappings())


def appointment_of(row: RowMapping) -> Appointment:
    """The appointment that a row of the table holds."""
    return Appointment(**{name: row[name] for name in Appointment.model_fields})


def to_log(store: Store) -> list[AppointmentLine]:
    """Those of today, and those of before of which nobody said what became of them; the oldest first."""
    today = store.clock.today()
    name = referral.c.record["patient_name"].as_string().label("patient_name")
    open_before = sa.and_(appointment.c.on < today, appointment.c.state == AppointmentState.BOOKED)
    query = (
        sa.select(*appointment.c["id", "referral_id", "on", "at", "state"], name)
        .join(referral, referral.c.id == appointment.c.referral_id)
        .where(sa.or_(appointment.c.on == today, open_before))
        .order_by(appointment.c.on, sa.func.coalesce(appointment.c.at, time(0)), appointment.c.id)
        .limit(SHOWN_MOST)
    )
    with store.read() as connection:
        return [AppointmentLine(**row) for row in connection.execute(query).mappings()]


def in_course(store: Store) -> list[InCourse]:
    """The patients who were assessed and whose course goes on, by name."""
    name = referral.c.record["patient_name"].as_string().label("patient_name")
    query = (
        sa.select(referral.c.id.label("referral_id"), name)
        .where(referral.c.assessed_on.is_not(None), referral.c.discharged_on.is_(None))
        .order_by(name, referral.c.id)
        .limit(IN_COURSE_MOST)
    )
    with store.read() as connection:
        return [InCourse(**row) for row in connection.execute(query).mappings()]


def exported_appointments(store: Store) -> Iterator[ExportedAppointment]:
    """Every appointment in the order they were made, as exporters want it; rows are fetched as they are used."""
    query: sa.Select[Any] = sa.select(appointment).order_by(appointment.c.id)
    with store.read() as connection:
        for row in connection.execution_options(yield_per=500).execute(query).mappings():
            own = {name: row[name] for name in ("on", "state", "minutes", "note", "changed_by")}
            numbers = {"appointment_id": str(row["id"]), "referral_id": str(row["referral_id"])}
            yield ExportedAppointment(**numbers, **own, at=row["at"].isoformat("minutes") if row["at"] else "")
