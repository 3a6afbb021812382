"""Follow-ups as exporters want them: all, those that stand, or those that changed behind a cursor."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.export import CalendarNames, ExportedFollowUp, named_in_calendar
from store.database import Store
from store.tables import follow_up, follow_up_event, referral

ROWS_A_FETCH = 500


def exported_follow_ups(
    store: Store, standing: int | None = None, names: CalendarNames = CalendarNames.NOBODY
) -> Iterator[ExportedFollowUp]:
    """Every follow-up in the order they were made, as exporters want it; rows are fetched as they are used.

    With `standing`, only so many of those that stand, longest overdue first. `names` says how patients are named.
    """
    with store.read() as connection:
        if standing is None:
            yield from all_follow_ups(connection, store)
            return
        query = _query().where(follow_up.c.ended_on.is_(None)).order_by(follow_up.c.due, follow_up.c.id).limit(standing)
        for row in connection.execution_options(yield_per=ROWS_A_FETCH).execute(query).mappings():
            yield _exported(store, row, names)


def all_follow_ups(connection: Connection, store: Store) -> Iterator[ExportedFollowUp]:
    """Every follow-up that a connection sees, by number; rows are fetched as they are used."""
    query = _query().order_by(follow_up.c.id)
    for row in connection.execution_options(yield_per=ROWS_A_FETCH).execute(query).mappings():
        yield _exported(store, row, CalendarNames.NOBODY)


def some_follow_ups(connection: Connection, store: Store, numbers: Sequence[int]) -> Iterator[ExportedFollowUp]:
    """Those of these numbers that are on record, by number."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), ROWS_A_FETCH):
        some = follow_up.c.id.in_(wanted[start : start + ROWS_A_FETCH])
        for row in connection.execute(_query().where(some).order_by(follow_up.c.id)).mappings().all():
            yield _exported(store, row, CalendarNames.NOBODY)


def _query() -> sa.Select[Any]:
    moved = sa.select(sa.func.count()).where(
        follow_up_event.c.follow_up_id == follow_up.c.id, follow_up_event.c.due.is_not(None)
    )
    patient = referral.c.record["patient_name"].as_string().label("patient_name")
    moves = moved.scalar_subquery().label("moves")
    return sa.select(follow_up, moves, patient).outerjoin(referral, referral.c.id == follow_up.c.referral_id)


def _exported(store: Store, row: RowMapping, names: CalendarNames) -> ExportedFollowUp:
    links = {name: None if row[name] is None else str(row[name]) for name in ("referral_id", "slip_id", "office_id")}
    own = ("kind", "cycle", "due", "state", "owner", "ended_on", "settled_by", "moves")
    return ExportedFollowUp(
        follow_up_id=str(row["id"]),
        **links,
        **{name: row[name] for name in own},
        made_on=store.clock.day_of(row["made_at"]),
        note=row["note"] or "",
        about=named_in_calendar(row["patient_name"] or "", names),
    )
