"""Calls to the patient: what came of each, whom to tell when nobody is reached, and a call that is taken back."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.errors import UsageError
from schemas.followup import (
    CALLS,
    CALLS_ENDED,
    PATIENT_DECLINED,
    UNREACHED,
    CallOutcome,
    CallsEnded,
    FollowUpKind,
    FollowUpState,
    PlannedFollowUp,
)
from schemas.text import clean
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups import outbox
from store.followups.actions import acting, settle
from store.followups.attempts import TAKEN_BACK, attempts_of
from store.followups.changing import change_follow_up
from store.followups.missing_information import ask_for_number
from store.followups.planning import Subject, add_follow_up, end_follow_up, note_event, replan
from store.followups.remaking import remake_thanks
from store.studio_rules import StudioRules
from store.tables import follow_up, follow_up_event, referral

AFTER_TOLD_DAYS = 7  # the provider is told: time for an answer before the next call
REACHED = "The patient was reached."
REOPENED = "The call was reopened."
RETAKEN = "A call was taken back: it was not tried so often."
NO_PICTURE = "Wrong number: ask the office for the right one by telephone."
REASON = "reason"  # among the events of the follow-up whose letter tells it
NOT_REACHED = "the patient was not reached."
CALLED = "A call was noted since: the letter says what is so by now."


def note_call(
    store: Store, rules: StudioRules, follow_up_id: int, outcome: CallOutcome, who: str, note: str = ""
) -> None:
    """Note what came of a call, with its day and hour, and do what follows from it.

    Not reached: the call comes again on the next business day, and after so many tries as the rules say a letter tells
    the provider. Wrong number: a page asks the office for the right one. Declined: the course does not begin, and a
    letter tells the provider. Raises UsageError for a follow-up that is no open call.
    """
    said = str(clean(note))
    with acting(store, follow_up_id, who, f"call_{outcome.value}") as (connection, row):
        if row["kind"] not in CALLS:
            raise UsageError(f"Follow-up {follow_up_id} is no call: mark it done, or skip it with the reason.")
        note_event(connection, store, follow_up_id, who, outcome.value, note=said)
        if outcome is CallOutcome.REACHED:
            end_follow_up(connection, store, row, FollowUpState.DONE, who, said or REACHED)
            _end(connection, store, row, (FollowUpKind.TELL_NOT_REACHED,), REACHED, who)
        elif outcome is CallOutcome.DECLINED:
            _tell(connection, store, row, FollowUpKind.TELL_DECLINED)
            _end(connection, store, row, (*CALLS, FollowUpKind.TELL_NOT_REACHED), PATIENT_DECLINED, who)
        else:
            _call_again(connection, store, rules, row, outcome)
        replan(connection, store, rules, Subject.of(row))
        remake_thanks(connection, store, row["referral_id"], CALLED)


def skip(
    store: Store, rules: StudioRules, follow_up_id: int, who: str, reason: str, ended: CallsEnded | None = None
) -> None:
    """Skip a follow-up with the reason; of a call that ends all calls of its referral, and `ended` says why.

    Unless the provider is told already, a letter tells them. Raises UsageError for a call without `ended`, and for a
    patient who is said to be unreachable without a try on record.
    """
    with store.read() as connection:
        row = _open_call(connection, follow_up_id)
    said = str(clean(reason))
    if row is None or ended is CallsEnded.TOLD:
        settle(store, rules, follow_up_id, FollowUpState.SKIPPED, who, said)
    elif ended is None:
        raise UsageError("Say why the calls end: the provider is told, unless they know already.")
    elif ended is CallsEnded.DECLINED:
        note_call(store, rules, follow_up_id, CallOutcome.DECLINED, who, said)
    else:
        _end_calls(store, rules, follow_up_id, who, said, ended)


def _end_calls(store: Store, rules: StudioRules, follow_up_id: int, who: str, said: str, ended: CallsEnded) -> None:
    with acting(store, follow_up_id, who, "calls_ended") as (connection, row):
        tries = attempts_of(connection, [other["id"] for other in _of(connection, row)])
        if ended is CallsEnded.UNREACHABLE and not any(tries.values()):
            raise UsageError("No call is noted yet: note the calls that were tried first.")
        if ended is CallsEnded.OTHER and not said:
            raise UsageError("Say why the calls end: the letter to the provider says it.")
        told = _tell(connection, store, row, FollowUpKind.TELL_ENDED)
        if told is not None:
            note_event(connection, store, told, who, REASON, note=said if ended is CallsEnded.OTHER else "")
        why = CALLS_ENDED + (said or NOT_REACHED)
        _end(connection, store, row, (*CALLS, FollowUpKind.TELL_NOT_REACHED), why, who)
        replan(connection, store, rules, Subject.of(row))
        remake_thanks(connection, store, row["referral_id"], CALLED)


def why_calls_ended(store: Store, referral_id: int) -> str:
    """`declined`, `not reached`, or the reason for which people gave the calls up; "" while none of that stands."""
    kinds = (FollowUpKind.TELL_DECLINED.value, FollowUpKind.TELL_ENDED.value)
    told = (follow_up.c.referral_id == referral_id, follow_up.c.kind.in_(kinds))
    last = sa.select(*follow_up.c["id", "kind"]).where(*told, follow_up.c.state != FollowUpState.SKIPPED.value)
    with store.read() as connection:
        row = connection.execute(last.order_by(follow_up.c.id.desc()).limit(1)).first()
        if row is None:
            return ""
        if row.kind == FollowUpKind.TELL_DECLINED.value:
            return "declined"
        said = (follow_up_event.c.follow_up_id == row.id, follow_up_event.c.what == REASON)
        return connection.execute(sa.select(follow_up_event.c.note).where(*said)).scalar() or "not reached"


def reopen(store: Store, rules: StudioRules, follow_up_id: int, who: str, note: str = "") -> None:
    """Take back that a call is done, or that the patient declined; what ended with it stands again.

    Of a call that stands, its last try is taken back, which reached nobody. Raises UsageError for what is no call, or
    has no such try, and once the patient was assessed or the course has ended.
    """
    with store.write() as connection:
        if open_call := _open_call(connection, follow_up_id):
            _take_back(connection, store, rules, open_call, who)
        else:
            _reopen(connection, store, rules, follow_up_id, who, str(clean(note)))
        audit.append(connection, store.clock.now(), who, "reopened", f"follow_up {follow_up_id}")
        crashpoint("reopen.before_commit")
    crashpoint("reopen.committed")


def _reopen(connection: Connection, store: Store, rules: StudioRules, follow_up_id: int, who: str, note: str) -> None:
    row = _ended_call(connection, follow_up_id)
    again = {follow_up_id: row}
    if row["note"] == PATIENT_DECLINED or (row["note"] or "").startswith(CALLS_ENDED):
        others = [other for other in _of(connection, row) if other["kind"] in CALLS]
        again |= {other["id"]: other for other in others if other["note"] == row["note"]}
    for one in again.values():
        _open(connection, store, one)
        note_event(connection, store, one["id"], who, "reopened", note=note)
    _end(connection, store, row, (FollowUpKind.TELL_DECLINED, FollowUpKind.TELL_ENDED), REOPENED, who)
    replan(connection, store, rules, Subject.of(row))


def _take_back(connection: Connection, store: Store, rules: StudioRules, row: RowMapping, who: str) -> None:
    """The last try was none: the call is due today, and a letter that hung on it is not sent."""
    calls = attempts_of(connection, [row["id"]]).get(row["id"], ())
    if not calls or calls[-1].outcome not in UNREACHED:
        raise UsageError(
            f"Follow-up {row['id']} has no try that reached nobody as its last: there is none to take back."
        )
    note_event(connection, store, row["id"], who, TAKEN_BACK)
    if _tries(connection, row["id"]) < rules.tell_after_calls:
        _end(connection, store, row, (FollowUpKind.TELL_NOT_REACHED,), RETAKEN, who)
    change_follow_up(connection, row["id"], {"due": store.clock.today()})


def _call_again(
    connection: Connection, store: Store, rules: StudioRules, row: RowMapping, outcome: CallOutcome
) -> None:
    """Another day; who was tried often enough is told of, and a wrong number asked about."""
    due = rules.call_again(store.clock.today())
    if outcome is CallOutcome.WRONG_NUMBER and not ask_for_number(connection, store, rules, _slip_of(connection, row)):
        change_follow_up(connection, row["id"], {"note": NO_PICTURE})
    if outcome in UNREACHED and _tries(connection, row["id"]) >= rules.tell_after_calls:
        _tell(connection, store, row, FollowUpKind.TELL_NOT_REACHED)
        due = max(due, store.clock.today() + timedelta(days=AFTER_TOLD_DAYS))
    change_follow_up(connection, row["id"], {"due": max(due, row["due"])})


def _tries(connection: Connection, follow_up_id: int) -> int:
    """Calls without reaching anybody, this one included."""
    calls = attempts_of(connection, [follow_up_id]).get(follow_up_id, ())
    return sum(call.outcome in UNREACHED for call in calls)


def _tell(connection: Connection, store: Store, row: RowMapping, kind: FollowUpKind) -> int | None:
    """The follow-up whose letter tells the provider, due today; none when they are told, or about to be."""
    told = [other for other in _of(connection, row) if other["kind"] == kind]
    if any(other["state"] != FollowUpState.SKIPPED for other in told):
        return None
    planned = PlannedFollowUp(kind=kind, due=store.clock.today(), cycle=1 + len(told))
    follow_up_id = add_follow_up(connection, store, Subject.of(row), planned)
    outbox.request_letter(connection, store, follow_up_id, kind, planned.cycle)
    crashpoint("call.letter_requested")
    return follow_up_id


def _end(
    connection: Connection, store: Store, row: RowMapping, kinds: tuple[FollowUpKind, ...], why: str, who: str
) -> None:
    """Skip what still stands of these kinds of the same referral; their letters are not sent."""
    for other in _of(connection, row):
        if other["ended_on"] is None and other["kind"] in kinds:
            end_follow_up(connection, store, other, FollowUpState.SKIPPED, who, why)


def _of(connection: Connection, row: RowMapping) -> list[RowMapping]:
    theirs = sa.select(follow_up).where(follow_up.c.referral_id == row["referral_id"]).order_by(follow_up.c.id)
    return list(connection.execute(theirs).mappings())


def _slip_of(connection: Connection, row: RowMapping) -> int:
    return int(
        connection.execute(sa.select(referral.c.slip_id).where(referral.c.id == row["referral_id"])).scalar_one()
    )


def _open_call(connection: Connection, follow_up_id: int) -> RowMapping | None:
    query = sa.select(follow_up).where(follow_up.c.id == follow_up_id, follow_up.c.ended_on.is_(None))
    row = connection.execute(query).mappings().first()
    return row if row is not None and row["kind"] in CALLS else None


def _ended_call(connection: Connection, follow_up_id: int) -> RowMapping:
    query = sa.select(follow_up).where(follow_up.c.id == follow_up_id, follow_up.c.ended_on.is_not(None))
    row = connection.execute(query).mappings().first()
    if row is None or row["kind"] not in CALLS:
        raise UsageError(f"Follow-up {follow_up_id} is no call that has ended: only such a call is reopened.")
    dates = sa.select(*referral.c["assessed_on", "discharged_on"]).where(referral.c.id == row["referral_id"])
    if any(connection.execute(dates).one()):
        raise UsageError("The assessment has taken place, or the course has ended: there is nobody to call any more.")
    return row


def _open(connection: Connection, store: Store, row: RowMapping) -> None:
    due: date = max(row["due"], store.clock.today())
    values = {
        "state": FollowUpState.OPEN.value,
        "due": due,
        "ended_on": None,
        "settled_by": None,
        "settled_at": None,
        "note": None,
    }
    change_follow_up(connection, row["id"], values)
