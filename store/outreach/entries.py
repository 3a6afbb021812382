"""Visits to offices and talks with their staff: logged when they were, and planned so that they come to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.dates import show_day
from schemas.errors import NotOnRecordError, UsageError
from schemas.followup import ENDED, FollowUpKind, FollowUpState, PlannedFollowUp
from schemas.outreach.entries import ExportedOutreach, Outreach, OutreachSaid, OutreachState
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import find_office_within, is_office, surviving_office, with_office
from store.directory.providers import is_provider
from store.followups.changing import change_follow_up
from store.followups.planning import Subject, add_follow_up, end_follow_up, note_event, replan
from store.studio_rules import StudioRules
from store.tables import follow_up, outreach, provider
from store.tables.outreach import outreach_hash

PLANNED_AHEAD_DAYS = 400  # a later day was typed wrong
PLANNED, LOGGED, CANCELED = "planned_outreach", "logged_outreach", "canceled_outreach"  # what the audit calls it
SHOWN_MOST = 50
NOT_DONE = "It was canceled."
Row = dict[str, Any]


def log_outreach(
    store: Store, rules: StudioRules, office_id: str, said: OutreachSaid, who: str, next_on: date | None = None
) -> Outreach:
    """Log a visit or talk of today or before; what was planned the same way for that day or before is done with it.

    Said a second time in the same words it is the same. `next_on` plans the next one. Raises UsageError for a day that
    has not come, NotOnRecordError for an unknown office.
    """
    if said.on > store.clock.today():
        raise UsageError(f"{show_day(said.on)} has not come: plan it for then, and log it when it was.")
    _must_lie_ahead(store, next_on)
    with _changing(store, office_id, who, LOGGED) as (connection, office):
        row = _same(connection, office, said) or _logged(connection, store, office, said, who)
        if next_on is not None:
            again = said.model_copy(update={"on": next_on, "pads_left": None})
            _plan(connection, store, office, again, who)
        replan(connection, store, rules, Subject("office_id", office))
    return _outreach(row)


def plan_outreach(store: Store, office_id: str, said: OutreachSaid, who: str) -> Outreach:
    """Plan a visit or talk: from its day on it is a follow-up that is due.

    There is one visit, call or message a day; planned again, it is changed.
    """
    _must_lie_ahead(store, said.on)
    with _changing(store, office_id, who, PLANNED) as (connection, office):
        return _outreach(_plan(connection, store, office, said, who))


def cancel_outreach(store: Store, rules: StudioRules, number: int, who: str, reason: str = "") -> Outreach:
    """Cancel what is planned, or take back what was logged by mistake; it stays on record as canceled."""
    with store.read() as connection:
        found = connection.execute(sa.select(outreach).where(outreach.c.id == number)).mappings().first()
    if found is None or found["state"] == OutreachState.CANCELED:
        raise NotOnRecordError(f"There is no visit or talk {number} to cancel", "`refpad outreach list` shows them")
    with _changing(store, found["office_id"], who, CANCELED) as (connection, office):
        row = _written(connection, number, found, {"state": OutreachState.CANCELED}, store, who)
        _end(connection, store, found["follow_up_id"], FollowUpState.SKIPPED, who, reason or NOT_DONE)
        replan(connection, store, rules, Subject("office_id", office))
    return _outreach(row)


def outreach_of(
    store: Store, office_id: str | None = None, provider_id: int | None = None, most: int = SHOWN_MOST
) -> list[Outreach]:
    """What is planned or on record of an office, a provider, or all, the newest first, without what was canceled."""
    query = sa.select(outreach).where(outreach.c.state != OutreachState.CANCELED)
    if office_id is not None:
        query = query.where(is_office(outreach.c.office_id, office_id))
    if provider_id is not None:
        query = query.where(outreach.c.provider_id.in_(sa.select(provider.c.id).where(is_provider(provider_id))))
    with store.read() as connection:
        rows = connection.execute(query.order_by(outreach.c.on.desc(), outreach.c.id.desc()).limit(most)).mappings()
        return [_outreach(row) for row in rows]


def pads_last_seen(found: list[Outreach]) -> int | None:
    """How many pads the last visit saw that counted them; `found` newest first."""
    return next((one.pads_left for one in found if one.pads_left is not None), None)


def exported_outreach(store: Store) -> Iterator[ExportedOutreach]:
    """Every one in the order they were made, as exporters want it; rows are fetched as they are used."""
    query = with_office(sa.select(outreach), outreach, outreach.c.office_id).order_by(outreach.c.id)
    with store.read() as connection:
        for row in connection.execution_options(yield_per=500).execute(query).mappings():
            own = {name: row[name] for name in ("on", "state", "way", "with_whom", "about", "pads_left", "changed_by")}
            yield ExportedOutreach(
                outreach_id=str(row["id"]),
                office_id=surviving_office(connection, row["office_id"]) or row["office_id"],
                office_name=row["office_name"] or "",
                provider_id=None if row["provider_id"] is None else str(row["provider_id"]),
                **own,
            )


@contextmanager
def _changing(store: Store, office_id: str, who: str, what: str) -> Iterator[tuple[Connection, str]]:
    """One act with its audit line in one transaction, on the office that counts by now; no words of it go there."""
    with store.write() as connection:
        office = surviving_office(connection, office_id) or find_office_within(connection, office_id).id
        yield connection, office
        audit.append(connection, store.clock.now(), who, what, f"office {office}")
        crashpoint("outreach.before_commit")
    crashpoint("outreach.committed")


def _must_lie_ahead(store: Store, on: date | None) -> None:
    today = store.clock.today()
    if on is not None and not today <= on <= today + timedelta(days=PLANNED_AHEAD_DAYS):
        raise UsageError(f"{show_day(on)} cannot be planned: name a day from {show_day(today)} on, of the next year.")


def _plan(connection: Connection, store: Store, office: str, said: OutreachSaid, who: str) -> RowMapping:
    there = (outreach.c.office_id == office, outreach.c.on == said.on, outreach.c.way == said.way.value)
    planned = sa.select(outreach).where(*there, outreach.c.state == OutreachState.PLANNED)
    before = connection.execute(planned).mappings().first()
    if before is not None:
        change_follow_up(connection, before["follow_up_id"], {"note": said.in_words})
        return _written(connection, before["id"], before, _columns(said), store, who)
    kind = FollowUpKind.CONTACT_OFFICE
    last = sa.select(sa.func.max(follow_up.c.cycle)).where(follow_up.c.office_id == office, follow_up.c.kind == kind)
    cycle = (connection.execute(last).scalar() or 0) + 1
    due = PlannedFollowUp(kind=kind, due=said.on, cycle=cycle)
    number = add_follow_up(connection, store, Subject("office_id", office), due)
    change_follow_up(connection, number, {"note": said.in_words})
    note_event(connection, store, number, who, "planned", note=said.in_words)
    return _add(connection, store, office, said, OutreachState.PLANNED, who, number)


def _same(connection: Connection, office: str, said: OutreachSaid) -> RowMapping | None:
    """The one that was logged in the same words before: a button clicked twice."""
    values = {name: value for name, value in _columns(said).items() if value is not None}
    same = [outreach.c[name] == value for name, value in values.items()]
    there = (outreach.c.office_id == office, outreach.c.state == OutreachState.DONE)
    return connection.execute(sa.select(outreach).where(*there, *same)).mappings().first()


def _logged(connection: Connection, store: Store, office: str, said: OutreachSaid, who: str) -> RowMapping:
    """A new row; what was planned the same way for that day, or last before it, is this one, and no other."""
    planned = (outreach.c.state == OutreachState.PLANNED, outreach.c.way == said.way.value, outreach.c.on <= said.on)
    query = sa.select(outreach).where(is_office(outreach.c.office_id, office), *planned)
    row = connection.execute(query.order_by(outreach.c.on.desc()).limit(1)).mappings().first()
    if row is None:
        return _add(connection, store, office, said, OutreachState.DONE, who)
    _end(connection, store, row["follow_up_id"], FollowUpState.DONE, who, said.in_words)
    return _written(connection, row["id"], row, {**_columns(said), "state": OutreachState.DONE}, store, who)


def _end(connection: Connection, store: Store, number: int | None, state: FollowUpState, who: str, why: str) -> None:
    row = connection.execute(sa.select(follow_up).where(follow_up.c.id == number)).mappings().first()
    if row is not None and row["state"] not in ENDED:
        end_follow_up(connection, store, row, state, who, why)


def _add(
    connection: Connection,
    store: Store,
    office: str,
    said: OutreachSaid,
    state: OutreachState,
    who: str,
    follow_up_id: int | None = None,
) -> RowMapping:
    by = {"changed_at": store.clock.now(), "changed_by": who}
    new = {"office_id": office, "state": state, "follow_up_id": follow_up_id, **_columns(said), **by}
    return connection.execute(outreach.insert().values(new).returning(outreach)).mappings().one()


def _written(
    connection: Connection, number: int, before: RowMapping, values: Row, store: Store, who: str
) -> RowMapping:
    """The row changed in place, with its hash."""
    by = {"changed_at": store.clock.now(), "changed_by": who}
    hashed = {"content_sha256": outreach_hash({**before, **values})}
    change = outreach.update().where(outreach.c.id == number).values(**values, **by, **hashed)
    return connection.execute(change.returning(outreach)).mappings().one()


def _columns(said: OutreachSaid) -> Row:
    return {**said.model_dump(), "way": said.way.value}


def _outreach(row: RowMapping) -> Outreach:
    return Outreach(**{name: row[name] for name in Outreach.model_fields})
