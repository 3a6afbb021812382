"""Private addresses of the calendar: made by a user, kept as hashes, good until they are revoked."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.errors import NotOnRecordError, UsageError
from schemas.export import CalendarNames
from schemas.users import Role
from store import audit
from store.database import Store
from store.tables import calendar_address, desk_user
from store.users.users import hash_token

ADDRESSES_MOST = 10  # of one user: a telephone, a tablet and a few computers


class CalendarAddress(Value):
    """An address that works; the address itself is known to its user alone."""

    id: int
    user_name: str
    names: CalendarNames
    made_at: datetime


def add_address(store: Store, user: str, names: CalendarNames, who: str) -> str:
    """Make an address for a user; its token. Only an admin's may name patients: raises UsageError."""
    token, now = secrets.token_urlsafe(32), store.clock.now()
    values = {"token_hash": hash_token(token), "user_name": user, "names": names.value, "made_at": now}
    with store.write() as connection:
        role = connection.execute(
            sa.select(desk_user.c.role).where(desk_user.c.name == user, desk_user.c.removed_at.is_(None))
        ).scalar()
        if role is None:
            raise UsageError("There is no such user", "`refpad users list` shows those there are")
        if names is not CalendarNames.NOBODY and role != Role.ADMIN.value:
            raise UsageError("Only an admin's calendar may name patients: phones keep calendars on others' machines.")
        if len(_working(connection, user)) >= ADDRESSES_MOST:
            raise UsageError(f"{user} has {ADDRESSES_MOST} addresses: revoke one first.")
        made = calendar_address.insert().values(values).returning(calendar_address.c.id)
        number = connection.execute(made).scalar_one()
        audit.append(connection, now, who, "add", f"calendar {number}", {"user": user, "names": names.value})
    return token


def addresses(store: Store, user: str | None = None) -> list[CalendarAddress]:
    """The addresses that work, of one user or of all, oldest first."""
    with store.read() as connection:
        return _working(connection, user)


def find_address(store: Store, token: str) -> CalendarAddress | None:
    """The address with that token, if it works."""
    with store.read() as connection:
        found = _rows(connection, calendar_address.c.token_hash == hash_token(token))
    return found[0] if found else None


def revoke_address(store: Store, number: int, who: str, owner: str | None = None) -> None:
    """End an address, at once; with `owner`, only one of theirs. Raises NotOnRecordError when there is none."""
    theirs = [] if owner is None else [calendar_address.c.user_name == owner]
    ended = calendar_address.update().where(
        calendar_address.c.id == number, calendar_address.c.revoked_at.is_(None), *theirs
    )
    with store.write() as connection:
        if not connection.execute(ended.values(revoked_at=store.clock.now())).rowcount:
            raise NotOnRecordError(f"There is no calendar {number}", "`refpad calendar list` shows those there are")
        audit.append(connection, store.clock.now(), who, "revoke", f"calendar {number}")


def _working(connection: Connection, user: str | None) -> list[CalendarAddress]:
    return _rows(connection, *([] if user is None else [calendar_address.c.user_name == user]))


def _rows(connection: Connection, *conditions: sa.ColumnElement[bool]) -> list[CalendarAddress]:
    """Neither revoked nor a removed user's."""
    query = (
        sa.select(*calendar_address.c["id", "user_name", "names", "made_at"])
        .join(desk_user, desk_user.c.name == calendar_address.c.user_name)
        .where(calendar_address.c.revoked_at.is_(None), desk_user.c.removed_at.is_(None), *conditions)
        .order_by(calendar_address.c.id)
    )
    return [CalendarAddress(**row) for row in connection.execute(query).mappings()]
