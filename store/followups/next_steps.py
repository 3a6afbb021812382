"""What is to be done next for each of some referrals."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from schemas.base import Value
from schemas.followup import FollowUpKind, FollowUpState
from store.database import Store
from store.followups.attempts import IDS_A_QUERY
from store.tables import follow_up


class NextStep(Value):
    """The follow-up of a referral that is due first."""

    id: int
    kind: FollowUpKind
    due: date


def next_steps(store: Store, referral_ids: Sequence[int]) -> dict[int, NextStep]:
    """The next step of each of these referrals that has one; thanks, which go by themselves, only when they failed."""
    goes_by_itself = sa.and_(
        follow_up.c.kind == FollowUpKind.THANK_PROVIDER.value, follow_up.c.state != FollowUpState.FAILED.value
    )
    query = (
        sa.select(*follow_up.c["id", "referral_id", "kind", "due"])
        .where(follow_up.c.ended_on.is_(None), ~goes_by_itself)
        .order_by(follow_up.c.due.desc(), follow_up.c.id.desc())
    )
    steps: dict[int, NextStep] = {}
    with store.read() as connection:
        for start in range(0, len(referral_ids), IDS_A_QUERY):
            some = referral_ids[start : start + IDS_A_QUERY]
            for row in connection.execute(query.where(follow_up.c.referral_id.in_(some))):
                steps[row.referral_id] = NextStep(id=row.id, kind=row.kind, due=row.due)  # the first due comes last
    return steps
