"""Which days were booked for a patient: a session of another day was logged without a booking."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.tables import audit

BOOKED = "booked"  # what the audit calls it, with the first day and how many weeks


def booked_days(connection: Connection, referral_id: int) -> frozenset[date]:
    """The days that somebody ever booked for a referral, whatever became of them; the audit tells them."""
    query = sa.select(audit.c.detail).where(audit.c.subject == f"referral {referral_id}", audit.c.what == BOOKED)
    told = [line for line in connection.execute(query).scalars() if "weeks" in line]
    return frozenset(date.fromisoformat(line["on"]) + timedelta(weeks=n) for line in told for n in range(line["weeks"]))
