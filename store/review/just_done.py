"""What somebody did last, for the seconds in which one click undoes it."""

from collections.abc import Mapping
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.followup import UNREACHED
from schemas.item_id import ItemId
from schemas.states import PageState, SlipState
from store.anchor.installation import last_line
from store.database import Store
from store.followups.attempts import attempts_of
from store.followups.missing_information import open_questions
from store.referrals.referrals import UNDO_S
from store.review.withdraw import just_accepted
from store.tables import audit, follow_up, page, slip

LINES_LOOKED_AT = 500  # of the audit's end: more than a desk writes in UNDO_S
CALLED = tuple(f"call_{outcome.value}" for outcome in UNREACHED)

UNDOABLE = ("reject", "duplicate", "ask_office", *CALLED)
REJECTIONS: Mapping[str, Literal["rejected", "set_aside"]] = {"reject": "rejected", "duplicate": "set_aside"}


class JustDone(Value):
    """An act that can be undone for `left_s` more seconds: of a slip or page by its `item`, else of a follow-up."""

    what: Literal["accepted", "rejected", "set_aside", "called", "asked"]
    number: int
    left_s: float
    item: str = ""


def just_done(store: Store, who: str) -> JustDone | None:
    """What somebody did last in the last UNDO_S seconds, if it can be undone; else what they accepted in them."""
    with store.read() as connection:
        last = last_line(connection)[0]
        lines = sa.select(*audit.c["at", "what", "subject"]).where(
            audit.c.id > last - LINES_LOOKED_AT,
            audit.c.who == who,
            audit.c.what.in_((*UNDOABLE, "reopened", "accept")),
        )
        row = connection.execute(lines.order_by(audit.c.id.desc()).limit(1)).first()
        left_s = UNDO_S - (store.clock.now() - row.at).total_seconds() if row else 0.0
        done = _done(connection, row, left_s) if row and left_s > 0 else None
    return done or _accepted(store, who)


def _done(connection: Connection, row: sa.Row[Any], left_s: float) -> JustDone | None:
    """What a line of the audit tells, if it still stands."""
    noun, _, number = row.subject.partition(" ")
    if row.what in REJECTIONS:
        item = ItemId.slip(int(number)) if noun == "slip" else ItemId.page(int(number))
        return _rejected(connection, item, row.what, left_s)
    if row.what == "ask_office":
        return _asked(connection, int(number), left_s)
    return _called(connection, int(number), left_s) if row.what in CALLED else None


def _accepted(store: Store, who: str) -> JustDone | None:
    accepted = just_accepted(store, who)
    if accepted is None:
        return None
    item = str(ItemId.slip(accepted.slip_id))
    return JustDone(what="accepted", number=accepted.slip_id, left_s=accepted.left_s, item=item)


def _rejected(connection: Connection, item: ItemId, what: str, left_s: float) -> JustDone | None:
    """Set aside as a duplicate, or rejected for another reason; a slip called a new referral was neither."""
    table, state = (slip, SlipState.REJECTED) if item.is_slip else (page, PageState.REJECTED)
    stands = sa.select(table.c.id).where(table.c.id == item.number, table.c.state == state)
    if connection.execute(stands).first() is None:
        return None
    return JustDone(what=REJECTIONS[what], number=item.number, left_s=left_s, item=str(item))


def _asked(connection: Connection, slip_id: int, left_s: float) -> JustDone | None:
    """Until its letter is out the question can be taken back."""
    asked = open_questions(connection, [slip_id]).get(slip_id)
    if asked is None or asked.is_sent:
        return None
    return JustDone(what="asked", number=asked.follow_up_id, left_s=left_s, item=str(ItemId.slip(slip_id)))


def _called(connection: Connection, number: int, left_s: float) -> JustDone | None:
    is_open = sa.select(follow_up.c.id).where(follow_up.c.id == number, follow_up.c.ended_on.is_(None))
    calls = attempts_of(connection, [number]).get(number, ())
    if not calls or calls[-1].outcome not in UNREACHED or connection.execute(is_open).first() is None:
        return None
    return JustDone(what="called", number=number, left_s=left_s)
