"""What the rules ask for becomes follow-ups: made once, moved with their date, ended when over, reopened when not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.appointment import AppointmentState, missed_in_a_row
from schemas.changes import ChangedNoun, ChangeKind
from schemas.export import MACHINE
from schemas.followup import (
    CALLS,
    LETTER_OF,
    Course,
    FollowUpKind,
    FollowUpState,
    OverFollowUp,
    PastFollowUp,
    Plan,
    PlannedFollowUp,
)
from store import changes
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import survivors
from store.followups.bookings import booked_days
from store.followups.changing import change_follow_up
from store.followups.office_courses import office_course
from store.followups.outbox import drop_unsent, request_letter
from store.studio_rules import StudioRules
from store.tables import appointment, follow_up, follow_up_event, referral

# A merged office has no follow-ups of its own: those of the office it was merged into are kept.
MERGED: Plan = tuple(
    OverFollowUp(kind=kind, state=FollowUpState.SKIPPED, why="The office was merged into another.")
    for kind in (FollowUpKind.KEEP_IN_TOUCH, FollowUpKind.RESTOCK_PADS)
)


# Written once: years of referrals ask these again and again, and building a statement takes longer than its answer.
_THEIRS = {
    name: sa.select(follow_up).where(follow_up.c[name] == sa.bindparam("subject"))
    for name in ("referral_id", "slip_id", "office_id")
}
_COURSE_NAMES = ("accepted_on", "next_visit_on", "visit_told_on", "assessed_on", "discharged_on")
_COURSE = sa.select(*(referral.c[name] for name in _COURSE_NAMES)).where(referral.c.id == sa.bindparam("subject"))
_APPOINTMENTS = sa.select(*appointment.c["on", "state"]).where(appointment.c.referral_id == sa.bindparam("subject"))
_HELD_OR_TO_COME = (AppointmentState.BOOKED, AppointmentState.ATTENDED)
_ADDED = follow_up.insert().returning(follow_up.c.id)


Change = tuple[PlannedFollowUp | OverFollowUp, RowMapping | None]


@dataclass(frozen=True)
class Subject:
    """Whom follow-ups belong to: `column` is referral_id, slip_id or office_id."""

    column: str
    id: int | str

    @classmethod
    def of(cls, row: RowMapping) -> "Subject":
        """The subject of a follow-up's row."""
        column = next(name for name in ("referral_id", "slip_id", "office_id") if row[name] is not None)
        return cls(column, row[column])


def replan(connection: Connection, store: Store, rules: StudioRules, subject: Subject) -> None:
    """Bring the subject's follow-ups in line with the rules, within the caller's write transaction.

    Asked again it changes nothing. A postponed follow-up keeps its day until the rule's own date moves.
    """
    rows = connection.execute(_THEIRS[subject.column], {"subject": subject.id}).mappings().all()
    if subject.column == "referral_id":
        plan = rules.plan(_course(connection, subject, rows, _past(rows)))
    elif subject.column == "office_id":
        plan = _office_plan(connection, store, rules, str(subject.id), rows, survivors(connection))
    else:
        return  # what is asked about a slip is asked by people
    _apply(connection, store, subject, plan, rows)


def replan_offices(store: Store, rules: StudioRules) -> None:
    """Bring the follow-ups of all offices in line with the rules: for them a follow-up may become due by time alone.

    Only those are written for which something changes: in most hours none is.
    """
    changed = []
    with store.read() as connection:
        counts_as = survivors(connection)
        for office_id in sorted(counts_as):
            rows = connection.execute(_THEIRS["office_id"], {"subject": office_id}).mappings().all()
            plan = _office_plan(connection, store, rules, office_id, rows, counts_as)
            changed += [office_id] if any(_to_do(plan, rows)) else []
    for office_id in changed:
        with store.write() as connection:
            replan(connection, store, rules, Subject("office_id", office_id))


def _office_plan(
    connection: Connection,
    store: Store,
    rules: StudioRules,
    office_id: str,
    rows: Sequence[RowMapping],
    counts_as: Mapping[str, str],
) -> Plan:
    if counts_as.get(office_id) != office_id:
        return MERGED
    return rules.plan_office(office_course(connection, store, office_id, _past(rows), counts_as))


def replan_early_reports(store: Store, rules: StudioRules) -> None:
    """Bring courses in line whose report was planned before there was an assessment, as earlier versions did."""
    summary = follow_up.alias()
    assessed_before = sa.exists().where(
        summary.c.referral_id == follow_up.c.referral_id,
        summary.c.kind == FollowUpKind.ASSESSMENT_SUMMARY.value,
        summary.c.id < follow_up.c.id,
    )
    standing = (follow_up.c.kind == FollowUpKind.PROGRESS_REPORT.value, follow_up.c.ended_on.is_(None))
    with store.read() as connection:
        # Not in order by the database: SQLite would read all years of follow-ups for it.
        ids = connection.execute(sa.select(follow_up.c.referral_id).where(*standing, ~assessed_before)).scalars().all()
    for referral_id in sorted(ids):
        with store.write() as connection:
            replan(connection, store, rules, Subject("referral_id", referral_id))


def _past(rows: Sequence[RowMapping]) -> tuple[PastFollowUp, ...]:
    ended = (row for row in rows if row["ended_on"] is not None)
    return tuple(PastFollowUp(**{name: row[name] for name in PastFollowUp.model_fields}) for row in ended)


def _course(
    connection: Connection, subject: Subject, rows: Sequence[RowMapping], past: tuple[PastFollowUp, ...]
) -> Course:
    dates = connection.execute(_COURSE, {"subject": subject.id}).mappings().one()
    days = [(row[0], AppointmentState(row[1])) for row in connection.execute(_APPOINTMENTS, {"subject": subject.id})]
    return Course(
        **dates,
        declined_on=_told_on(rows, FollowUpKind.TELL_DECLINED),
        calls_ended_on=_told_on(rows, FollowUpKind.TELL_ENDED),
        was_booked=_was_booked(connection, subject, days),
        booked_on=min((on for on, state in days if state in _HELD_OR_TO_COME), default=None),
        first_visit_on=min((on for on, state in days if state is AppointmentState.ATTENDED), default=None),
        missed=missed_in_a_row(days),
        past=past,
    )


def _was_booked(connection: Connection, subject: Subject, days: Sequence[tuple[date, AppointmentState]]) -> bool:
    """Whether the patient has an appointment, came to one, or had one that was canceled or missed."""
    if any(state in _HELD_OR_TO_COME for _, state in days):
        return True
    return bool(days) and not booked_days(connection, int(subject.id)).isdisjoint(on for on, _ in days)


def _told_on(rows: Sequence[RowMapping], kind: FollowUpKind) -> date | None:
    """The day the calls ended so that `kind` tells the provider of it: a call ended, and they are told, or were."""
    told = [row for row in rows if row["kind"] == kind and row["state"] != FollowUpState.SKIPPED]
    ended = any(row["kind"] in CALLS and row["state"] == FollowUpState.SKIPPED for row in rows)
    return told[-1]["planned_due"] if told and ended else None


def _apply(connection: Connection, store: Store, subject: Subject, plan: Plan, rows: Sequence[RowMapping]) -> None:
    for item, row in list(_to_do(plan, rows)):
        if isinstance(item, OverFollowUp):
            assert row is not None  # noqa: S101 - only what stands can be over
            end_follow_up(connection, store, row, item.state, MACHINE, item.why)
        elif row is None:
            _add(connection, store, subject, item)
        elif row["ended_on"] is not None:
            _reopen(connection, store, row, item.due)
        else:
            _move(connection, store, row, item.due)
    crashpoint("plan.applied")


def _to_do(plan: Plan, rows: Sequence[RowMapping]) -> Iterator[Change]:
    """What of a plan is not so yet, each with the row that it is about; None when that is to be added."""
    known = {(row["kind"], row["cycle"]): row for row in rows}
    for item in plan:
        if isinstance(item, OverFollowUp):
            yield from ((item, row) for row in rows if _is_meant(row, item))
            continue
        row = known.get((item.kind, item.cycle))
        if row is None or _is_to_change(row, item):
            yield item, row


def _is_to_change(row: RowMapping, planned: PlannedFollowUp) -> bool:
    """Its day has moved, or a rule ended it and asks for it again: what a person settled stays so."""
    if row["ended_on"] is not None:
        return bool(row["settled_by"] == MACHINE)
    return bool(row["planned_due"] != planned.due)


def _add(connection: Connection, store: Store, subject: Subject, planned: PlannedFollowUp) -> None:
    number = add_follow_up(connection, store, subject, planned)
    if planned.kind is FollowUpKind.INTRODUCE:  # it says nothing that a person would have to enter first
        request_letter(connection, store, number, planned.kind, planned.cycle)


def _is_meant(row: RowMapping, over: OverFollowUp) -> bool:
    return row["ended_on"] is None and row["kind"] == over.kind and over.cycle in (None, row["cycle"])


def add_follow_up(connection: Connection, store: Store, subject: Subject, planned: PlannedFollowUp) -> int:
    """A new open follow-up; its id."""
    values = {
        subject.column: subject.id,
        "kind": planned.kind.value,
        "cycle": planned.cycle,
        "due": planned.due,
        "planned_due": planned.due,
        "made_at": store.clock.now(),
    }
    number = int(connection.execute(_ADDED, values).scalar_one())
    changes.note(connection, ChangedNoun.FOLLOW_UP, [number], ChangeKind.ADDED)
    return number


def _move(connection: Connection, store: Store, row: RowMapping, due: date) -> None:
    change_follow_up(connection, row["id"], {"due": due, "planned_due": due})
    note_event(connection, store, row["id"], MACHINE, "moved", due=due)


def _reopen(connection: Connection, store: Store, row: RowMapping, due: date) -> None:
    """It stands as it did before it ended; a day that a person chose stays, if the rule's own is the same."""
    day: date = row["due"] if row["planned_due"] == due else due
    values = {
        "state": FollowUpState.OPEN.value,
        "due": day,
        "planned_due": due,
        **dict.fromkeys(("ended_on", "settled_by", "settled_at", "note")),
    }
    change_follow_up(connection, row["id"], values)
    note_event(connection, store, row["id"], MACHINE, "reopened", due=day)


def end_follow_up(
    connection: Connection, store: Store, row: RowMapping, state: FollowUpState, who: str, note: str
) -> None:
    """End a standing follow-up; whoever had leased it has lost it. The caller asks the rules what comes next."""
    values = {
        "state": state.value,
        "ended_on": store.clock.today(),
        "settled_by": who,
        "settled_at": store.clock.now(),
        "note": note,
        "worker": None,
        "lease_until": None,
        "generation": row["generation"] + 1,
    }
    change_follow_up(connection, row["id"], values)
    if row["kind"] in LETTER_OF:
        drop_unsent(connection, row["id"])
    note_event(connection, store, row["id"], who, state.value, note=note)


def note_event(
    connection: Connection,
    store: Store,
    follow_up_id: int,
    who: str,
    what: str,
    due: date | None = None,
    note: str = "",
) -> None:
    """One line of a follow-up's history."""
    row = {"follow_up_id": follow_up_id, "at": store.clock.now(), "who": who, "what": what, "due": due, "note": note}
    connection.execute(follow_up_event.insert(), row)
