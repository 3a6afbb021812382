"""What other tables keep of follow-ups: their letters, the calls, and what an office was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.followup import CallOutcome
from schemas.letter import LetterState
from schemas.names.spelling import NAMES
from store.followups.attempts import IDS_A_QUERY, CallAttempt, attempts_of, numbers_asked
from store.followups.outbox import has_way
from store.tables import outbox, referral, slip


class LetterOfFollowUp(Value):
    """The newest letter of a follow-up. `can_go` says that it is known where it goes, as far as it was made."""

    id: int
    state: LetterState
    can_go: bool


@dataclass(frozen=True)
class Beside:
    """Letters and calls by follow-up; by referral, when its office was asked for the patient's right number.

    `people` has, by slip, whom a slip that an office is asked about names: as recorded, or as read so far.
    """

    letters: Mapping[int, LetterOfFollowUp]
    calls: Mapping[int, tuple[CallAttempt, ...]]
    asked: Mapping[int, datetime]
    people: Mapping[int, Mapping[str, str]]


def beside_of(connection: Connection, rows: Sequence[RowMapping]) -> Beside:
    """All that is kept beside these follow-ups."""
    ids = [row["id"] for row in rows]
    calls = attempts_of(connection, ids)
    wrong = {row["referral_id"] for row in rows if any(map(_is_wrong, calls.get(row["id"], ())))}
    people = _people(connection, sorted({row["slip_id"] for row in rows if row["slip_id"] is not None}))
    return Beside(_letters(connection, ids), calls, numbers_asked(connection, sorted(wrong)), people)


def _is_wrong(call: CallAttempt) -> bool:
    return call.outcome is CallOutcome.WRONG_NUMBER and not call.is_mended


def _people(connection: Connection, slip_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Patient and provider of these slips, "" where nothing was read."""
    named: dict[int, dict[str, str]] = {}
    told = {
        name: sa.func.coalesce(
            referral.c.record[name].as_string(), slip.c.draft["text", name, "value"].as_string(), ""
        ).label(name)
        for name in NAMES
    }
    query = sa.select(slip.c.id, *told.values()).outerjoin(referral, referral.c.slip_id == slip.c.id)
    for start in range(0, len(slip_ids), IDS_A_QUERY):
        rows = connection.execute(query.where(slip.c.id.in_(slip_ids[start : start + IDS_A_QUERY]))).mappings()
        named |= {row["id"]: {name: row[name] for name in NAMES} for row in rows}
    return named


def _letters(connection: Connection, follow_up_ids: Sequence[int]) -> dict[int, LetterOfFollowUp]:
    """The newest letter of each of these follow-ups that has one."""
    columns = outbox.c["id", "follow_up_id", "state", "channel", "recipient"]
    letters: dict[int, LetterOfFollowUp] = {}
    for start in range(0, len(follow_up_ids), IDS_A_QUERY):
        some = follow_up_ids[start : start + IDS_A_QUERY]
        query = sa.select(*columns).where(outbox.c.follow_up_id.in_(some)).order_by(outbox.c.id)
        for row in connection.execute(query):
            can_go = has_way(row.channel, row.recipient)
            letters[row.follow_up_id] = LetterOfFollowUp(id=row.id, state=row.state, can_go=can_go)
    return letters
