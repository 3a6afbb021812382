"""Visits and talks past their term: what was written of them may name patients, so they go as referrals do."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.changes import ChangedNoun, ChangeKind
from schemas.outreach.entries import OutreachState
from schemas.retention import RetentionSettings, years_after
from store import audit, changes
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import survivors
from store.purge.gone_list import add_to_list, mac_of
from store.purge.purging import PURGE, ROWS_AT_ONCE, add_counts
from store.tables import follow_up, follow_up_event, legal_hold, outreach, referral

GONE = "visits and talks"  # what a purge's report calls them


def old_outreach(store: Store, rules: RetentionSettings) -> int:
    """How many there are whose years, those of referrals, are over, and that no legal hold keeps."""
    with store.read() as connection:
        return len(_not_held(connection, _over(connection, store, rules)))


def purge_outreach(store: Store, rules: RetentionSettings, number: int, who: str) -> int:
    """Have them go in the purge of this number, each with its follow-up, some at a time; how many those are."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    gone, seen, last = 0, ROWS_AT_ONCE, 0
    while seen == ROWS_AT_ONCE:
        with store.write() as connection:
            some = _over(connection, store, rules, last, ROWS_AT_ONCE)
            going = _not_held(connection, some)
            _take(connection, store, number, going, who)
            macs = [mac_of(store.anchor, row["content_sha256"]) for row in going]
            add_to_list(store.anchor, store.anchor.folder, macs)
            crashpoint("purge.before_outreach")
        crashpoint("purge.outreach_taken")
        gone, seen, last = gone + len(going), len(some), some[-1]["id"] if some else last
    return gone


def take_outreach(connection: Connection, store: Store, number: int, some: Sequence[int], who: str) -> None:
    """Have those of these numbers go that are there, in the caller's transaction."""
    there = sa.select(outreach).where(outreach.c.id.in_(some))
    _take(connection, store, number, connection.execute(there).mappings().all(), who)


def _take(connection: Connection, store: Store, number: int, going: Sequence[RowMapping], who: str) -> None:
    if not going:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    numbers = sorted(row["id"] for row in going)
    tasks = sorted(row["follow_up_id"] for row in going if row["follow_up_id"] is not None)
    connection.execute(outreach.delete().where(outreach.c.id.in_(numbers)))
    connection.execute(follow_up_event.delete().where(follow_up_event.c.follow_up_id.in_(tasks)))
    connection.execute(follow_up.delete().where(follow_up.c.id.in_(tasks)))
    changes.note(connection, ChangedNoun.FOLLOW_UP, tasks, ChangeKind.PURGED)
    add_counts(connection, number, {GONE: len(numbers)})
    detail = {"purge": number, "numbers": numbers}
    audit.append(connection, store.clock.now(), who, f"{PURGE}_outreach", "outreach", detail)


def _over(
    connection: Connection, store: Store, rules: RetentionSettings, after: int = 0, most: int | None = None
) -> Sequence[RowMapping]:
    """Those whose years are over, by number, at most `most` of them behind number `after`; what is planned stays."""
    if rules.referrals_years is None:
        return []
    before = years_after(store.clock.today(), -rules.referrals_years)
    over = (outreach.c.on <= before, outreach.c.state != OutreachState.PLANNED, outreach.c.id > after)
    query = sa.select(outreach).where(*over).order_by(outreach.c.id).limit(most)
    return connection.execute(query).mappings().all()


def _not_held(connection: Connection, rows: Sequence[RowMapping]) -> list[RowMapping]:
    """What is of an office with a referral under a hold stays."""
    counts_as = survivors(connection)
    held = sa.select(referral.c.office_id).join(legal_hold).where(legal_hold.c.lifted_at.is_(None))
    keeps = {counts_as.get(office) for office in connection.execute(held).scalars() if office is not None}
    return [row for row in rows if counts_as.get(row["office_id"]) not in keeps]
