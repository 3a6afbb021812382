"""A letter that is made anew because what it says, or where it goes, is not so any more."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from schemas.followup import FollowUpKind, FollowUpState
from schemas.letter import LetterState
from store import audit
from store.database import Store
from store.followups.changing import change_follow_up
from store.followups.outbox import AGAIN, make_anew
from store.followups.planning import note_event
from store.tables import follow_up, outbox


def remake_letter(connection: Connection, store: Store, letter_id: int, follow_up_id: int, why: str) -> None:
    """Have a letter that is not on its way made anew, in the caller's transaction.

    Whoever is at work on it has lost it: what they make of the old words is dropped.
    """
    make_anew(connection, letter_id)
    lost = {"worker": None, "lease_until": None, "generation": follow_up.c.generation + 1}
    values = {"state": FollowUpState.OPEN.value, "note": why, **lost}
    change_follow_up(connection, follow_up_id, values, standing=True)
    note_event(connection, store, follow_up_id, MACHINE, FollowUpState.OPEN.value, note=why)
    audit.append(connection, store.clock.now(), MACHINE, AGAIN, f"letter {letter_id}")


def remake_thanks(connection: Connection, store: Store, referral_id: int, why: str) -> None:
    """Have thanks that are made and not sent made anew: they tell what happens next, and some of it has happened."""
    made = outbox.c.state.in_((LetterState.HELD.value, LetterState.READY.value))
    thanks = (follow_up.c.referral_id == referral_id, follow_up.c.kind == FollowUpKind.THANK_PROVIDER.value, made)
    query = sa.select(outbox.c.id, outbox.c.follow_up_id).join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
    for row in connection.execute(query.where(*thanks)).all():
        remake_letter(connection, store, row.id, row.follow_up_id, why)
