"""Letters follow their addresses: what is not on its way and would go elsewhere by now is made anew.

Asked at the beginning of each round and before each printing, so that it does not matter what changed (an office's
address, a provider's office, a referral's, two offices that are one) nor whether the program ended right after.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.letter import LetterState, Recipient
from store.crashpoints import crashpoint
from store.database import Store
from store.followups.remaking import remake_letter
from store.letters.recipients import recipient_of_follow_up
from store.tables import follow_up, outbox

MADE = (LetterState.HELD, LetterState.READY, LetterState.FAILED)  # with an address, and not on their way
SUBJECTS = ("referral_id", "slip_id", "office_id")
AGAIN = "Its letter is made again: it goes to another address than before."


def renew_addresses(store: Store, *, has_mail: bool) -> int:
    """Have every letter made anew that is not on its way and would go elsewhere by now; how many.

    `has_mail` says that a mail server is set up: what was held for want of one can go.
    """
    with store.read() as connection:
        if not _stale(connection, has_mail=has_mail):
            return 0
    with store.write() as connection:
        renewed = renew_within(connection, store, has_mail=has_mail)
        crashpoint("addresses.before_commit")
    crashpoint("addresses.committed")
    return renewed


def renew_within(connection: Connection, store: Store, *, has_mail: bool = False) -> int:
    """The same, within the caller's write transaction."""
    stale = _stale(connection, has_mail=has_mail)
    for row in stale:
        remake_letter(connection, store, row["id"], row["follow_up_id"], AGAIN)
    return len(stale)


def _stale(connection: Connection, *, has_mail: bool) -> list[RowMapping]:
    states = [state.value for state in MADE]
    query = (
        sa.select(*outbox.c["id", "follow_up_id", "recipient", "channel"], *follow_up.c[SUBJECTS])
        .join(follow_up, follow_up.c.id == outbox.c.follow_up_id)
        .where(outbox.c.state.in_(states), outbox.c.recipient.is_not(None), follow_up.c.ended_on.is_(None))
        .order_by(outbox.c.id)
    )
    return [row for row in connection.execute(query).mappings().all() if _is_stale(connection, row, has_mail=has_mail)]


def _is_stale(connection: Connection, row: RowMapping, *, has_mail: bool) -> bool:
    made_for = Recipient.model_validate(row["recipient"])
    now = recipient_of_follow_up(connection, row)
    had_no_way = made_for.channel(has_mail=False) is None
    return now != made_for or (had_no_way and has_mail and now.email is not None and row["channel"] == "print")
