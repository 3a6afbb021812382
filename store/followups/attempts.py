"""The calls that were tried for a follow-up, with day and hour."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.followup import CallOutcome
from store.database import Store
from store.tables import follow_up, follow_up_event

IDS_A_QUERY = 500
NUMBER_CORRECTED = "number_corrected"  # among a follow-up's events: the number of the calls before is not that of now
OUTCOMES = [outcome.value for outcome in CallOutcome]


class CallAttempt(Value):
    """One call to the patient; of a wrong number `is_mended` says that the right one is known since."""

    at: datetime
    who: str
    outcome: CallOutcome
    note: str
    is_mended: bool = False


def attempts_of(connection: Connection, follow_up_ids: Sequence[int]) -> dict[int, tuple[CallAttempt, ...]]:
    """The calls of each of these follow-ups that has any, oldest first."""
    calls: dict[int, list[CallAttempt]] = defaultdict(list)
    for start in range(0, len(follow_up_ids), IDS_A_QUERY):
        of_some = follow_up_event.c.follow_up_id.in_(follow_up_ids[start : start + IDS_A_QUERY])
        query = sa.select(follow_up_event).where(of_some, follow_up_event.c.what.in_([*OUTCOMES, NUMBER_CORRECTED]))
        for row in connection.execute(query.order_by(follow_up_event.c.id)):
            if row.what == NUMBER_CORRECTED:
                of_it = calls[row.follow_up_id]
                calls[row.follow_up_id] = [call.model_copy(update={"is_mended": True}) for call in of_it]
                continue
            call = CallAttempt(at=row.at, who=row.who, outcome=CallOutcome(row.what), note=row.note)
            calls[row.follow_up_id].append(call)
    return {follow_up_id: tuple(of_it) for follow_up_id, of_it in calls.items()}


def calls_of_referral(store: Store, referral_id: int) -> tuple[CallAttempt, ...]:
    """All calls of a referral, oldest first."""
    with store.read() as connection:
        theirs = sa.select(follow_up.c.id).where(follow_up.c.referral_id == referral_id)
        calls = attempts_of(connection, connection.execute(theirs).scalars().all())
    return tuple(sorted((call for of_one in calls.values() for call in of_one), key=lambda call: call.at))
