"""The order in which the record changed: each act notes what it changed in its own transaction."""

import secrets
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import START, ChangedNoun, ChangeKind, RecordChange, parse_cursor
from schemas.errors import UsageError
from store.tables import change, referral

MARK_BYTES = 4


def note(connection: Connection, noun: ChangedNoun, numbers: Iterable[int], what: ChangeKind) -> None:
    """Note what changed, within the caller's write transaction."""
    mark = secrets.token_hex(MARK_BYTES)
    rows = [{"noun": noun.value, "number": number, "what": what.value, "mark": mark} for number in numbers]
    if rows:
        connection.execute(change.insert(), rows)


def note_referrals(connection: Connection, which: sa.ColumnElement[bool], what: ChangeKind) -> None:
    """The same of all referrals for which a condition holds."""
    numbers = connection.execute(sa.select(referral.c.id).where(which).order_by(referral.c.id)).scalars().all()
    note(connection, ChangedNoun.REFERRAL, numbers, what)


def latest_cursor(connection: Connection) -> str:
    """The cursor behind all changes that there are."""
    row = connection.execute(sa.select(change.c.id, change.c.mark).order_by(change.c.id.desc()).limit(1)).first()
    return START if row is None else _cursor(row.id, row.mark)


def changes_since(connection: Connection, cursor: str, most: int | None = None) -> list[RecordChange]:
    """What changed behind a cursor, oldest first, `most` lines of it.

    Raises UsageError when the record does not know the cursor: it was put back from a backup, or is another.
    """
    number, mark = parse_cursor(cursor)
    named = change.c.id == sa.literal(number, sa.BigInteger)  # of whatever length somebody makes one up
    if number and connection.execute(sa.select(change.c.mark).where(named)).scalar() != mark:
        raise UsageError(
            f"This record does not know the cursor {cursor}: it was put back from a backup, or is another; read all "
            f"anew, from {START}."
        )
    query = sa.select(change).where(change.c.id > number).order_by(change.c.id).limit(most)
    return [
        RecordChange(noun=row.noun, number=row.number, what=row.what, cursor=_cursor(row.id, row.mark))
        for row in connection.execute(query)
    ]


def _cursor(number: int, mark: str) -> str:
    return f"{number}-{mark}"
