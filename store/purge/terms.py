"""Which scans are past their term: a scan goes as a whole, with all slips on it and with its copies.

An original shows every patient whose slip is on it, so it stays until the last of them may go.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.letter import LetterState
from schemas.retention import RetentionSettings, years_after
from schemas.states import FileState, SlipState
from store.clock import Clock
from store.database import Store
from store.purge.holds import held
from store.referrals.duplicates import Decision
from store.tables import (
    amendment,
    answer_sheet,
    appointment,
    course_entry,
    duplicate_decision,
    file,
    follow_up,
    occurrence,
    outbox,
    referral,
    slip,
)

IDS_A_QUERY = 500
GONE_OUT = (LetterState.SENT, LetterState.DROPPED)


class ScanTerm(Value):
    """A file with those that are copies or other versions of it, and what is recorded of them.

    `due_on` is the day from which on it may go; None while something of it waits for a person, or when no rule says.
    `held` are its referrals under a legal hold, `unended` those whose loop goes on, `ended` the last day of each other.
    """

    files: tuple[int, ...]
    slips: tuple[int, ...]
    came_on: date
    due_on: date | None
    held: tuple[int, ...] = ()
    unended: tuple[int, ...] = ()
    ended: Mapping[int, date] = {}

    @property
    def referrals(self) -> tuple[int, ...]:
        return tuple(sorted((*self.unended, *self.ended)))

    def may_go(self, today: date) -> bool:
        """Whether it is past its term, and nothing holds it."""
        return self.due_on is not None and self.due_on <= today and not self.held


@dataclass
class _Facts:
    """What is known of a file."""

    came_on: date
    state: FileState
    slips: dict[int, SlipState] = field(default_factory=dict)
    ended: dict[int, date] = field(default_factory=dict)
    unended: set[int] = field(default_factory=set)


def scans(
    connection: Connection, rules: RetentionSettings, clock: Clock, only: Collection[int] | None = None
) -> list[ScanTerm]:
    """The scans that came so long ago that a term may be over, oldest first; `only` those with one of these files."""
    if not rules.is_set:
        return []
    shortest = min(years for years in (rules.referrals_years, rules.rejected_years) if years is not None)
    query = sa.select(file.c.id).where(file.c.received_on <= years_after(clock.today(), -shortest))
    old = set(connection.execute(query).scalars())
    groups = _groups(connection, old if only is None else old & set(only))
    facts = _facts(connection, clock, [number for group in groups for number in group])
    under_hold = held(connection, [number for known in facts.values() for number in (*known.ended, *known.unended)])
    return [_scan([facts[number] for number in group], group, rules, under_hold) for group in groups]


def find_scans(store: Store, rules: RetentionSettings) -> list[ScanTerm]:
    """The same, of the record as it is now."""
    with store.read() as connection:
        return scans(connection, rules, store.clock)


def _scan(facts: Sequence[_Facts], files: tuple[int, ...], rules: RetentionSettings, under_hold: set[int]) -> ScanTerm:
    ended = {number: day for known in facts for number, day in known.ended.items()}
    unended = {number for known in facts for number in known.unended}
    came_on = max(known.came_on for known in facts)
    waits = any(known.state in (FileState.WAITING, FileState.REVIEW) for known in facts)
    last = max(ended.values(), default=came_on)
    years = rules.referrals_years if ended or unended else rules.rejected_years
    return ScanTerm(
        files=files,
        slips=tuple(sorted(number for known in facts for number in known.slips)),
        came_on=came_on,
        due_on=None if waits or unended or years is None else years_after(last, years),
        held=tuple(sorted(under_hold & (unended | ended.keys()))),
        unended=tuple(sorted(unended)),
        ended=ended,
    )


def _groups(connection: Connection, wanted: set[int]) -> list[tuple[int, ...]]:
    """The files by what goes together: one that grew, scans that a person called one slip, and slips with answers."""
    before, now = occurrence.alias("before"), occurrence.alias("now")
    versions = sa.select(before.c.file_id, now.c.file_id).join(now, now.c.version_of == before.c.id)
    one, other = slip.alias("one"), slip.alias("other")
    same = (
        sa.select(one.c.file_id, other.c.file_id)
        .select_from(duplicate_decision)
        .join(one, one.c.id == duplicate_decision.c.slip_id)
        .join(other, other.c.id == duplicate_decision.c.other_id)
        .where(duplicate_decision.c.decision == Decision.SAME.value)
    )
    answers = (
        sa.select(one.c.file_id, other.c.file_id)
        .select_from(answer_sheet)
        .join(one, one.c.id == answer_sheet.c.slip_id)
        .join(other, other.c.id == answer_sheet.c.of_slip_id)
    )
    beside: dict[int, set[int]] = {}
    for pair in (pair for query in (versions, same, answers) for pair in connection.execute(query).all()):
        for number, its in ((pair[0], pair[1]), (pair[1], pair[0])):
            beside.setdefault(number, set()).add(its)
    left, groups = set(wanted), []
    while left:
        group, new = set[int](), {min(left)}
        while new:
            group |= new
            new = {number for known in new for number in beside.get(known, ())} - group
        left -= group
        groups.append(tuple(sorted(group)))
    return groups


def _facts(connection: Connection, clock: Clock, files: Sequence[int]) -> dict[int, _Facts]:
    known: dict[int, _Facts] = {}
    for some in _parts(files):
        for row in connection.execute(sa.select(*file.c["id", "received_on", "state"]).where(file.c.id.in_(some))):
            known[row.id] = _Facts(row.received_on, row.state)
        for row in connection.execute(sa.select(*slip.c["id", "file_id", "state"]).where(slip.c.file_id.in_(some))):
            known[row.file_id].slips[row.id] = row.state
    of_slip = {number: facts for facts in known.values() for number in facts.slips}
    for some in _parts(list(of_slip)):
        _add_referrals(connection, clock, of_slip, some)
    return known


def _add_referrals(connection: Connection, clock: Clock, of_slip: Mapping[int, _Facts], slips: Sequence[int]) -> None:
    """When each loop ended: the last day on which anything of the referral was done, entered or sent."""
    own = referral.c["id", "slip_id", "accepted_on", "discharged_on"]
    rows = connection.execute(sa.select(*own).where(referral.c.slip_id.in_(slips))).all()
    days = {row.id: [row.accepted_on, row.discharged_on] for row in rows}
    goes_on = set[int]()
    by_slip = {row.slip_id: row.id for row in rows}
    for number, slip_id, ended_on, state, sent_at in connection.execute(_follow_ups(list(days), slips)):
        its = number or by_slip.get(slip_id)
        if its is None:
            continue
        days[its] += [ended_on, sent_at and clock.day_of(sent_at)]
        if ended_on is None or (state is not None and state not in GONE_OUT):
            goes_on.add(its)
    for number, at in connection.execute(_entered(list(days))):
        days[number].append(clock.day_of(at))
    for row in rows:
        if row.id in goes_on:
            of_slip[row.slip_id].unended.add(row.id)
        else:
            of_slip[row.slip_id].ended[row.id] = max(day for day in days[row.id] if day is not None)


def _follow_ups(referrals: Sequence[int], slips: Sequence[int]) -> sa.Executable:
    columns = (*follow_up.c["referral_id", "slip_id", "ended_on"], *outbox.c["state", "sent_at"])
    theirs = sa.or_(follow_up.c.referral_id.in_(referrals), follow_up.c.slip_id.in_(slips))
    return sa.select(*columns).outerjoin(outbox, outbox.c.follow_up_id == follow_up.c.id).where(theirs)


def _entered(referrals: Sequence[int]) -> sa.Executable:
    entries = sa.select(course_entry.c.referral_id, course_entry.c.changed_at)
    corrected = sa.select(amendment.c.referral_id, amendment.c.at)
    logged = sa.select(appointment.c.referral_id, appointment.c.changed_at)
    return sa.union_all(
        entries.where(course_entry.c.referral_id.in_(referrals)),
        corrected.where(amendment.c.referral_id.in_(referrals)),
        logged.where(appointment.c.referral_id.in_(referrals)),
    )


def _parts(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(numbers), IDS_A_QUERY):
        yield numbers[start : start + IDS_A_QUERY]
