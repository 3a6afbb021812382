"""What somebody did last, for the seconds in which one click undoes it."""

from typing import Literal

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

UNDOABLE = ("reject", "ask_office", *CALLED)


class JustDone(Value):
    """An act that can be undone for `left_s` more seconds: of a slip or page by its `item`, else of a follow-up."""

    what: Literal["accepted", "rejected", "called", "asked"]
    number: int
    left_s: float
    item: str = ""


def just_done(store: Store, who: str) -> JustDone | None:
    """What somebody accepted, rejected, called in vain or asked in the last UNDO_S seconds, if it can be undone."""
    accepted = just_accepted(store, who)
    if accepted is not None:
        item = str(ItemId.slip(accepted.slip_id))
        return JustDone(what="accepted", number=accepted.slip_id, left_s=accepted.left_s, item=item)
    with store.read() as connection:
        last = last_line(connection)[0]
        lines = sa.select(*audit.c["at", "what", "subject"]).where(
            audit.c.id > last - LINES_LOOKED_AT,
            audit.c.who == who,
            audit.c.what.in_((*UNDOABLE, "reopened")),
        )
        row = connection.execute(lines.order_by(audit.c.id.desc()).limit(1)).first()
        left_s = UNDO_S - (store.clock.now() - row.at).total_seconds() if row else 0.0
        if row is None or left_s <= 0:
            return None
        noun, _, number = row.subject.partition(" ")
        if row.what == "reject":
            return _rejected(connection, noun, int(number), left_s)
        if row.what == "ask_office":
            return _asked(connection, int(number), left_s)
        return _called(connection, int(number), left_s) if row.what in CALLED else None


def _rejected(connection: Connection, noun: str, number: int, left_s: float) -> JustDone | None:
    table, state = (slip, SlipState.REJECTED) if noun == "slip" else (page, PageState.REJECTED)
    stands = sa.select(table.c.id).where(table.c.id == number, table.c.state == state)
    if connection.execute(stands).first() is None:
        return None
    item = ItemId.slip(number) if noun == "slip" else ItemId.page(number)
    return JustDone(what="rejected", number=number, left_s=left_s, item=str(item))


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
