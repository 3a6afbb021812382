"""A slip that came before: a person says whether it is the same slip, and which of the two stays, or a new referral."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.base import Value
from schemas.errors import NotOnRecordError, UsageError
from schemas.item_id import ItemId
from schemas.reading import ReferralDraft
from schemas.reasons import FindingCode
from schemas.states import SlipState
from schemas.text import clean
from store import audit
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.missing_information import end_questions
from store.intake.results import settle_file
from store.referrals.duplicates import Decision, decide, renew_doubts
from store.review.refusals import SettledMeanwhileError
from store.review.settle import open_row
from store.tables import referral, slip
from store.waiting import change_slip

# Reasons that the page and the manual offer; others are typed. These alone, which name nobody, go into the audit.
SAME_REASONS = ("scanned or sent twice", "a better copy came", "a copy for the patient's file")
NEW_REASONS = ("another referral on a copied slip", "the office wrote it out again", "another patient or complaint")


class OtherSlip(Value):
    """The slip that another is compared with: what it says now, and what became of it."""

    number: int
    state: SlipState
    draft: ReferralDraft | None
    referral_id: int | None
    accepted_on: date | None
    accepted_by: str | None


def find_other(store: Store, number: int, who: str) -> OtherSlip:
    """A slip in any state, to lay beside another; that it was looked at is written to the audit. Raises UsageError."""
    columns = (
        slip.c.state,
        slip.c.draft,
        *referral.c["accepted_on", "accepted_by"],
        referral.c.id.label("referral_id"),
    )
    query = sa.select(*columns).outerjoin(referral, referral.c.slip_id == slip.c.id).where(slip.c.id == number)
    with store.write() as connection:
        row = connection.execute(query).mappings().first()
        if row is None:
            raise NotOnRecordError(f"There is no slip {number}")
        audit.append(connection, store.clock.now(), who, "view", f"slip {number}")
    return OtherSlip(number=number, **row)


def set_aside(store: Store, item: str, who: str, reason: str, version: int | None = None) -> int:
    """Settle a slip as the same that came before: it is rejected, and its original kept; the other slip's number.

    Raises UsageError when nothing doubts that the slip is new, or no reason is given.
    """
    with store.write() as connection:
        row, other = _doubted(connection, item, version)
        _must_be_unrecorded(row, item)
        _reject(connection, store, row, other, reason, who)
        crashpoint("duplicate.before_commit")
    crashpoint("duplicate.committed")
    return other


def keep_instead(store: Store, item: str, who: str, reason: str, version: int | None = None) -> int:
    """Settle the slip that came before as the same, and go on with this one, the better; the other slip's number.

    Raises UsageError when the other is a referral already: that one would have to be taken back first.
    """
    with store.write() as connection:
        row, other = _doubted(connection, item, version)
        earlier = _open_other(connection, str(ItemId.slip(other)))
        _reject(connection, store, earlier, row["id"], reason, who)
        crashpoint("duplicate.before_commit")
    crashpoint("duplicate.committed")
    return other


def make_second(store: Store, item: str, who: str, reason: str, version: int | None = None) -> int:
    """Have a slip be a referral of its own beside the one that it is compared with; the other slip's number.

    It goes on waiting until it is accepted, with what else is in doubt.
    """
    with store.write() as connection:
        row, other = _doubted(connection, item, version)
        _note(connection, store, row["id"], other, Decision.NEW, reason, who)
        renew_doubts(connection, row["id"])
        crashpoint("duplicate.before_commit")
    crashpoint("duplicate.committed")
    return other


def _doubted(connection: Connection, item: str, version: int | None) -> tuple[RowMapping, int]:
    """A slip that waits, and the one that it is compared with."""
    row = open_row(connection, item, version)
    for finding in row.get("findings", ()):
        if finding["code"] == FindingCode.POSSIBLE_DUPLICATE and finding["other_slip"] is not None:
            return row, int(finding["other_slip"])
    raise UsageError(f"{item} is no possible duplicate: accept it, or reject it with the reason why.")


def _open_other(connection: Connection, item: str) -> RowMapping:
    """The slip that is to be set aside in place of the one that a person looks at, while it waits too."""
    try:
        row = open_row(connection, item)
    except SettledMeanwhileError as settled:
        if settled.referral is None:
            raise UsageError(f"{item} was {settled.state.replace('_', ' ')} already: accept this one.") from None
        raise _recorded(item) from None
    _must_be_unrecorded(row, item)
    return row


def _must_be_unrecorded(row: RowMapping, item: str) -> None:
    if row["state"] != SlipState.REVIEW:
        raise _recorded(item)


def _recorded(item: str) -> UsageError:
    return UsageError(
        f"{item} is a referral already",
        "take it back first, with `refpad referrals withdraw`",
        'press "Return to review" on the page of that referral first',
    )


def _reject(connection: Connection, store: Store, row: RowMapping, other: int, reason: str, who: str) -> None:
    _note(connection, store, row["id"], other, Decision.SAME, reason, who)
    why = f"the same slip as slip {other}: {clean(reason)}"
    values = {"state": SlipState.REJECTED, "why_rejected": why, "version": row["version"] + 1}
    change_slip(connection, row["id"], values)
    end_questions(connection, store, row["id"])
    settle_file(connection, row["file_id"])
    renew_doubts(connection, row["id"])


def _note(
    connection: Connection, store: Store, slip_id: int, other: int, decision: Decision, reason: str, who: str
) -> None:
    said = str(clean(reason))
    if not said:
        raise UsageError("Say why: the reason is kept with both slips.")
    decide(connection, store, slip_id, other, decision, said, who)
    offered = said if said in (*SAME_REASONS, *NEW_REASONS) else "in other words"
    detail = {"other": other, "decision": decision.value, "reason": offered}
    audit.append(connection, store.clock.now(), who, "duplicate", f"slip {slip_id}", detail)
