"""Taking a referral back: its slip waits for a person again, as long as nothing came of the referral yet."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from schemas.errors import UsageError
from schemas.followup import FollowUpState
from store import audit, second_looks, words
from store.database import Store
from store.results import settle_file
from store.tables import REVIEW, follow_up, outbox, referral, slip

WAITING_LETTER = "waiting"


def withdraw(store: Store, slip_id: int, who: str) -> None:
    """Undo the acceptance of a slip. Raises UsageError once a follow-up was done or a letter left."""
    with store.write() as connection:
        row = (
            connection.execute(
                sa.select(referral.c.id, slip.c.file_id, slip.c.findings, slip.c.version, slip.c.draft)
                .join(slip, slip.c.id == referral.c.slip_id)
                .where(referral.c.slip_id == slip_id)
            )
            .mappings()
            .first()
        )
        if row is None:
            raise UsageError(f"Slip {slip_id} has no referral.")
        _must_be_untouched(connection, row["id"])
        if second_looks.is_open(connection, slip_id):
            _close_look(connection, store, slip_id, row, who)
        _delete(connection, row["id"])
        connection.execute(slip.update().where(slip.c.id == slip_id).values(state=REVIEW, version=row["version"] + 1))
        settle_file(connection, row["file_id"])
        audit.append(connection, store.clock.now(), who, "withdraw", f"slip {slip_id}", {"referral": row["id"]})


def can_be_withdrawn(store: Store, referral_id: int) -> bool:
    """Whether nothing came of the referral yet."""
    with store.read() as connection:
        try:
            _must_be_untouched(connection, referral_id)
        except UsageError:
            return False
    return True


def _must_be_untouched(connection: Connection, referral_id: int) -> None:
    of_it = sa.select(follow_up.c.id).where(follow_up.c.referral_id == referral_id)
    done = of_it.where(follow_up.c.state != FollowUpState.OPEN.value)
    sent = sa.select(outbox.c.id).where(outbox.c.follow_up_id.in_(of_it), outbox.c.state != WAITING_LETTER)
    if connection.execute(done.limit(1)).first() or connection.execute(sent.limit(1)).first():
        raise UsageError("Something came of this referral already (a follow-up done, a letter sent): it stays.")


def _close_look(connection: Connection, store: Store, slip_id: int, row: RowMapping, who: str) -> None:
    """What the second look found: the fields in doubt by now, or the slip as a whole."""
    fields = {each["field"] for each in row["findings"] if each["field"]}
    seen = len(row["draft"]["marks"]) + len(row["draft"]["text"]) + 1 if row["draft"] else 1
    second_looks.close(connection, store, slip_id, tuple(sorted(fields)) or ("slip",), seen, who)


def _delete(connection: Connection, referral_id: int) -> None:
    of_it = sa.select(follow_up.c.id).where(follow_up.c.referral_id == referral_id)
    connection.execute(outbox.delete().where(outbox.c.follow_up_id.in_(of_it)))
    connection.execute(follow_up.delete().where(follow_up.c.referral_id == referral_id))
    words.forget(connection, referral_id)
    connection.execute(referral.delete().where(referral.c.id == referral_id))
