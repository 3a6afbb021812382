"""What somebody has typed in the form of an entry and not saved yet: kept beside the entries, for that user alone.

So that leaving the page, a session that ends or a lost connection loses no word. Saving the entry deletes it, in the
same transaction.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.base import Value
from schemas.course import EntryKind
from store import audit
from store.courses.courses import course_within
from store.crashpoints import crashpoint
from store.database import Store
from store.tables import referral, unsaved_entry

KEPT_FOR = timedelta(days=30)  # a report is due every 30 days: what is older belongs to the one before
NO_ENTRY = 0  # of an entry that is not on record yet


class UnsavedEntry(Value):
    """What was typed, as far as it came; `entry_id` is the draft or entry that it goes on with, if any."""

    referral_id: int
    kind: EntryKind
    entry_id: int | None
    content: dict[str, Any]
    kept_at: datetime
    patient_name: str


def keep_unsaved(
    store: Store, referral_id: int, kind: EntryKind, entry_id: int | None, content: Mapping[str, Any], who: str
) -> datetime:
    """Keep what `who` has typed, in the place of what was kept before; when that was. The first time is audited."""
    now = store.clock.now()
    with store.write() as connection:
        mine = _of(referral_id, kind, entry_id, who)
        values = {"content": dict(content), "kept_at": now}
        if not connection.execute(unsaved_entry.update().where(*mine).values(values)).rowcount:
            course_within(connection, referral_id)
            names = {"user_name": who, "referral_id": referral_id, "kind": kind.value, "entry_id": entry_id or NO_ENTRY}
            connection.execute(unsaved_entry.insert().values(**names, **values))
            audit.append(connection, now, who, "typing", f"referral {referral_id}", {"entry": kind.value})
        crashpoint("unsaved.before_commit")
    crashpoint("unsaved.committed")
    return now


def unsaved_of(store: Store, referral_id: int, kind: EntryKind, who: str) -> tuple[UnsavedEntry, ...]:
    """What `who` has typed for such entries of the referral, the latest first."""
    mine = (unsaved_entry.c.referral_id == referral_id, unsaved_entry.c.kind == kind.value)
    return _listed(store, *mine, unsaved_entry.c.user_name == who)


def unsaved_entries(store: Store, who: str) -> tuple[UnsavedEntry, ...]:
    """All that `who` has typed and not saved, the latest first."""
    return _listed(store, unsaved_entry.c.user_name == who)


def discard_unsaved(store: Store, referral_id: int, kind: EntryKind, entry_id: int | None, who: str) -> None:
    """Throw it away, because `who` said so."""
    with store.write() as connection:
        if forget_unsaved(connection, referral_id, kind, entry_id, who):
            audit.append(connection, store.clock.now(), who, "discard", f"referral {referral_id}")
        crashpoint("unsaved.before_commit")
    crashpoint("unsaved.committed")


def forget_unsaved(connection: Connection, referral_id: int, kind: EntryKind, entry_id: int | None, who: str) -> bool:
    """Delete it in the caller's transaction, which saves the entry; whether there was any."""
    gone = unsaved_entry.delete().where(*_of(referral_id, kind, entry_id, who))
    return bool(connection.execute(gone).rowcount)


def forget_old(store: Store) -> None:
    """Delete what nobody has come back to for KEPT_FOR."""
    old = unsaved_entry.c.kept_at < store.clock.now() - KEPT_FOR
    with store.read() as connection:
        if connection.execute(sa.select(unsaved_entry.c.id).where(old).limit(1)).first() is None:
            return
    with store.write() as connection:
        connection.execute(unsaved_entry.delete().where(old))


def _of(referral_id: int, kind: EntryKind, entry_id: int | None, who: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        unsaved_entry.c.user_name == who,
        unsaved_entry.c.referral_id == referral_id,
        unsaved_entry.c.kind == kind.value,
        unsaved_entry.c.entry_id == (entry_id or NO_ENTRY),
    )


def _listed(store: Store, *which: sa.ColumnElement[bool]) -> tuple[UnsavedEntry, ...]:
    columns = unsaved_entry.c["referral_id", "kind", "entry_id", "content", "kept_at"]
    query = (
        sa.select(*columns, referral.c.record["patient_name"].as_string().label("patient_name"))
        .join(referral, referral.c.id == unsaved_entry.c.referral_id)
        .where(*which)
        .order_by(unsaved_entry.c.kept_at.desc(), unsaved_entry.c.id.desc())
    )
    with store.read() as connection:
        rows = connection.execute(query).mappings().all()
    names = [name for name in UnsavedEntry.model_fields if name != "entry_id"]
    return tuple(UnsavedEntry(**{name: row[name] for name in names}, entry_id=row["entry_id"] or None) for row in rows)
