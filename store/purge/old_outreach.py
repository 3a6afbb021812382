"""Visits and talks past their term: what was written of them may name patients, so they go as referrals do."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangedNoun, ChangeKind
from schemas.outreach.entries import OutreachState
from schemas.retention import RetentionSettings, years_after
from store import audit, changes
from store.crashpoints import crashpoint
from store.database import Store
from store.directory.offices import survivors
from store.purge.purging import PURGE, add_counts
from store.tables import follow_up, follow_up_event, legal_hold, outreach, referral

GONE = "visits and talks"  # what a purge's report calls them


def old_outreach(store: Store, rules: RetentionSettings) -> int:
    """How many there are whose years, those of referrals, are over, and that no legal hold keeps."""
    with store.read() as connection:
        return len(_old(connection, store, rules))


def purge_outreach(store: Store, rules: RetentionSettings, number: int, who: str) -> int:
    """Have them go in the purge of this number, each with its follow-up; how many those are."""
    with store.write() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        going = _old(connection, store, rules)
        tasks = sorted(task for task in going.values() if task is not None)
        connection.execute(outreach.delete().where(outreach.c.id.in_(going)))
        connection.execute(follow_up_event.delete().where(follow_up_event.c.follow_up_id.in_(tasks)))
        connection.execute(follow_up.delete().where(follow_up.c.id.in_(tasks)))
        changes.note(connection, ChangedNoun.FOLLOW_UP, tasks, ChangeKind.PURGED)
        add_counts(connection, number, {GONE: len(going)})
        if going:
            detail = {"purge": number, "numbers": sorted(going)}
            audit.append(connection, store.clock.now(), who, f"{PURGE}_outreach", "outreach", detail)
        crashpoint("purge.before_outreach")
    crashpoint("purge.outreach_taken")
    return len(going)


def _old(connection: Connection, store: Store, rules: RetentionSettings) -> dict[int, int | None]:
    """Their numbers with those of their follow-ups. What is planned stays, and what is of an office with a hold."""
    if rules.referrals_years is None:
        return {}
    counts_as = survivors(connection)
    held = sa.select(referral.c.office_id).join(legal_hold).where(legal_hold.c.lifted_at.is_(None))
    keeps = {counts_as.get(office) for office in connection.execute(held).scalars() if office is not None}
    before = years_after(store.clock.today(), -rules.referrals_years)
    over = (outreach.c.on <= before, outreach.c.state != OutreachState.PLANNED)
    rows = connection.execute(sa.select(*outreach.c["id", "office_id", "follow_up_id"]).where(*over)).all()
    return {row.id: row.follow_up_id for row in rows if counts_as.get(row.office_id) not in keeps}
