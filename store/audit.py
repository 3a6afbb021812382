"""Who did what, and when: append-only, each line chained to the one before by its hash."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import Store
from store.tables import audit

FIRST = "0" * 64  # what the first line is chained to


def append(
    connection: Connection, at: datetime, who: str, what: str, subject: str, detail: Mapping[str, object] | None = None
) -> None:
    """Add one line within the caller's write transaction, which keeps the chain in one order.

    `detail` names fields and figures, never a patient's values: those stay in the record itself.
    """
    last = connection.execute(sa.select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    number, previous = (last.id + 1, last.hash) if last else (1, FIRST)
    line = {"id": number, "at": at, "who": who, "what": what, "subject": subject, "detail": dict(detail or {})}
    connection.execute(audit.insert().values(**line, previous=previous, hash=_hash(previous, line)))


def write(store: Store, who: str, what: str, subject: str, detail: Mapping[str, object] | None = None) -> None:
    """Add one line in a transaction of its own, for acts that change nothing else (a view, an export)."""
    with store.write() as connection:
        append(connection, store.clock.now(), who, what, subject, detail)


def lines_about(store: Store, subjects: Collection[str]) -> list[Mapping[str, object]]:
    """The lines about these subjects ("slip 12"), oldest first."""
    query = sa.select(audit).where(audit.c.subject.in_(subjects)).order_by(audit.c.id)
    with store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def first_broken_line(connection: Connection) -> int | None:
    """The number of the first line that is missing or was changed, or None.

    Lines cut off at the end cannot be told from lines never written: keep a copy of the last hash elsewhere.
    """
    previous = FIRST
    rows = connection.execute(sa.select(audit).order_by(audit.c.id)).mappings()
    for number, row in enumerate(rows, start=1):
        if row["id"] != number or row["previous"] != previous or row["hash"] != _hash(previous, dict(row)):
            return number
        previous = str(row["hash"])
    return None


def _hash(previous: str, line: Mapping[str, object]) -> str:
    at = line["at"]
    moment = at.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(at, datetime) else ""
    content = [previous, line["id"], moment, line["who"], line["what"], line["subject"], line["detail"]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
