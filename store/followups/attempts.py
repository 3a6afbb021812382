"""The calls that were tried for a follow-up, with day and hour."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.followup import UNREACHED, CallOutcome, FollowUpKind, FollowUpState
from store.database import Store
from store.tables import follow_up, follow_up_event, referral

IDS_A_QUERY = 500
NUMBER_CORRECTED = "number_corrected"  # among a follow-up's events: the number of the calls before is not that of now
TAKEN_BACK = "taken_back"  # likewise: the call before was none
SAME_TRY = timedelta(minutes=15)  # three clicks in a minute were three tries, and a letter to the provider
OUTCOMES = [outcome.value for outcome in CallOutcome]


class CallAttempt(Value):
    """One call to the patient; of a wrong number `is_mended` says that the right one is known since."""

    at: datetime
    who: str
    outcome: CallOutcome
    note: str
    is_mended: bool = False


def attempts_of(connection: Connection, follow_up_ids: Sequence[int]) -> dict[int, tuple[CallAttempt, ...]]:
    """The calls of each of these follow-ups that has any, oldest first; what was taken back is none.

    Calls that reached nobody count once when SAME_TRY lies between them: a provider who reads of three tries thinks
    of three hours of the day.
    """
    calls: dict[int, list[CallAttempt]] = defaultdict(list)
    for start in range(0, len(follow_up_ids), IDS_A_QUERY):
        of_some = follow_up_event.c.follow_up_id.in_(follow_up_ids[start : start + IDS_A_QUERY])
        events = [*OUTCOMES, NUMBER_CORRECTED, TAKEN_BACK]
        query = sa.select(follow_up_event).where(of_some, follow_up_event.c.what.in_(events))
        for row in connection.execute(query.order_by(follow_up_event.c.id)):
            of_it = calls[row.follow_up_id]
            if row.what == NUMBER_CORRECTED:
                calls[row.follow_up_id] = [call.model_copy(update={"is_mended": True}) for call in of_it]
            elif row.what == TAKEN_BACK:
                del of_it[-1:]
            else:
                of_it.append(CallAttempt(at=row.at, who=row.who, outcome=CallOutcome(row.what), note=row.note))
    return {follow_up_id: tuple(_counted_once(of_it)) for follow_up_id, of_it in calls.items() if of_it}


def _counted_once(calls: Sequence[CallAttempt]) -> list[CallAttempt]:
    """One call for those that are one try: at the first one's hour, with what came of the last."""
    counted: list[CallAttempt] = []
    for call in calls:
        before = counted[-1] if counted else None
        if before and {before.outcome, call.outcome} <= set(UNREACHED) and call.at - before.at < SAME_TRY:
            notes = "; ".join(dict.fromkeys(note for note in (before.note, call.note) if note))
            counted[-1] = call.model_copy(update={"at": before.at, "note": notes})
        else:
            counted.append(call)
    return counted


def numbers_asked(connection: Connection, referral_ids: Sequence[int]) -> dict[int, datetime]:
    """When an office was asked last about the slip of each of these referrals; of accepted ones, for a number."""
    asked: dict[int, datetime] = {}
    for start in range(0, len(referral_ids), IDS_A_QUERY):
        query = (
            sa.select(referral.c.id, follow_up.c.made_at)
            .join(follow_up, follow_up.c.slip_id == referral.c.slip_id)
            .where(
                referral.c.id.in_(referral_ids[start : start + IDS_A_QUERY]),
                follow_up.c.kind == FollowUpKind.MISSING_INFORMATION.value,
                follow_up.c.state != FollowUpState.SKIPPED.value,
            )
        )
        asked |= {row.id: row.made_at for row in connection.execute(query.order_by(follow_up.c.id))}
    return asked


def calls_of_referral(store: Store, referral_id: int) -> tuple[CallAttempt, ...]:
    """All calls of a referral, oldest first."""
    with store.read() as connection:
        theirs = sa.select(follow_up.c.id).where(follow_up.c.referral_id == referral_id)
        calls = attempts_of(connection, connection.execute(theirs).scalars().all())
    return tuple(sorted((call for of_one in calls.values() for call in of_one), key=lambda call: call.at))
