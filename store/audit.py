"""Who did what, and when: append-only, each line chained to the one before by its hash, made with a secret key."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from store.anchor.anchor import FIRST, Anchor, mac
from store.anchor.installation import last_line
from store.database import APPENDED, AUDIT_ANCHOR, Store
from store.tables import audit

ACKNOWLEDGED = "acknowledge_restore"
LINES_MOST = 100  # on a page

LineMark = tuple[int, str]  # the number and the hash of a line


class AuditQuery(Value):
    """Which lines: of a person, about a subject ("slip 12") or a kind of them ("slip"), in some time, before a line."""

    who: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class AuditLine(Value):
    """Who did what, and when; `detail` names fields and figures."""

    id: int
    at: datetime
    who: str
    what: str
    subject: str
    detail: Mapping[str, object]


def append(
    connection: Connection, at: datetime, who: str, what: str, subject: str, detail: Mapping[str, object] | None = None
) -> None:
    """Add one line within the caller's write transaction, which keeps the chain in one order.

    `detail` names fields and figures, never a patient's values: those stay in the record itself.
    """
    last, previous = last_line(connection)
    anchor: Anchor | None = connection.get_execution_options().get(AUDIT_ANCHOR)
    line = {"id": last + 1, "at": at, "who": who, "what": what, "subject": subject, "detail": dict(detail or {})}
    line["key_id"] = anchor.key_id if anchor else None
    hashed = _hash(previous, line, anchor)
    connection.execute(audit.insert().values(**line, previous=previous, hash=hashed))
    connection.info[APPENDED] = last + 1, hashed


def write(store: Store, who: str, what: str, subject: str, detail: Mapping[str, object] | None = None) -> None:
    """Add one line in a transaction of its own, for acts that change nothing else (a view, an export)."""
    with store.write() as connection:
        append(connection, store.clock.now(), who, what, subject, detail)


def lines_about(store: Store, subjects: Collection[str]) -> list[Mapping[str, object]]:
    """The lines about these subjects ("slip 12"), oldest first."""
    query = sa.select(audit).where(audit.c.subject.in_(subjects)).order_by(audit.c.id)
    with store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def named_since(connection: Connection, line: LineMark | None, most: int) -> tuple[LineMark, list[str] | None]:
    """The last line, and what those behind `line` were about, oldest first.

    None where that cannot be told: they are more than `most`, or the record does not have that line.
    """
    last = last_line(connection)
    first = last[0] if line is None else line[0]
    query = sa.select(audit.c.id, audit.c.hash, audit.c.subject).where(audit.c.id.between(first, last[0]))
    rows = connection.execute(query.order_by(audit.c.id).limit(most + 1)).all()
    is_known = bool(rows) and (rows[0].id, rows[0].hash) == line
    return last, [row.subject for row in rows[1:]] if is_known and rows[-1].id == last[0] else None


def latest_lines(store: Store, wanted: AuditQuery) -> list[AuditLine]:
    """The newest LINES_MOST of the lines asked for, newest first."""
    query = sa.select(*(audit.c[name] for name in AuditLine.model_fields))
    if wanted.who:
        query = query.where(audit.c.who == wanted.who)
    if wanted.about:
        kind = audit.c.subject.startswith(f"{wanted.about} ", autoescape=True)
        query = query.where(sa.or_(audit.c.subject == wanted.about, kind))
    if wanted.since is not None:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(audit.c.at < wanted.until)
    if wanted.before is not None:
        query = query.where(audit.c.id < wanted.before)
    with store.read() as connection:
        rows = connection.execute(query.order_by(audit.c.id.desc()).limit(LINES_MOST)).mappings()
        return [AuditLine(**row) for row in rows]


def first_broken_line(connection: Connection, anchor: Anchor, keyed_from: int) -> int | None:
    """The number of the first line that is missing or was changed, or None.

    Lines cut off at the end are not missing here: the anchor's head tells. Lines made with a key that is not here are
    taken as they are; `lines_of_other_keys` counts them.
    """
    previous = FIRST
    rows = connection.execute(sa.select(audit).order_by(audit.c.id)).mappings()
    for number, row in enumerate(rows, start=1):
        is_chained = row["id"] == number and row["previous"] == previous
        is_keyed = row["key_id"] is not None or number < keyed_from
        if not (is_chained and is_keyed and _is_own_hash(dict(row), anchor)):
            return number
        previous = str(row["hash"])
    return None


def lines_of_other_keys(connection: Connection, anchor: Anchor) -> int:
    """How many lines were chained with a key that is not here, since somebody last acknowledged that the record moved.

    Such an acknowledgment is itself a line that only the key at hand makes.
    """
    known = sa.select(sa.func.max(audit.c.id)).where(audit.c.what == ACKNOWLEDGED, audit.c.key_id == anchor.key_id)
    since = audit.c.id > sa.func.coalesce(known.scalar_subquery(), 0)
    query = sa.select(sa.func.count()).select_from(audit)
    return connection.execute(query.where(since, audit.c.key_id != anchor.key_id)).scalar_one()


def _is_own_hash(row: Mapping[str, object], anchor: Anchor) -> bool:
    if row["key_id"] not in (None, anchor.key_id):
        return True
    return str(row["hash"]) == _hash(str(row["previous"]), row, anchor)


def _hash(previous: str, line: Mapping[str, object], anchor: Anchor | None) -> str:
    at = line["at"]
    moment = at.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(at, datetime) else ""
    content = [previous, line["id"], moment, line["who"], line["what"], line["subject"], line["detail"]]
    if line["key_id"] is None or anchor is None:
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return mac(anchor.key, [*content, line["key_id"]])
