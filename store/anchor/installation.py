"""Which record this is: the row that names its anchor."""

import uuid
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.anchor.anchor import FIRST, Anchor, Head, make_anchor
from store.tables import audit, installation


def find_anchor(connection: Connection, folder: Path) -> Anchor | None:
    """The anchor in `folder` of the record; None before the record has a name."""
    name = connection.execute(sa.select(installation.c.name)).scalar()
    return None if name is None else make_anchor(folder, name)


def name_record(connection: Connection, folder: Path) -> Anchor:
    """Name the record unless it has a name, within the caller's write transaction; its anchor.

    The anchor is there before the name is committed: a record with a name and without an anchor was moved or put back.
    """
    anchor = find_anchor(connection, folder)
    if anchor is not None:
        return anchor
    anchor = make_anchor(folder, uuid.uuid4().hex)
    line, hashed = last_line(connection)
    anchor.begin(Head(line, hashed, keyed_from=line + 1))
    connection.execute(installation.insert().values(id=1, name=anchor.installation, keyed_from=line + 1))
    return anchor


def last_line(connection: Connection) -> tuple[int, str]:
    """The number and hash of the audit's last line; 0 and FIRST before there is one."""
    last = connection.execute(sa.select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    return (last.id, last.hash) if last else (0, FIRST)


def holds(connection: Connection, head: Head) -> bool:
    """Whether the audit still has the line that the anchor knows."""
    if head.line == 0:
        return True
    return connection.execute(sa.select(audit.c.hash).where(audit.c.id == head.line)).scalar() == head.hash
