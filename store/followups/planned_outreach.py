"""A planned visit or talk follows its follow-up: done with it, dropped with it, moved with it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.followup import FollowUpState
from schemas.outreach.entries import ABOUT_MOST, OutreachState
from store.database import Store
from store.tables import outreach
from store.tables.outreach import outreach_hash


def settle_outreach(
    connection: Connection, store: Store, follow_up_id: int, state: FollowUpState, who: str, note: str
) -> None:
    """What was planned under this follow-up is done today, with `note` to what it was about, or canceled."""
    row = _planned(connection, follow_up_id)
    if row is None:
        return
    if state is FollowUpState.DONE:
        about = "; ".join(part for part in (row["about"], note) if part)[:ABOUT_MOST]
        _change(connection, store, row, {"state": OutreachState.DONE, "on": store.clock.today(), "about": about}, who)
    else:
        _change(connection, store, row, {"state": OutreachState.CANCELED}, who)


def move_outreach(connection: Connection, store: Store, follow_up_id: int, until: date, who: str) -> None:
    """What was planned under this follow-up is planned for another day."""
    row = _planned(connection, follow_up_id)
    if row is not None:
        _change(connection, store, row, {"on": until}, who)


def _planned(connection: Connection, follow_up_id: int) -> RowMapping | None:
    planned = (outreach.c.follow_up_id == follow_up_id, outreach.c.state == OutreachState.PLANNED)
    return connection.execute(sa.select(outreach).where(*planned)).mappings().first()


def _change(connection: Connection, store: Store, row: RowMapping, values: dict[str, object], who: str) -> None:
    hashed = {"content_sha256": outreach_hash({**row, **values})}
    by = {"changed_at": store.clock.now(), "changed_by": who}
    connection.execute(outreach.update().where(outreach.c.id == row["id"]).values(**values, **by, **hashed))
