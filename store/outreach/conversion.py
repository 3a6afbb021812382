"""How far the referrals of offices and providers came, and why some stopped, from what is on record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.appointment import AppointmentState, missed_in_a_row
from schemas.course import EntryKind, Outcome, Training
from schemas.followup import CALLS, CallOutcome, FollowUpKind, FollowUpPolicy, FollowUpState
from schemas.outreach.conversion import Conversion, ReferralPath, StopReason, conversion, slips_stopped, why_stopped
from schemas.states import SlipState
from store.clock import Clock
from store.database import Store
from store.directory.offices import is_office, survivors
from store.directory.providers import is_provider
from store.outreach.entries import outreach_of, pads_last_seen
from store.referrals.duplicates import Decision
from store.tables import (
    appointment,
    course_entry,
    duplicate_decision,
    file,
    follow_up,
    follow_up_event,
    office,
    provider,
    referral,
    serial_range,
    slip,
)

REASON = "reason"  # among the events of the follow-up that tells why the calls ended
_TOLD = (FollowUpKind.TELL_DECLINED.value, FollowUpKind.TELL_ENDED.value)


@dataclass
class _Facts:
    """What is on record of one referral's way."""

    called: list[date] = field(default_factory=list)
    days: list[tuple[date, AppointmentState]] = field(default_factory=list)
    told: StopReason | None = None
    progress: list[date] = field(default_factory=list)
    outcome: Outcome | None = None
    paused: bool = False


@dataclass(frozen=True)
class OfficeSlips:
    """The slips of an office: what became of those accepted, and the days on which all came."""

    paths: tuple[ReferralPath, ...]
    days: tuple[date, ...]


def slips_of_office(store: Store, policy: FollowUpPolicy, office_id: str) -> OfficeSlips:
    """The slips of one office, and of those merged into it."""
    with store.read() as connection:
        paths = _paths(connection, store.clock, policy, is_office(referral.c.office_id, office_id))
        unaccepted = [day for of, day in _unaccepted(connection) if of == survivors(connection).get(office_id)]
    return OfficeSlips(tuple(paths), tuple(sorted([*(path.received_on for path in paths), *unaccepted])))


def quiet_offices(store: Store, policy: FollowUpPolicy, office_id: str | None = None) -> dict[str, str]:
    """Of each office whose slips have stopped coming, by name, the sentence that says so; of one, or of all."""
    with store.read() as connection:
        names = _names(connection, office_id)
        days: dict[str | None, list[date]] = defaultdict(list)
        for of, day in [*_received(connection), *_unaccepted(connection)]:
            days[of].append(day)
    today, quiet = store.clock.today(), policy.office_quiet_days
    found = {of: slips_stopped(days[of], today, quiet, pads_last_seen(outreach_of(store, of))) for of, _ in names}
    return {of: finding for of, finding in found.items() if finding}


def paths_of_provider(store: Store, policy: FollowUpPolicy, provider_id: int) -> list[ReferralPath]:
    """The referrals that one provider signed, and those merged into them, oldest first."""
    theirs = referral.c.provider_id.in_(sa.select(provider.c.id).where(is_provider(provider_id)))
    with store.read() as connection:
        return _paths(connection, store.clock, policy, theirs)


def conversions(store: Store, policy: FollowUpPolicy, office_id: str | None = None) -> Iterator[Conversion]:
    """One line for each office by name, followed by one for each of its providers by name.

    `office_id` asks for one office alone. Slips of which no office is known come last.
    """
    with store.read() as connection:
        wanted = sa.true() if office_id is None else is_office(referral.c.office_id, office_id)
        paths = _by(_paths(connection, store.clock, policy, wanted), "office_id")
        others: dict[str | None, int] = defaultdict(int)
        for of, _ in _unaccepted(connection):
            others[of] += 1
        names = _names(connection, office_id)
        people = {row.id: row.name for row in connection.execute(sa.select(provider.c.id, provider.c.name))}
    unknown = [(None, "")] if office_id is None and (paths.get(None) or others.get(None)) else []
    for office_number, name in [*names, *unknown]:
        theirs = paths.get(office_number, [])
        whose = {"office_id": office_number, "office_name": name}
        yield conversion(theirs, len(theirs) + others[office_number]).model_copy(update=whose)
        signed = {number: found for number, found in _by(theirs, "provider_id").items() if number is not None}
        for number in sorted(signed, key=lambda one: (people[one].casefold(), one)):
            who = {"provider_id": str(number), "provider_name": people[number]}
            yield conversion(signed[number], None).model_copy(update={**whose, **who})


def _names(connection: Connection, office_id: str | None) -> list[tuple[str, str]]:
    living = set(survivors(connection).values())
    query = sa.select(office.c.id, office.c.name).order_by(office.c.name, office.c.id)
    if office_id is not None:
        query = query.where(is_office(office.c.id, office_id))
    return [(row.id, row.name) for row in connection.execute(query) if row.id in living]


def _by(paths: Iterable[ReferralPath], name: str) -> dict[Any, list[ReferralPath]]:
    found: dict[Any, list[ReferralPath]] = defaultdict(list)
    for path in paths:
        found[getattr(path, name)].append(path)
    return found


def _paths(
    connection: Connection, clock: Clock, policy: FollowUpPolicy, wanted: sa.ColumnElement[bool]
) -> list[ReferralPath]:
    counts_as, same = survivors(connection), _same_provider(connection)
    facts = _facts(connection, clock, sa.select(referral.c.id).where(wanted))
    patient = referral.c.record["patient_name"].as_string().label("patient_name")
    own = referral.c["id", "office_id", "provider_id", "accepted_on", "assessed_on"]
    query = sa.select(*own, patient, file.c.received_on).join(slip, slip.c.id == referral.c.slip_id).join(file)
    found = []
    for row in connection.execute(query.where(wanted).order_by(referral.c.id)):
        its = facts[row.id]
        missed = len(missed_in_a_row(its.days)) >= policy.ask_after_missed
        assessed = row.assessed_on is not None
        stopped = why_stopped(
            outcome=its.outcome, told=its.told, assessed=assessed, missed_enough=missed, paused=its.paused
        )
        came = [on for on, state in its.days if state is AppointmentState.ATTENDED]
        again = [*(on for on in came if assessed and on > row.assessed_on), *its.progress]
        path = ReferralPath(
            referral_id=row.id,
            patient_name=row.patient_name or "",
            office_id=counts_as.get(row.office_id),
            provider_id=same.get(row.provider_id),
            received_on=row.received_on,
            accepted_on=row.accepted_on,
            called_on=min(its.called, default=None),
            came_on=min([*came, *([row.assessed_on] if assessed else [])], default=None),
            began_on=min(again, default=None) if assessed else None,
            stopped=stopped,
        )
        found.append(path)
    return found


def _same_provider(connection: Connection) -> dict[int | None, int]:
    rows = connection.execute(sa.select(provider.c.id, provider.c.merged_into))
    return {row.id: row.merged_into or row.id for row in rows}


def _facts(connection: Connection, clock: Clock, wanted: sa.Select[Any]) -> Mapping[int, _Facts]:
    found: dict[int, _Facts] = defaultdict(_Facts)
    tasks = follow_up.c.referral_id.in_(wanted)
    outcomes = [outcome.value for outcome in CallOutcome]
    tries = sa.select(follow_up.c.referral_id, sa.func.min(follow_up_event.c.at).label("at"))
    tries = tries.join(follow_up).where(tasks, follow_up_event.c.what.in_(outcomes)).group_by(follow_up.c.referral_id)
    for row in connection.execute(tries):
        found[row.referral_id].called.append(clock.day_of(row.at))
    done = sa.select(*follow_up.c["referral_id", "ended_on"]).where(
        tasks, follow_up.c.kind.in_([kind.value for kind in CALLS]), follow_up.c.state == FollowUpState.DONE.value
    )
    for row in connection.execute(done):
        found[row.referral_id].called.append(row.ended_on)
    came = sa.select(*appointment.c["referral_id", "on", "state"]).where(appointment.c.referral_id.in_(wanted))
    for number, on, state in connection.execute(came):
        found[number].days.append((on, AppointmentState(state)))
    for number, reason in _told(connection, tasks):
        found[number].told = reason
    _add_entries(connection, found, wanted)
    return found


def _told(connection: Connection, tasks: sa.ColumnElement[bool]) -> Iterator[tuple[int, StopReason]]:
    """Why the calls ended, of referrals whose provider is told of it; who gave another reason wrote it down."""
    reason = sa.and_(follow_up_event.c.follow_up_id == follow_up.c.id, follow_up_event.c.what == REASON)
    query = sa.select(*follow_up.c["referral_id", "kind"], follow_up_event.c.note).outerjoin(follow_up_event, reason)
    stands = follow_up.c.state != FollowUpState.SKIPPED.value
    for row in connection.execute(query.where(tasks, follow_up.c.kind.in_(_TOLD), stands).order_by(follow_up.c.id)):
        if row.kind == FollowUpKind.TELL_DECLINED:
            yield row.referral_id, StopReason.DECLINED
        else:
            yield row.referral_id, StopReason.OTHER if row.note else StopReason.UNREACHABLE


def _add_entries(connection: Connection, found: Mapping[int, _Facts], wanted: sa.Select[Any]) -> None:
    """Reports of progress, the last change in status, and the discharge, as they are on record by now."""
    final = (course_entry.c.referral_id.in_(wanted), course_entry.c.state == "final")
    query = sa.select(*course_entry.c["referral_id", "kind", "content"]).where(*final).order_by(course_entry.c.id)
    for row in connection.execute(query):
        its = found[row.referral_id]
        if row.kind == EntryKind.PROGRESS:
            its.progress.append(date.fromisoformat(row.content["on"]))
        elif row.kind == EntryKind.STATUS_CHANGE:
            its.paused = row.content["training"] == Training.PAUSED
        elif row.kind == EntryKind.DISCHARGE:
            its.outcome = Outcome(row.content["outcome"])


def _unaccepted(connection: Connection) -> Iterator[tuple[str | None, date]]:
    """The office, if it is known, and the day of every slip that is no referral, copies of another left out."""
    counts_as = survivors(connection)
    ranges = connection.execute(sa.select(serial_range)).all()
    copies = sa.select(duplicate_decision.c.slip_id).where(duplicate_decision.c.decision == Decision.SAME.value)
    query = (
        sa.select(*slip.c["office_id", "design", "edition", "serial"], file.c.received_on)
        .join(file, file.c.id == slip.c.file_id)
        .where(slip.c.state != SlipState.ACCEPTED.value, ~sa.and_(_is_rejected(), slip.c.id.in_(copies)))
    )
    for row in connection.execute(query):
        given = row.office_id or next(
            (
                span.office_id
                for span in ranges
                if (span.design, span.edition) == (row.design, row.edition)
                and row.serial is not None
                and span.first <= row.serial <= span.last
            ),
            None,
        )
        yield (counts_as.get(given) if given else None), row.received_on


def _received(connection: Connection) -> Iterator[tuple[str | None, date]]:
    """The office and the day on which its slip came, of every referral."""
    counts_as = survivors(connection)
    query = sa.select(referral.c.office_id, file.c.received_on).join(slip, slip.c.id == referral.c.slip_id).join(file)
    for row in connection.execute(query):
        yield counts_as.get(row.office_id), row.received_on


def _is_rejected() -> sa.ColumnElement[bool]:
    return slip.c.state == SlipState.REJECTED.value
