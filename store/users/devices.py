"""Browsers that have signed in before: what strangers try at a name does not slow its owner's own browser."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from store.database import Store
from store.tables import login_device
from store.users.users import hash_token

KEPT_FOR = timedelta(days=365)


def add_device(store: Store, name: str) -> str:
    """Remember a browser in which this user has signed in; the token that it shows next time."""
    token, now = secrets.token_urlsafe(32), store.clock.now()
    with store.write() as connection:
        connection.execute(login_device.delete().where(login_device.c.added_at < now - KEPT_FOR))
        values = {"token_hash": hash_token(token), "user_name": name, "added_at": now}
        connection.execute(login_device.insert().values(values))
    return token


def is_device_of(store: Store, token: str, name: str) -> bool:
    """Whether this user has signed in with the browser that shows the token; it lets nobody in by itself."""
    query = sa.select(login_device.c.added_at).where(
        login_device.c.token_hash == hash_token(token), login_device.c.user_name == name
    )
    with store.read() as connection:
        added_at = connection.execute(query).scalar()
    return added_at is not None and store.clock.now() - added_at <= KEPT_FOR
