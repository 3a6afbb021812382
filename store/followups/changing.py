"""Changing follow-ups: each change of their days and states comes with its hash, so that no other goes unnoticed."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.changes import ChangedNoun, ChangeKind
from store import changes
from store.tables import follow_up
from store.tables.followups import HASHED, follow_up_hash

_HASHED = [follow_up.c[name] for name in ("id", *HASHED)]
_WITH_HASH = follow_up.update().where(follow_up.c.id == sa.bindparam("follow_up"))


def change_follow_up(
    connection: Connection, follow_up_id: int, values: Mapping[str, object], *, standing: bool = False
) -> bool:
    """Change a follow-up, and its hash with it, in the caller's transaction; False when it is not there.

    With `standing`, one that has ended is left alone, and False too.
    """
    which = [follow_up.c.id == follow_up_id, *([follow_up.c.ended_on.is_(None)] if standing else [])]
    changed = follow_up.update().where(*which).values(values).returning(*_HASHED)
    row = connection.execute(changed).mappings().first()
    if row is not None:
        connection.execute(_WITH_HASH, {"follow_up": follow_up_id, "content_sha256": follow_up_hash(row)})
        changes.note(connection, ChangedNoun.FOLLOW_UP, [follow_up_id], ChangeKind.CHANGED)
    return row is not None
