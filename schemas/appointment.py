"""An appointment of a patient at the studio, and what became of it: a session is one that the patient came to."""

from collections.abc import Sequence
from datetime import date, time
from enum import StrEnum

from pydantic import Field

from schemas.base import Value
from schemas.referral import Line

MINUTES_MOST = 240
NOTE_MOST = 300
WEEKS_MOST = 26  # of appointments booked at once: half a year


class AppointmentState(StrEnum):
    """`CANCELED` in time: it counts neither as a session nor as missed."""

    BOOKED = "booked"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELED = "canceled"


class Appointment(Value):
    """One of them; a patient has at most one a day, so that a second click on a button adds none.

    `minutes` and `note` say how long the session was and what there is to remember of it. `at` is the studio's own
    time.
    """

    id: int
    on: date
    at: time | None = None
    state: AppointmentState
    minutes: int | None = Field(default=None, ge=1, le=MINUTES_MOST)
    note: Line = Field(default="", max_length=NOTE_MOST)
    changed_by: str = ""


class SessionCount(Value):
    """How many appointments of some days were attended, and how many missed."""

    attended: int = 0
    missed: int = 0


def count_sessions(appointments: Sequence[Appointment], after: date | None, until: date) -> SessionCount:
    """Those from the day after `after` to `until`, inclusive; None counts from the first."""
    states = [one.state for one in appointments if (after is None or one.on > after) and one.on <= until]
    return SessionCount(attended=states.count(AppointmentState.ATTENDED), missed=states.count(AppointmentState.MISSED))


def missed_in_a_row(days: Sequence[tuple[date, AppointmentState]]) -> tuple[date, ...]:
    """The days of the appointments that were missed since the last one attended, oldest first."""
    missed: list[date] = []
    for on, state in sorted(days):
        if state is AppointmentState.ATTENDED:
            missed = []
        elif state is AppointmentState.MISSED:
            missed.append(on)
    return tuple(missed)
