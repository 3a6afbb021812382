"""Legal holds: a referral that must stay, however old it is."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.errors import NotOnRecordError, UsageError
from schemas.text import clean
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.tables import legal_hold, referral


class LegalHold(Value):
    """One hold of a referral, in force until it was lifted."""

    id: int
    referral_id: int
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    why_lifted: str | None

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None


def set_hold(store: Store, referral_id: int, reason: str, who: str) -> None:
    """Have a referral stay; raises UsageError without a reason, and when it is held already."""
    why = _said(reason, "Say why the referral must stay.")
    with store.write() as connection:
        if connection.execute(sa.select(referral.c.id).where(referral.c.id == referral_id)).first() is None:
            raise NotOnRecordError(f"There is no referral {referral_id}")
        if held(connection, [referral_id]):
            raise UsageError(f"Referral {referral_id} is under a legal hold already.")
        now = store.clock.now()
        values = {"referral_id": referral_id, "reason": why, "set_by": who, "set_at": now}
        connection.execute(legal_hold.insert().values(values))
        audit.append(connection, now, who, "legal_hold", f"referral {referral_id}")
        crashpoint("legal_hold.before_commit")
    crashpoint("legal_hold.committed")


def lift_hold(store: Store, referral_id: int, reason: str, who: str) -> None:
    """End a referral's hold; raises UsageError without a reason, and when there is none."""
    why = _said(reason, "Say why the referral need not stay any longer.")
    in_force = (legal_hold.c.referral_id == referral_id, legal_hold.c.lifted_at.is_(None))
    with store.write() as connection:
        now = store.clock.now()
        values = {"lifted_by": who, "lifted_at": now, "why_lifted": why}
        if not connection.execute(legal_hold.update().where(*in_force).values(values)).rowcount:
            raise UsageError(f"Referral {referral_id} is under no legal hold.")
        audit.append(connection, now, who, "lift_hold", f"referral {referral_id}")
        crashpoint("lift_hold.before_commit")
    crashpoint("lift_hold.committed")


def holds_of(store: Store, referral_id: int) -> list[LegalHold]:
    """All holds of a referral, oldest first."""
    with store.read() as connection:
        return _holds(connection, legal_hold.c.referral_id == referral_id)


def holds_in_force(store: Store) -> list[LegalHold]:
    """Every hold that was not lifted, oldest first."""
    with store.read() as connection:
        return _holds(connection, legal_hold.c.lifted_at.is_(None))


def held(connection: Connection, referrals: Collection[int]) -> set[int]:
    """Which of these referrals are under a hold."""
    query = sa.select(legal_hold.c.referral_id).where(legal_hold.c.lifted_at.is_(None))
    return set(connection.execute(query).scalars()) & set(referrals)


def _holds(connection: Connection, condition: sa.ColumnElement[bool]) -> list[LegalHold]:
    query = sa.select(legal_hold).where(condition).order_by(legal_hold.c.id)
    return [LegalHold(**row) for row in connection.execute(query).mappings()]


def _said(reason: str, ask: str) -> str:
    why = str(clean(reason)).strip()
    if not why:
        raise UsageError(ask)
    return why
