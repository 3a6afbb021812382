"""What people do with a follow-up: done, skipped with a reason, given to somebody, put off."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.dates import show_day
from schemas.errors import UsageError
from schemas.followup import ENDED, FollowUpState
from schemas.text import clean
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.changing import change_follow_up
from store.followups.planned_outreach import move_outreach, settle_outreach
from store.followups.planning import Subject, end_follow_up, note_event, replan
from store.studio_rules import StudioRules
from store.tables import follow_up

OWNER_MOST = 80


def settle(store: Store, rules: StudioRules, follow_up_id: int, state: FollowUpState, who: str, note: str = "") -> None:
    """End a follow-up as done, or as skipped with the reason in `note`, and make what comes after it."""
    reason = str(clean(note))
    if state not in ENDED:
        raise UsageError("A follow-up is settled as done or skipped.")
    if state is FollowUpState.SKIPPED and not reason:
        raise UsageError("Say why it is skipped: the reason stays with the follow-up.")
    with acting(store, follow_up_id, who, state.value) as (connection, row):
        end_follow_up(connection, store, row, state, who, reason)
        settle_outreach(connection, store, row["id"], state, who, reason)
        replan(connection, store, rules, Subject.of(row))


def assign(store: Store, follow_up_id: int, owner: str, who: str) -> None:
    """Give a follow-up to somebody; an empty `owner` gives it back to all."""
    name = str(clean(owner))[:OWNER_MOST]
    with acting(store, follow_up_id, who, "assigned") as (connection, row):
        change_follow_up(connection, row["id"], {"owner": name})
        note_event(connection, store, row["id"], who, "assigned", note=name)


def postpone(store: Store, follow_up_id: int, until: date, who: str, note: str = "") -> None:
    """Put a follow-up off to a later day, or bring it forward; it stays there until the rule's own date moves."""
    if until < store.clock.today():
        raise UsageError(f"{show_day(until)} is over: name a day from {show_day(store.clock.today())} on.")
    with acting(store, follow_up_id, who, "postponed") as (connection, row):
        change_follow_up(connection, row["id"], {"due": until})
        move_outreach(connection, store, row["id"], until, who)
        note_event(connection, store, row["id"], who, "postponed", until, str(clean(note)))


@contextmanager
def acting(store: Store, follow_up_id: int, who: str, what: str) -> Iterator[tuple[Connection, RowMapping]]:
    """One act on a standing follow-up, with its audit line, in one transaction."""
    with store.write() as connection:
        query = sa.select(follow_up).where(follow_up.c.id == follow_up_id, follow_up.c.ended_on.is_(None))
        row = connection.execute(query).mappings().first()
        if row is None:
            raise UsageError(
                f"There is no open follow-up {follow_up_id}",
                "`refpad follow-ups list` shows those that are open",
                "it was done or has ended meanwhile; Today shows those that are open",
            )
        yield connection, row
        audit.append(connection, store.clock.now(), who, what, f"follow_up {follow_up_id}")
        crashpoint("task.before_commit")
    crashpoint("task.committed")
