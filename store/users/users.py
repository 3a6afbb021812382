"""Users of the front desk, and the one-time links by which they set their passwords."""

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.errors import UsageError
from schemas.export import MACHINE
from schemas.users import USER_NAME, Invitation, Role, User
from store import audit
from store.database import Store
from store.tables import desk_session, desk_user, invitation, login_device

LINK_HOURS = 24
RESERVED = frozenset({MACHINE, "unknown"})  # the audit means something else by these


class NoSuchLinkError(UsageError):
    """A one-time link that was used, has run out, or never was."""

    def __init__(self) -> None:
        super().__init__(
            "This link was used or has run out",
            "ask an admin for another (`refpad users link NAME`)",
            "ask an admin for another (page Users)",
        )


def hash_token(token: str) -> str:
    """How a token is kept. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def add(store: Store, name: str, role: Role, who: str) -> str:
    """Enter a user without a password; the token of the one-time link that sets it."""
    _must_be_a_name(name)
    with store.write() as connection:
        if connection.execute(sa.select(desk_user.c.name).where(desk_user.c.name == name)).first():
            raise UsageError(
                f'There is a user "{name}" already',
                f"choose another name, or `refpad users link {name}`",
                "choose another name, or make a new link for them",
            )
        _enter(connection, store, name, role)
        token = _invite(connection, store, name, role)
        audit.append(connection, store.clock.now(), who, "add", f"user {name}", {"role": role.value})
    return token


def link(store: Store, name: str, who: str) -> str:
    """A new one-time link for a user who lost the password or was removed; ends the sessions and the old password."""
    with store.write() as connection:
        role = _role_of(connection, name)
        fresh = desk_user.update().where(desk_user.c.name == name).values(password_hash=None, removed_at=None)
        connection.execute(fresh)
        _forget(connection, name)
        token = _invite(connection, store, name, role)
        audit.append(connection, store.clock.now(), who, "link", f"user {name}")
    return token


class LastAdminError(UsageError):
    """Nobody could manage users any more."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is the only admin who can sign in",
            f"make another one first, or type `refpad users remove {name} --last`; the next start of refpad then "
            "prints a link for a new first admin",
            "make another one first",
        )


def remove(store: Store, name: str, who: str, *, even_last: bool = False) -> None:
    """Remove a user at once; what they did stays under their name.

    Raises LastAdminError for the only admin who can sign in, unless `even_last` says so.
    """
    with store.write() as connection:
        _role_of(connection, name)
        if not even_last and _is_last_admin(connection, name):
            raise LastAdminError(name)
        gone = desk_user.update().where(desk_user.c.name == name)
        connection.execute(gone.values(password_hash=None, removed_at=store.clock.now()))
        _forget(connection, name)
        audit.append(connection, store.clock.now(), who, "remove", f"user {name}")


def is_last_admin(store: Store, name: str) -> bool:
    """Whether the user is the only admin who can sign in."""
    with store.read() as connection:
        return _is_last_admin(connection, name)


def _is_last_admin(connection: Connection, name: str) -> bool:
    admins = connection.execute(sa.select(desk_user.c.name).where(*_can_administer())).scalars()
    return list(admins) == [name]


def _can_administer() -> tuple[sa.ColumnElement[bool], ...]:
    return desk_user.c.role == Role.ADMIN.value, desk_user.c.password_hash.is_not(None)


def first_link(store: Store) -> str | None:
    """The token of a link that makes the first admin, valid until the next is made; None when an admin can sign in.

    Only who can start refpad sees it, so nobody else on the machine can become the first admin.
    """
    with store.write() as connection:
        if connection.execute(sa.select(desk_user.c.name).where(*_can_administer()).limit(1)).first():
            return None
        connection.execute(invitation.delete().where(invitation.c.user_name.is_(None)))
        return _invite(connection, store, None, Role.ADMIN)


def find_invitation(store: Store, token: str) -> Invitation:
    """What a link allows; raises NoSuchLinkError."""
    with store.read() as connection:
        return _invited(connection, store, token)


def redeem(store: Store, token: str, name: str, password_hash: str) -> User:
    """Use a link once: set the password of the user it names, or make `name` the first admin."""
    _must_be_a_name(name)
    with store.write() as connection:
        allowed = _invited(connection, store, token)
        if allowed.name is None and not connection.execute(_named(name)).first():
            _enter(connection, store, name, allowed.role)
        elif allowed.name is None:
            raise UsageError(f'There is a user "{name}" already: choose another name.')
        user = allowed.name or name
        changed = desk_user.update().where(desk_user.c.name == user).values(password_hash=password_hash)
        connection.execute(changed)
        _forget(connection, user)
        connection.execute(invitation.delete().where(invitation.c.token_hash == hash_token(token)))
        audit.append(connection, store.clock.now(), user, "password", f"user {user}")
    return next(known for known in all_users(store) if known.name == user)


def change_password(store: Store, name: str, password_hash: str) -> None:
    """Replace one's own password; all sessions of the user end."""
    with store.write() as connection:
        changed = desk_user.update().where(desk_user.c.name == name).values(password_hash=password_hash)
        connection.execute(changed)
        _forget(connection, name)
        audit.append(connection, store.clock.now(), name, "password", f"user {name}")


def all_users(store: Store) -> list[User]:
    """Every user there ever was, by name."""
    with store.read() as connection:
        rows = connection.execute(sa.select(desk_user).order_by(desk_user.c.name)).mappings()
        return [
            User(
                name=row["name"],
                role=row["role"],
                added_at=row["added_at"],
                can_sign_in=row["password_hash"] is not None,
                is_removed=row["removed_at"] is not None,
            )
            for row in rows
        ]


def password_hash(store: Store, name: str) -> str | None:
    """The kept hash of a user who may sign in, or None."""
    with store.read() as connection:
        return connection.execute(sa.select(desk_user.c.password_hash).where(desk_user.c.name == name)).scalar()


def _must_be_a_name(name: str) -> None:
    if not re.fullmatch(USER_NAME, name) or name in RESERVED:
        raise UsageError("A user's name has 2 to 40 of a-z, 0-9, dot, - and _, and begins with a letter.")


def _named(name: str) -> sa.Select[Any]:
    return sa.select(desk_user.c.role).where(desk_user.c.name == name)


def _role_of(connection: Connection, name: str) -> Role:
    role = connection.execute(_named(name)).scalar()
    if role is None:
        raise UsageError("There is no such user", "`refpad users list` shows those there are")
    return Role(role)


def _enter(connection: Connection, store: Store, name: str, role: Role) -> None:
    connection.execute(desk_user.insert().values(name=name, role=role.value, added_at=store.clock.now()))


def _invite(connection: Connection, store: Store, name: str | None, role: Role) -> str:
    token = secrets.token_urlsafe(32)
    until = store.clock.now() + timedelta(hours=LINK_HOURS)
    values = {"token_hash": hash_token(token), "user_name": name, "role": role.value, "until": until}
    connection.execute(invitation.insert().values(values))
    return token


def _invited(connection: Connection, store: Store, token: str) -> Invitation:
    query = sa.select(invitation).where(invitation.c.token_hash == hash_token(token))
    row = connection.execute(query).mappings().first()
    if row is None or row["until"] < store.clock.now():
        raise NoSuchLinkError
    return Invitation(name=row["user_name"], role=row["role"], until=row["until"])


def _forget(connection: Connection, name: str) -> None:
    """End the user's sessions and open links, and know the user's browsers no more."""
    connection.execute(login_device.delete().where(login_device.c.user_name == name))
    connection.execute(desk_session.delete().where(desk_session.c.user_name == name))
    connection.execute(invitation.delete().where(invitation.c.user_name == name))
