"""A page at a time of what other programs read."""

from collections.abc import Collection

import sqlalchemy as sa

from schemas.api import ChangePage, ExportedFollowUps, ExportedReferrals
from schemas.changes import ChangedNoun
from store.changes import changes_since, latest_cursor
from store.database import Store
from store.followups.exported import some_follow_ups
from store.referrals.exported import some_referrals
from store.tables import follow_up, referral


def referrals_after(store: Store, after: int, limit: int) -> ExportedReferrals:
    """`limit` referrals whose number is greater than `after`."""
    query = sa.select(referral.c.id).where(referral.c.id > after).order_by(referral.c.id).limit(limit)
    with store.read() as connection:
        numbers = connection.execute(query).scalars().all()
        return ExportedReferrals(
            referrals=tuple(some_referrals(connection, numbers)),
            next_after=numbers[-1] if len(numbers) == limit else None,
            cursor=latest_cursor(connection),
        )


def follow_ups_after(store: Store, after: int, limit: int) -> ExportedFollowUps:
    """`limit` follow-ups whose number is greater than `after`."""
    query = sa.select(follow_up.c.id).where(follow_up.c.id > after).order_by(follow_up.c.id).limit(limit)
    with store.read() as connection:
        numbers = connection.execute(query).scalars().all()
        return ExportedFollowUps(
            follow_ups=tuple(some_follow_ups(connection, store, numbers)),
            next_after=numbers[-1] if len(numbers) == limit else None,
            cursor=latest_cursor(connection),
        )


def changes_after(store: Store, since: str, limit: int, nouns: Collection[ChangedNoun]) -> ChangePage:
    """Of the next `limit` changes behind a cursor those of `nouns`; raises UsageError for an unknown cursor."""
    with store.read() as connection:
        some = changes_since(connection, since, limit)
    return ChangePage(
        changes=tuple(change for change in some if change.noun in nouns),
        cursor=some[-1].cursor if some else since,
        more=len(some) == limit,
    )
