"""The outbox: every letter that was asked for, and where it is on its way.

    waiting ─▶ held ─▶ ready ─▶ sending ─▶ sent          (e-mail)
       │                 └────▶ printing ─▶ sent         (paper and fax, by a person)
       └▶ failed                sending ─▶ uncertain     (cut off: a person says whether it arrived)

`waiting` is to be made, `held` was made and waits for a release, `dropped` is not to be sent after all.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from schemas.followup import LETTER_OF, FollowUpKind
from schemas.letter import LetterState, Recipient
from store import audit
from store.database import Store
from store.tables import outbox

AGAIN = "letter_again"  # what the audit calls it
UNSENT = (LetterState.WAITING, LetterState.HELD, LetterState.READY, LetterState.FAILED)  # for certain
CHANGEABLE = (*UNSENT, LetterState.DROPPED)  # nobody outside has read it, or is about to


def request_letter(connection: Connection, store: Store, follow_up_id: int, kind: FollowUpKind, cycle: int) -> None:
    """Have the letter of a follow-up made, in the caller's transaction; one that is not sent yet is made anew."""
    same = (outbox.c.follow_up_id == follow_up_id, outbox.c.kind == LETTER_OF[kind].value, outbox.c.cycle == cycle)
    known = connection.execute(sa.select(outbox.c.id).where(*same)).scalar()
    if known is None:
        row = {"follow_up_id": follow_up_id, "kind": LETTER_OF[kind].value, "cycle": cycle}
        connection.execute(outbox.insert().values(**row, written_at=store.clock.now()))
        return
    if make_anew(connection, known):
        audit.append(connection, store.clock.now(), MACHINE, AGAIN, f"letter {known}")


def make_anew(connection: Connection, letter_id: int) -> bool:
    """Have a letter made again and read again, in the caller's transaction; one that is on its way is left alone."""
    again = {"state": LetterState.WAITING.value, "message": None, "pdf_sha256": None, "released_by": None}
    changeable = (outbox.c.id == letter_id, outbox.c.state.in_([state.value for state in CHANGEABLE]))
    return connection.execute(outbox.update().where(*changeable).values(again)).rowcount == 1


def drop_unsent(connection: Connection, follow_up_id: int) -> None:
    """The follow-up has ended: what of its letters is not under way is not to be sent any more."""
    unsent = outbox.c.state.in_([state.value for state in UNSENT])
    gone = outbox.update().where(outbox.c.follow_up_id == follow_up_id, unsent)
    connection.execute(gone.values(state=LetterState.DROPPED.value))


def has_way(channel: str | None, recipient: Mapping[str, Any] | None) -> bool:
    """Whether a letter as it was made has somewhere to go; one that is not made yet may."""
    if recipient is None or channel == "email":
        return True
    return Recipient.model_validate(recipient).channel(has_mail=False) is not None


def with_letter_to_make() -> sa.Select[tuple[int]]:
    """The follow-ups whose letter was asked for and is not made yet: what people had to do for it is done."""
    return sa.select(outbox.c.follow_up_id).where(outbox.c.state == LetterState.WAITING.value)


def with_stuck_letter() -> sa.Select[tuple[int]]:
    """The follow-ups with a letter that failed, may or may not have been sent, or is held with nowhere to go."""
    paper = (sa.func.coalesce(outbox.c.recipient[name].as_string(), "") for name in ("address", "fax"))
    nowhere = sa.and_(
        outbox.c.state == LetterState.HELD.value,
        outbox.c.channel != "email",
        outbox.c.recipient.is_not(None),
        *(place == "" for place in paper),
    )
    failed = outbox.c.state.in_((LetterState.FAILED.value, LetterState.UNCERTAIN.value))
    return sa.select(outbox.c.follow_up_id).where(sa.or_(failed, nowhere))


def states_of(connection: Connection, follow_up_id: int) -> set[LetterState]:
    """In which states the letters of a follow-up are."""
    states = connection.execute(sa.select(outbox.c.state).where(outbox.c.follow_up_id == follow_up_id)).scalars()
    return {LetterState(state) for state in states}
