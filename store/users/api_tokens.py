"""Tokens of other programs: made by an admin, kept as hashes, good until they are revoked."""

import secrets
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.api import NAME_MOST, ApiToken, Scope
from schemas.errors import NotOnRecordError, UsageError
from schemas.text import clean
from store import audit
from store.database import Store
from store.tables import api_token
from store.users.users import hash_token

PREFIX = "refpad_"  # so that programs which look for secrets in the wrong place know one
TOKENS_MOST = 50


def add_token(store: Store, name: str, scopes: Collection[Scope], who: str) -> str:
    """Make a token for a program; the token, which is not kept. Raises UsageError without a name or a scope."""
    called, now = str(clean(name)), store.clock.now()
    if not 2 <= len(called) <= NAME_MOST:
        raise UsageError(f"Name the program that the token is for, in 2 to {NAME_MOST} characters.")
    if not scopes:
        raise UsageError(f"Say what the token opens: {', '.join(Scope)}, or several.")
    token, opened = PREFIX + secrets.token_urlsafe(32), sorted(scope.value for scope in set(scopes))
    with store.write() as connection:
        if len(_working(connection)) >= TOKENS_MOST:
            raise UsageError(f"There are {TOKENS_MOST} tokens: revoke one first.")
        row = {"token_hash": hash_token(token), "name": called, "scopes": opened, "made_by": who, "made_at": now}
        number = connection.execute(api_token.insert().values(row).returning(api_token.c.id)).scalar_one()
        audit.append(connection, now, who, "add", f"token {number}", {"scopes": opened})
    return token


def tokens(store: Store) -> list[ApiToken]:
    """The tokens that work, oldest first."""
    with store.read() as connection:
        return _working(connection)


def find_token(store: Store, token: str) -> ApiToken | None:
    """What a token opens, if it works."""
    with store.read() as connection:
        found = _working(connection, api_token.c.token_hash == hash_token(token))
    return found[0] if found else None


def revoke_token(store: Store, number: int, who: str) -> None:
    """End a token, at once; raises NotOnRecordError when there is none."""
    ended = api_token.update().where(api_token.c.id == number, api_token.c.revoked_at.is_(None))
    with store.write() as connection:
        if not connection.execute(ended.values(revoked_at=store.clock.now())).rowcount:
            raise NotOnRecordError(f"There is no token {number}", "`refpad tokens list` shows those there are")
        audit.append(connection, store.clock.now(), who, "revoke", f"token {number}")


def _working(connection: Connection, *conditions: sa.ColumnElement[bool]) -> list[ApiToken]:
    query = sa.select(*api_token.c["id", "name", "scopes", "made_by", "made_at"])
    query = query.where(api_token.c.revoked_at.is_(None), *conditions).order_by(api_token.c.id)
    return [ApiToken(**row) for row in connection.execute(query).mappings()]
