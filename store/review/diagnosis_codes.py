"""ICD-10-CM codes that people have confirmed for a slip's diagnosis; what is only suggested is not kept."""

import sqlalchemy as sa

from schemas.base import Value
from schemas.changes import ChangeKind
from schemas.errors import NotOnRecordError, UsageError
from store import audit, changes
from store.database import Store
from store.search import index
from store.tables import referral, slip, slip_code

CODES_MOST = 12  # a claim form has room for as many


class ConfirmedCode(Value):
    """A code, and who confirmed it."""

    code: str
    description: str
    by: str


def confirmed_codes(store: Store, slip_id: int) -> list[ConfirmedCode]:
    """The slip's codes, in the order they were confirmed."""
    query = sa.select(*slip_code.c["code", "description", "by"]).where(slip_code.c.slip_id == slip_id)
    with store.read() as connection:
        rows = connection.execute(query.order_by(slip_code.c.at, slip_code.c.code)).mappings()
        return [ConfirmedCode(**row) for row in rows]


def confirm(store: Store, slip_id: int, code: str, description: str, who: str) -> None:
    """Keep a code for the slip; one that is kept already stays as it is."""
    if code in {known_code.code for known_code in confirmed_codes(store, slip_id)}:
        return
    with store.write() as connection:
        if connection.execute(sa.select(slip.c.id).where(slip.c.id == slip_id)).first() is None:
            raise NotOnRecordError(f"There is no slip {slip_id}")
        known = sa.select(sa.func.count()).where(slip_code.c.slip_id == slip_id)
        if connection.execute(known).scalar_one() >= CODES_MOST:
            raise UsageError(f"A slip has at most {CODES_MOST} codes.")
        row = {"slip_id": slip_id, "code": code, "description": description, "by": who, "at": store.clock.now()}
        connection.execute(slip_code.insert().values(row))
        index.renew(connection, slip_id)
        audit.append(connection, store.clock.now(), who, "code", f"slip {slip_id}", {"codes": "added"})
        changes.note_referrals(connection, referral.c.slip_id == slip_id, ChangeKind.CHANGED)


def drop(store: Store, slip_id: int, code: str, who: str) -> None:
    """Take a code from the slip, if it is there."""
    with store.write() as connection:
        gone = slip_code.delete().where(slip_code.c.slip_id == slip_id, slip_code.c.code == code)
        if connection.execute(gone).rowcount:
            index.renew(connection, slip_id)
            audit.append(connection, store.clock.now(), who, "code", f"slip {slip_id}", {"codes": "removed"})
            changes.note_referrals(connection, referral.c.slip_id == slip_id, ChangeKind.CHANGED)
