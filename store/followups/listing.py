"""The follow-up list: what is to be done by when, found page by page, and what happened to each."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import RowMapping

from schemas.base import Value
from schemas.errors import NotOnRecordError
from schemas.followup import CALLS, FollowUpKind, FollowUpState
from schemas.text import clean
from store.database import Store
from store.directory.offices import is_office, with_office
from store.followups.attempts import CallAttempt
from store.followups.beside import Beside, LetterOfFollowUp, beside_of
from store.followups.outbox import with_letter_to_make, with_stuck_letter
from store.tables import follow_up, follow_up_event, office, referral

Subject = tuple[str | int | None, ...]  # a patient by name and number, or an office's and a slip's own
PAGE = 100


class FollowUp(Value):
    """One follow-up with what is needed to do it; `days_overdue` is 0 on the due day, negative before.

    `note` says why it failed, or was skipped. Of an office's follow-up there is no patient, and of a slip's no number:
    the names are those of its referral, or as they were read so far. `letter` is
    None while none was asked for; `calls` are those to the patient, oldest first; `number_asked_at` says when the
    office was asked for the right number, until that is known.
    """

    id: int
    kind: FollowUpKind
    cycle: int
    due: date
    days_overdue: int
    state: FollowUpState
    owner: str
    note: str
    referral_id: int | None
    slip_id: int | None
    office_id: str | None
    patient_name: str
    patient_phone: str
    provider_name: str
    office_name: str
    office_contact: str
    letter: LetterOfFollowUp | None = None
    calls: tuple[CallAttempt, ...] = ()
    number_asked_at: datetime | None = None

    @property
    def subject(self) -> Subject:
        """The same for all that is done for one patient, office or slip."""
        return _subject(self.referral_id, self.slip_id, self.office_id, self.patient_name, self.patient_phone)


class FollowUpEvent(Value):
    """One line of a follow-up's history; `due` is the new date when it was moved."""

    at: datetime
    who: str
    what: str
    due: date | None
    note: str


class FollowUpQuery(Value):
    """Which follow-ups to list. Without `ended`, those that still stand. `after` is the last of the page before.

    With `by_people`, only those that a person has to do something for: not from the moment on that their letter was
    asked for, nor thanks, which go by themselves; but when a letter failed or has nowhere to go. `due_by` is the
    latest day on which one may be due. `words` are looked for in the patient's, the provider's and the office's name.
    """

    due_only: bool = False
    by_people: bool = False
    due_by: date | None = None
    ended: bool = False
    kind: FollowUpKind | None = None
    kinds: frozenset[FollowUpKind] | None = None
    state: FollowUpState | None = None
    owner: str | None = None
    referral_id: int | None = None
    office_id: str | None = None
    words: str = ""
    after: int | None = None
    limit: int = Field(default=PAGE, ge=1, le=10_000)


class FollowUpPage(Value):
    """Some of the follow-ups that were asked for, and how many there are in all."""

    follow_ups: tuple[FollowUp, ...]
    total: int


class DueCount(Value):
    """How many follow-ups of a kind are due, and how many of them late."""

    kind: FollowUpKind
    due: int
    late: int


def list_follow_ups(store: Store, wanted: FollowUpQuery) -> FollowUpPage:
    """One page of the follow-ups asked for, longest overdue first."""
    today = store.clock.today()
    conditions = _which(wanted, today)
    query = _select().where(*conditions).order_by(follow_up.c.due, follow_up.c.id).limit(wanted.limit)
    with store.read() as connection:
        if wanted.after is not None:
            position = sa.select(follow_up.c.due, follow_up.c.id).where(follow_up.c.id == wanted.after)
            last = connection.execute(position).first()
            if last is not None:
                query = query.where(sa.tuple_(follow_up.c.due, follow_up.c.id) > (last.due, last.id))
        rows = connection.execute(query).mappings().all()
        total = connection.execute(_counted().where(*conditions)).scalar_one()
        beside = beside_of(connection, rows)
    return FollowUpPage(follow_ups=tuple(_follow_up(row, today, beside) for row in rows), total=total)


def due_counts(store: Store) -> list[DueCount]:
    """How many follow-ups of each kind are due today or before, most first; counted by the database."""
    today = store.clock.today()
    late = sa.func.sum(sa.case((follow_up.c.due < today, 1), else_=0)).label("late")
    number = sa.func.count().label("due")
    query = (
        sa.select(follow_up.c.kind, number, late)
        .where(follow_up.c.ended_on.is_(None), follow_up.c.due <= today)
        .group_by(follow_up.c.kind)
        .order_by(number.desc(), follow_up.c.kind)
    )
    with store.read() as connection:
        return [DueCount(**row) for row in connection.execute(query).mappings()]


def count_due_subjects(store: Store) -> int:
    """How many patients, slips and offices a person has to do something for, today or before: a patient once."""
    names = [referral.c.record[name].as_string().label(name) for name in ("patient_name", "patient_phone")]
    subjects = sa.select(*follow_up.c["referral_id", "slip_id", "office_id"], *names).distinct()
    wanted = FollowUpQuery(due_only=True, by_people=True)
    due = subjects.outerjoin(referral, referral.c.id == follow_up.c.referral_id)
    with store.read() as connection:
        rows = connection.execute(due.where(*_which(wanted, store.clock.today()))).all()
    return len({_subject(*row) for row in rows})


def find_follow_up(store: Store, follow_up_id: int) -> tuple[FollowUp, tuple[FollowUpEvent, ...]]:
    """One follow-up, standing or ended, and its history, oldest first."""
    events = sa.select(*(follow_up_event.c[name] for name in FollowUpEvent.model_fields))
    events = events.where(follow_up_event.c.follow_up_id == follow_up_id).order_by(follow_up_event.c.id)
    with store.read() as connection:
        row = connection.execute(_select().where(follow_up.c.id == follow_up_id)).mappings().first()
        if row is None:
            hint = "`refpad follow-ups list` shows those that are open"
            raise NotOnRecordError(f"There is no follow-up {follow_up_id}", hint)
        history = tuple(FollowUpEvent(**event) for event in connection.execute(events).mappings())
        beside = beside_of(connection, [row])
    return _follow_up(row, store.clock.today(), beside), history


def _which(query: FollowUpQuery, today: date) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    conditions.append(follow_up.c.ended_on.is_not(None) if query.ended else follow_up.c.ended_on.is_(None))
    if query.by_people:
        conditions.append(_is_by_people())
    if query.due_only:
        conditions.append(follow_up.c.due <= today)
    if query.due_by is not None:
        conditions.append(follow_up.c.due <= query.due_by)
    if query.kinds is not None:
        conditions.append(follow_up.c.kind.in_(sorted(kind.value for kind in query.kinds)))
    for name in ("kind", "state", "owner", "referral_id"):
        value = getattr(query, name)
        if value is not None:
            conditions.append(follow_up.c[name] == value)
    if query.office_id is not None:
        conditions.append(_of_office(query.office_id))
    return conditions + [_names(word) for word in str(clean(query.words)).split()]


def _is_by_people() -> sa.ColumnElement[bool]:
    is_thanks = sa.and_(
        follow_up.c.kind == FollowUpKind.THANK_PROVIDER.value, follow_up.c.state != FollowUpState.FAILED.value
    )
    is_written = sa.or_(follow_up.c.state == FollowUpState.WAITING.value, follow_up.c.id.in_(with_letter_to_make()))
    goes = sa.and_(~is_written, ~is_thanks)
    return sa.or_(goes, follow_up.c.id.in_(with_stuck_letter()))


def _names(word: str) -> sa.ColumnElement[bool]:
    """Whose patient, provider or office has the word in the name; each referral is looked at once, however long."""
    offices = sa.select(office.c.id).where(office.c.name.icontains(word, autoescape=True))
    names = (referral.c.record[name].as_string() for name in ("patient_name", "provider_name"))
    people = sa.or_(*(name.icontains(word, autoescape=True) for name in names), referral.c.office_id.in_(offices))
    return sa.or_(
        follow_up.c.referral_id.in_(sa.select(referral.c.id).where(people)), follow_up.c.office_id.in_(offices)
    )


def _counted() -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(follow_up)


def _select() -> sa.Select[Any]:
    both = follow_up.outerjoin(referral, referral.c.id == follow_up.c.referral_id)
    office_id = sa.func.coalesce(follow_up.c.office_id, referral.c.office_id)
    return with_office(sa.select(follow_up, referral.c.record), both, office_id)


def _of_office(office_id: str) -> sa.ColumnElement[bool]:
    theirs = sa.select(referral.c.id).where(is_office(referral.c.office_id, office_id))
    return sa.or_(is_office(follow_up.c.office_id, office_id), follow_up.c.referral_id.in_(theirs))


def _subject(
    referral_id: int | None, slip_id: int | None, office_id: str | None, name: str | None, phone: str | None
) -> Subject:
    return ((name or "").casefold(), phone or "") if referral_id is not None else (office_id, slip_id)


def _follow_up(row: RowMapping, today: date, beside: Beside) -> FollowUp:
    record = row["record"] or beside.people.get(row["slip_id"], {})
    own = ("id", "kind", "cycle", "due", "state", "owner", "referral_id", "slip_id", "office_id")
    return FollowUp(
        **{name: row[name] for name in own},
        days_overdue=(today - row["due"]).days,
        note=row["note"] or "",
        **{name: record.get(name, "") for name in ("patient_name", "patient_phone", "provider_name")},
        office_name=row["office_name"] or "",
        office_contact=row["office_contact"] or "",
        letter=beside.letters.get(row["id"]),
        calls=beside.calls.get(row["id"], ()),
        number_asked_at=beside.asked.get(row["referral_id"]) if row["kind"] in CALLS else None,
    )
