"""What the record tells of offices: who referred when."""

from datetime import date

import sqlalchemy as sa

from store.database import Store
from store.offices import is_office
from store.tables import referral


def last_referral_of(store: Store, office_id: str) -> date | None:
    """The day of the office's latest referral."""
    latest = sa.select(sa.func.max(referral.c.accepted_on)).where(is_office(referral.c.office_id, office_id))
    with store.read() as connection:
        return connection.execute(latest).scalar()
