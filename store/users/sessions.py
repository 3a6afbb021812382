"""Signing in and out: sessions that end by themselves."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from schemas.users import Role, Session
from store import audit
from store.database import Store
from store.tables import desk_session, desk_user
from store.users.users import hash_token

# NIST SP 800-63B, 4.2.3: at the latest after 12 hours somebody signs in anew, however busy they were.
SESSION_MOST = timedelta(hours=12)
SEEN_STEP = timedelta(seconds=20)  # how exactly the last act is kept: not every picture needs a write


def note_failure(store: Store, name: str) -> None:
    """Audit a wrong password; a name that nobody has is not written down, for it may have been the password."""
    with store.write() as connection:
        known = connection.execute(sa.select(desk_user.c.name).where(desk_user.c.name == name)).scalar()
        audit.append(connection, store.clock.now(), known or "unknown", "login_failed", "front desk")


def open_session(store: Store, name: str) -> str:
    """Sign in somebody whose password was right; the token of the session."""
    token, now = secrets.token_urlsafe(32), store.clock.now()
    values = {"token_hash": hash_token(token), "user_name": name, "csrf": secrets.token_urlsafe(32)}
    with store.write() as connection:
        connection.execute(desk_session.delete().where(desk_session.c.opened_at < now - SESSION_MOST))
        connection.execute(desk_session.insert().values(**values, opened_at=now, seen_at=now))
        audit.append(connection, now, name, "login", "front desk")
    return token


def find_session(store: Store, token: str, idle: timedelta, *, touch: bool = True) -> Session | None:
    """The session with that token, or None when there is none (any more); `touch` notes that its user was active."""
    now, key = store.clock.now(), desk_session.c.token_hash == hash_token(token)
    query = sa.select(desk_session, desk_user.c.role).join(desk_user, desk_user.c.name == desk_session.c.user_name)
    with store.read() as connection:
        row = connection.execute(query.where(key)).mappings().first()
    if row is None:
        return None
    if now - row["seen_at"] > idle or now - row["opened_at"] > SESSION_MOST:
        close_session(store, token, "timeout")
        return None
    if touch and now - row["seen_at"] > SEEN_STEP:
        with store.write() as connection:
            connection.execute(desk_session.update().where(key).values(seen_at=now))
    return Session(user=row["user_name"], role=Role(row["role"]), csrf=row["csrf"], seen_at=row["seen_at"])


def close_session(store: Store, token: str, what: str = "logout") -> None:
    """End the session, if it is still there."""
    ended = desk_session.delete().where(desk_session.c.token_hash == hash_token(token))
    with store.write() as connection:
        who = connection.execute(ended.returning(desk_session.c.user_name)).scalar()
        if who is not None:
            audit.append(connection, store.clock.now(), who, what, "front desk")
