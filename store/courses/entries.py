"""What the specialist enters: drafts kept as they are, and entries for good, which move the course on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangedNoun, ChangeKind
from schemas.course import AnyEntry, EntryKind, StatusChange, StatusReason, Training, entry_of
from schemas.dates import show_day
from schemas.errors import UsageError
from schemas.followup import FollowUpKind, FollowUpState, PlannedFollowUp
from schemas.judging.dates import visit_problem
from store import audit, changes
from store.courses.courses import CourseEntry, CourseRecord, course_within
from store.courses.unsaved import forget_unsaved
from store.crashpoints import crashpoint
from store.database import Store
from store.followups import outbox
from store.followups.changing import change_follow_up
from store.followups.outbox import CHANGEABLE
from store.followups.planning import Subject, add_follow_up, replan
from store.studio_rules import StudioRules
from store.tables import course_entry, follow_up, referral

At = tuple[int, int]  # (id, version) of the entry that somebody looked at
COUNTING = (EntryKind.PROGRESS, EntryKind.DISCHARGE)  # entries that tell how many sessions there were
REPORT_OF = {
    EntryKind.ASSESSMENT: FollowUpKind.ASSESSMENT_SUMMARY,
    EntryKind.PROGRESS: FollowUpKind.PROGRESS_REPORT,
    EntryKind.DISCHARGE: FollowUpKind.DISCHARGE_SUMMARY,
    EntryKind.STATUS_CHANGE: FollowUpKind.STATUS_CHANGE,
}


class ChangedMeanwhileError(UsageError):
    """Somebody else changed the entry after it was looked at."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(f"Entry {entry_id} was changed by someone else meanwhile: look at it again.")


def save_draft(
    store: Store,
    referral_id: int,
    kind: EntryKind,
    content: Mapping[str, Any],
    who: str,
    at: At | None = None,
    *,
    is_typed: bool = False,
) -> CourseEntry:
    """Keep an entry that is not finished, complete or not; `at` is the draft that it goes on with.

    `is_typed` says that it comes from the form, of which nothing unsaved is left then. Raises ChangedMeanwhileError
    when somebody changed that draft since.
    """
    with _changing(store, referral_id, who, "draft") as connection:
        course_within(connection, referral_id)
        values = {"kind": kind.value, "state": "draft", "content": dict(content), "changed_by": who}
        if is_typed:
            forget_unsaved(connection, referral_id, kind, at[0] if at else None, who)
        return _kept(connection, store, referral_id, at, values)


def finish(
    store: Store,
    rules: StudioRules,
    referral_id: int,
    content: Mapping[str, Any],
    who: str,
    at: At | None = None,
    *,
    is_typed: bool = False,
) -> CourseEntry:
    """Enter an assessment, progress or the discharge for good, and have its report written.

    `at` is the draft that it finishes, or an entry whose report is not on its way yet, to be corrected.
    `is_typed` as for `save_draft`. Raises UsageError for what is not complete or does not fit the course, and then
    changes nothing.
    """
    with _changing(store, referral_id, who, str(content.get("kind"))) as connection:
        record = course_within(connection, referral_id)
        entry = entry_of(with_sessions(record, content, at[0] if at else None))
        _must_fit(store, record, entry, at)
        _must_be_possible(store, rules, record, entry.next_visit_on)
        written = entry.model_dump(mode="json")
        values = {"kind": entry.kind.value, "state": "final", "content": written, "changed_by": who}
        saved = _kept(connection, store, referral_id, at, values)
        if is_typed:
            forget_unsaved(connection, referral_id, entry.kind, at[0] if at else None, who)
        _move_course_on(connection, store, referral_id, entry)
        replan(connection, store, rules, Subject("referral_id", referral_id))
        _tell_of_limits(connection, store, record, entry, who)
        return _reported(connection, store, saved)


def with_sessions(record: CourseRecord, content: Mapping[str, Any], without: int | None = None) -> Mapping[str, Any]:
    """The entry with the sessions that the log counts, where it says nothing of them and any are logged."""
    if content.get("sessions_attended") not in (None, "") or content.get("kind") not in COUNTING:
        return content
    try:
        on = date.fromisoformat(str(content.get("on")))
    except ValueError:  # the entry's own rules speak of that
        return content
    count = record.sessions(EntryKind(content["kind"]), on, without)
    return content if count is None else {**content, "sessions_attended": count.attended}


def discard_draft(store: Store, referral_id: int, at: At, who: str) -> None:
    """Throw a draft away; what was entered for good stays."""
    number, version = at
    same = (course_entry.c.id == number, course_entry.c.referral_id == referral_id, course_entry.c.version == version)
    with _changing(store, referral_id, who, "discard") as connection:
        if connection.execute(course_entry.delete().where(*same, course_entry.c.state == "draft")).rowcount != 1:
            raise UsageError(f"There is no draft {number}:{version} of referral {referral_id}: look at it again.")


def tell_visit(store: Store, rules: StudioRules, referral_id: int, visit_on: date | None, who: str) -> None:
    """The patient's next visit to the provider is on another day, or none is known; the report moves with it.

    Raises UsageError for a day that Review would doubt on a slip: before its signature, or too far ahead.
    """
    with _changing(store, referral_id, who, "next_visit") as connection:
        _must_be_possible(store, rules, course_within(connection, referral_id), visit_on)
        _write_visit(connection, store, referral_id, visit_on)
        replan(connection, store, rules, Subject("referral_id", referral_id))


@contextmanager
def _changing(store: Store, referral_id: int, who: str, what: str) -> Iterator[Connection]:
    """One change of a course, with its audit line, in one transaction."""
    with store.write() as connection:
        yield connection
        changes.note(connection, ChangedNoun.REFERRAL, [referral_id], ChangeKind.CHANGED)
        audit.append(connection, store.clock.now(), who, what, f"referral {referral_id}")
        crashpoint("course.before_commit")
    crashpoint("course.committed")


def _must_fit(store: Store, record: CourseRecord, entry: AnyEntry, at: At | None) -> None:
    """An entry tells of days that have been, in the order of a course."""
    others = {other.kind for other in record.entries if other.state == "final" and (at is None or other.id != at[0])}
    if not record.accepted_on <= entry.on <= store.clock.today():
        raise UsageError(
            f"The date of the entry is {show_day(entry.on)}: it must lie between {show_day(record.accepted_on)}, the "
            "day of the referral, and today."
        )
    if any(measure.on and measure.on > entry.on for measure in entry.measures):
        raise UsageError("A test is of a later day than the entry: check its date.")
    if EntryKind.DISCHARGE in others:
        raise UsageError(f"The course of referral {record.referral_id} has ended: nothing more is entered.")
    if entry.kind is EntryKind.ASSESSMENT and EntryKind.ASSESSMENT in others:
        raise UsageError("The assessment is entered already: correct it, or enter progress.")
    if entry.kind is EntryKind.PROGRESS and EntryKind.ASSESSMENT not in others:
        raise UsageError("There is no assessment yet that progress could be compared with: enter it first.")


def _must_be_possible(store: Store, rules: StudioRules, record: CourseRecord, visit_on: date | None) -> None:
    if visit_on is None or visit_on == record.next_visit_on:
        return
    if problem := visit_problem(visit_on, record.referral.signed_on, store.clock.today(), rules.policy):
        raise UsageError(f"The next visit cannot be on {show_day(visit_on)}: {problem}.")


def _kept(connection: Connection, store: Store, referral_id: int, at: At | None, values: dict[str, Any]) -> CourseEntry:
    """The row of the entry, new or changed in place."""
    values |= {"changed_at": store.clock.now()}
    if at is None:
        added = course_entry.insert().values(referral_id=referral_id, **values)
        return CourseEntry(**connection.execute(added.returning(course_entry)).mappings().one())
    number, version = at
    _must_be_open(connection, referral_id, number, values["kind"])
    same = (course_entry.c.id == number, course_entry.c.version == version)
    changed = course_entry.update().where(*same).values(version=version + 1, **values)
    row = connection.execute(changed.returning(course_entry)).mappings().first()
    if row is None:
        raise ChangedMeanwhileError(number)
    return CourseEntry(**row)


def _must_be_open(connection: Connection, referral_id: int, number: int, kind: str) -> None:
    same = (course_entry.c.id == number, course_entry.c.referral_id == referral_id, course_entry.c.kind == kind)
    row = connection.execute(sa.select(course_entry).where(*same)).mappings().first()
    if row is None:
        raise UsageError(f"Referral {referral_id} has no entry {number} of this kind.")
    if row["follow_up_id"] is not None and not outbox.states_of(connection, row["follow_up_id"]) <= set(CHANGEABLE):
        raise UsageError(f"The report of entry {number} is on its way: what it says cannot be changed any more.")


def _move_course_on(connection: Connection, store: Store, referral_id: int, entry: AnyEntry) -> None:
    if entry.next_visit_on is not None:
        _write_visit(connection, store, referral_id, entry.next_visit_on)
    column = {EntryKind.ASSESSMENT: "assessed_on", EntryKind.DISCHARGE: "discharged_on"}.get(entry.kind)
    if column is not None:
        connection.execute(referral.update().where(referral.c.id == referral_id).values({column: entry.on}))


def _write_visit(connection: Connection, store: Store, referral_id: int, visit_on: date | None) -> None:
    """A visit that is told again on another day has not become known anew."""
    other = sa.or_(referral.c.next_visit_on.is_(None), referral.c.next_visit_on != visit_on)
    if visit_on is None:
        other = referral.c.next_visit_on.is_not(None)
    values = {"next_visit_on": visit_on, "visit_told_on": store.clock.today()}
    connection.execute(referral.update().where(referral.c.id == referral_id, other).values(values))


def _tell_of_limits(connection: Connection, store: Store, record: CourseRecord, entry: AnyEntry, who: str) -> None:
    """A value beyond its safety limit is told by a letter of its own, once; the report may be days away."""
    beyond = tuple(measure for measure in entry.measures if measure.beyond)
    if not beyond or entry.kind not in (EntryKind.ASSESSMENT, EntryKind.PROGRESS):
        return
    change = StatusChange(
        on=entry.on,
        what=StatusReason.MEASURE,
        measures=beyond,
        summary=f"At the {'assessment' if entry.kind is EntryKind.ASSESSMENT else 'reassessment'} of "
        f"{show_day(entry.on)} this was measured beyond the limit at which we ask the provider first.",
        training=Training.ASKS,
    ).model_dump(mode="json")
    told = (other.content for other in record.entries if other.kind is EntryKind.STATUS_CHANGE)
    if all((one["on"], one["measures"]) != (change["on"], change["measures"]) for one in told):
        values = {"kind": EntryKind.STATUS_CHANGE.value, "state": "final", "content": change, "changed_by": who}
        _reported(connection, store, _kept(connection, store, record.referral_id, None, values))


def _change_to_tell(connection: Connection, store: Store, entry: CourseEntry) -> int:
    """The follow-up whose letter tells of a change in status: a new one, due today, unless the entry has its own."""
    if entry.follow_up_id is not None:
        return entry.follow_up_id
    kind = FollowUpKind.STATUS_CHANGE
    theirs = (follow_up.c.referral_id == entry.referral_id, follow_up.c.kind == kind.value)
    told = connection.execute(sa.select(sa.func.count()).select_from(follow_up).where(*theirs)).scalar_one()
    planned = PlannedFollowUp(kind=kind, due=store.clock.today(), cycle=told + 1)
    return add_follow_up(connection, store, Subject("referral_id", entry.referral_id), planned)


def _reported(connection: Connection, store: Store, entry: CourseEntry) -> CourseEntry:
    """The entry with the follow-up that its report settles, whose letter now waits to be made."""
    kind = REPORT_OF[entry.kind]
    theirs = (follow_up.c.referral_id == entry.referral_id, follow_up.c.kind == kind.value)
    query = sa.select(follow_up).where(*theirs, follow_up.c.ended_on.is_(None))
    if entry.kind is EntryKind.STATUS_CHANGE:
        query = query.where(follow_up.c.id == _change_to_tell(connection, store, entry))
    row = connection.execute(query).mappings().first()
    if row is None:
        return entry
    taken = sa.select(course_entry.c.id).where(course_entry.c.follow_up_id == row["id"], course_entry.c.id != entry.id)
    if connection.execute(taken).first():
        raise UsageError("The report before this one is not sent yet: send it, or correct its entry.")
    connection.execute(course_entry.update().where(course_entry.c.id == entry.id).values(follow_up_id=row["id"]))
    outbox.request_letter(connection, store, row["id"], kind, row["cycle"])
    change_follow_up(connection, row["id"], {"state": FollowUpState.OPEN.value, "note": None})
    return entry.model_copy(update={"follow_up_id": row["id"]})
