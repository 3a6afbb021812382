"""What the follow-ups of offices hang on: the last referral, the last talk with them, and the pads they got."""

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.followup import OfficeCourse, PastFollowUp
from schemas.outreach.entries import OutreachState
from store.database import Store
from store.directory.offices import same_offices
from store.directory.pad_stock import hand_outs
from store.tables import office, outreach, referral

# The newest day of each office is the end of an index, however many referrals there are.
_LATEST = sa.select(sa.func.max(referral.c.accepted_on)).where(referral.c.office_id == office.c.id)
_TALKED = sa.select(sa.func.max(outreach.c.on)).where(
    outreach.c.office_id == office.c.id, outreach.c.state == OutreachState.DONE
)
_DAYS = sa.select(
    office.c.id, _LATEST.scalar_subquery().label("referral_on"), _TALKED.scalar_subquery().label("talked_on")
)


def office_course(
    connection: Connection,
    store: Store,
    office_id: str,
    past: tuple[PastFollowUp, ...],
    counts_as: Mapping[str, str],
) -> OfficeCourse:
    """The course of an office with those that were merged into it; `counts_as` is what `survivors` tells."""
    same = same_offices(counts_as, office_id)
    days = connection.execute(_DAYS.where(office.c.id.in_(same))).all()
    return OfficeCourse(
        hand_outs=hand_outs(connection, store, same),
        last_referral_on=_latest([row.referral_on for row in days]),
        last_outreach_on=_latest([row.talked_on for row in days]),
        past=past,
    )


def _latest(days: Collection[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
