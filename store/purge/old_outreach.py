"""Visits and talks past their term: what was written of them may name patients, so they go as referrals do."""

from collections.abc import Collection, Sequence

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
from store.purge.purging import PURGE, add_counts
from store.tables import follow_up, follow_up_event, legal_hold, outreach, referral

GONE = "visits and talks"  # what a purge's report calls them


def old_outreach(store: Store, rules: RetentionSettings) -> int:
    """How many there are whose years, those of referrals, are over, and that no legal hold keeps."""
    with store.read() as connection:
        return len(_old(connection, store, rules))


def purge_outreach(store: Store, rules: RetentionSettings, number: int, who: str) -> int:
    """Have them go in the purge of this number, each with its follow-up; how many those are."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    with store.write() as connection:
        going = _old(connection, store, rules)
        _take(connection, store, number, going, who)
        add_to_list(store.anchor, store.anchor.folder, [mac_of(store.anchor, row["content_sha256"]) for row in going])
        crashpoint("purge.before_outreach")
    crashpoint("purge.outreach_taken")
    return len(going)


def take_outreach_again(connection: Connection, store: Store, number: int, listed: Collection[str], who: str) -> None:
    """Have those go that were purged before an older record brought them back, in the caller's transaction."""
    assert store.anchor is not None  # noqa: S101 - an open record has one
    rows = connection.execute(sa.select(outreach)).mappings().all()
    _take(
        connection, store, number, [row for row in rows if mac_of(store.anchor, row["content_sha256"]) in listed], who
    )


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


def _old(connection: Connection, store: Store, rules: RetentionSettings) -> list[RowMapping]:
    """Their rows. What is planned stays, and what is of an office with a referral under a hold."""
    if rules.referrals_years is None:
        return []
    counts_as = survivors(connection)
    held = sa.select(referral.c.office_id).join(legal_hold).where(legal_hold.c.lifted_at.is_(None))
    keeps = {counts_as.get(office) for office in connection.execute(held).scalars() if office is not None}
    before = years_after(store.clock.today(), -rules.referrals_years)
    over = (outreach.c.on <= before, outreach.c.state != OutreachState.PLANNED)
    rows = connection.execute(sa.select(outreach).where(*over)).mappings().all()
    return [row for row in rows if counts_as.get(row["office_id"]) not in keeps]
