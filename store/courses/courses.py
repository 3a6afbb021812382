"""The course of a referral, as it is kept: who was referred, what was entered since, and where it stands."""

from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.appointment import Appointment, SessionCount, count_sessions, missed_in_a_row
from schemas.base import Value
from schemas.course import AnyEntry, Assessment, Discharge, EntryKind, Report, entry_of
from schemas.errors import NotOnRecordError
from schemas.referral import Referral
from schemas.text import clean
from store.courses.appointments import appointments_within
from store.database import Store
from store.directory.offices import with_office
from store.tables import course_entry, office, referral

PAGE = 100
_EMPTY = {"office_name": "", "provider_name": ""}
DATES = ("accepted_on", "next_visit_on", "assessed_on", "discharged_on")


class CourseEntry(Value):
    """An entry as it is kept; the content of a draft may be anything. `version` rises with each change.

    `follow_up_id` is the follow-up whose letter a final entry writes.
    """

    id: int
    referral_id: int
    kind: EntryKind
    state: Literal["draft", "final"]
    version: int
    content: dict[str, Any]
    follow_up_id: int | None
    changed_at: datetime
    changed_by: str

    def entry(self) -> AnyEntry:
        """What was entered; raises UsageError for a draft that is not complete."""
        return entry_of(self.content)


class CourseRecord(Value):
    """A referral with its course; entries are in the order they were begun."""

    referral_id: int
    slip_id: int
    office_id: str | None
    accepted_on: date
    next_visit_on: date | None
    assessed_on: date | None
    discharged_on: date | None
    referral: Referral
    entries: tuple[CourseEntry, ...]
    appointments: tuple[Appointment, ...] = ()

    def final(self, without: int | None = None) -> tuple[Report, ...]:
        """What was entered for good, by the day it is about; `without` leaves one entry out, which is being changed.

        Changes in status are no part of the course's own story.
        """
        entries = (entry.entry() for entry in self.entries if entry.state == "final" and entry.id != without)
        return tuple(sorted((one for one in entries if isinstance(one, Report)), key=lambda entry: entry.on))

    @property
    def beyond(self) -> tuple[str, ...]:
        """What of the latest entry's measures is beyond its safety limit, a sentence each."""
        last = self.final()[-1:]
        return tuple(measure.beyond for entry in last for measure in entry.measures if measure.beyond)

    @property
    def held(self) -> SessionCount | None:
        """All sessions logged so far; None while there is none."""
        count = count_sessions(self.appointments, None, date.max)
        return count if count.attended or count.missed else None

    @property
    def missed(self) -> tuple[date, ...]:
        """The days missed since the patient came last."""
        return missed_in_a_row([(one.on, one.state) for one in self.appointments])

    def sessions(self, kind: EntryKind, until: date, without: int | None = None) -> SessionCount | None:
        """What an entry of that kind and day has to tell of sessions; None where none were logged.

        Progress tells of those since the entry before it, a discharge of the whole course: from the day after the
        assessment on, on which nobody trains.
        """
        if self.held is None:
            return None
        told = [entry for entry in self.final(without) if entry.on <= until and not isinstance(entry, Discharge)]
        if kind is EntryKind.DISCHARGE:
            told = [entry for entry in told if isinstance(entry, Assessment)]
        return count_sessions(self.appointments, told[-1].on if told else None, until)


class CourseLine(Value):
    """A referral in a list."""

    referral_id: int
    patient_name: str
    provider_name: str
    office_name: str
    accepted_on: date
    next_visit_on: date | None
    assessed_on: date | None
    discharged_on: date | None


def course(store: Store, referral_id: int) -> CourseRecord:
    """One referral with all that was entered of it."""
    with store.read() as connection:
        return course_within(connection, referral_id)


def course_within(connection: Connection, referral_id: int) -> CourseRecord:
    """The same, within the caller's transaction."""
    row = connection.execute(sa.select(referral).where(referral.c.id == referral_id)).mappings().first()
    if row is None:
        raise NotOnRecordError(f"There is no referral {referral_id}", "`refpad course list` shows those that there are")
    entries = sa.select(course_entry).where(course_entry.c.referral_id == referral_id).order_by(course_entry.c.id)
    return CourseRecord(
        referral_id=referral_id,
        **{name: row[name] for name in ("slip_id", "office_id", *DATES)},
        referral=Referral.model_validate(row["record"]),
        entries=tuple(CourseEntry(**mapping) for mapping in connection.execute(entries).mappings()),
        appointments=appointments_within(connection, referral_id),
    )


def list_courses(
    store: Store, words: str = "", *, ended: bool = False, after: int | None = None, limit: int = PAGE
) -> list[CourseLine]:
    """Referrals, newest first, whose course goes on, or has `ended`.

    `words` stand in the patient's, the provider's or the office's name; `after` is the last referral seen.
    """
    names = [referral.c.record[name].as_string().label(name) for name in ("patient_name", "provider_name")]
    query = (
        with_office(
            sa.select(referral.c.id.label("referral_id"), *names, *(referral.c[name] for name in DATES)),
            referral,
            referral.c.office_id,
        )
        .where(referral.c.discharged_on.is_not(None) if ended else referral.c.discharged_on.is_(None))
        .order_by(referral.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(referral.c.id < after)
    for word in str(clean(words)).split():
        offices = sa.select(office.c.id).where(office.c.name.icontains(word, autoescape=True))
        has_word = (referral.c.record[name.name].as_string().icontains(word, autoescape=True) for name in names)
        query = query.where(sa.or_(*has_word, referral.c.office_id.in_(offices)))
    with store.read() as connection:
        rows = connection.execute(query).mappings()
        return [CourseLine(**{name: row[name] or _EMPTY.get(name) for name in CourseLine.model_fields}) for row in rows]
