"""The rows of a file that came: of its content, once, and of each time that it came."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.export import MACHINE
from schemas.reasons import SetAsideReason
from schemas.states import FileState, OccurrenceState
from schemas.text import clean
from store import audit, files
from store.database import Store
from store.intake.claims import wait_again
from store.tables import file, occurrence


class TakeIn(StrEnum):
    """What became of one look at a file in the inbox."""

    TAKEN = "taken"
    DUPLICATE = "duplicate"  # its bytes were here before, and were read or wait to be read
    REFUSED = "refused"  # recorded with a reason, left where it is
    KNOWN = "known"  # recorded before; a removal that was cut short is finished
    LATER = "later"  # gone, still changing, or still open for writing: the next sweep decides


@dataclass(frozen=True)
class TakenIn:
    """`file_id` is set for what was taken; `reason` and `message` for what was refused, `message` for what is held.

    `kept_until` is when a file that was taken leaves the inbox; None: at once.
    """

    outcome: TakeIn
    occurrence_id: int | None = None
    file_id: int | None = None
    reason: SetAsideReason | None = None
    message: str = ""
    kept_until: datetime | None = None


class Drop(Protocol):
    """A file as it came: `place` is the same for whatever it holds, `fingerprint` for this drop alone."""

    @property
    def name(self) -> bytes: ...
    @property
    def place(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...


@dataclass(frozen=True)
class _Delivered:
    """A file that came in no folder: whoever brought it says which it is, the same each time it is brought."""

    name: bytes
    fingerprint: str

    @property
    def place(self) -> str:
        return self.fingerprint


def enter_delivered(connection: Connection, store: Store, name: str, fingerprint: str, copied: files.Copied) -> TakenIn:
    """The rows of a file that is kept already and lies in no inbox, within the caller's transaction.

    `fingerprint` is the same for the same delivery, and for no other.
    """
    return enter_content(connection, store, _Delivered(os.fsencode(name), fingerprint), copied, {})


def enter_content(
    connection: Connection, store: Store, seen: Drop, copied: files.Copied, drop: Mapping[str, object]
) -> TakenIn:
    """The file whose bytes the drop is, new or known, and the drop's own row with the values of `drop`."""
    first = connection.execute(
        sa.select(occurrence.c.id, occurrence.c.file_id)
        .join(file, file.c.id == occurrence.c.file_id)
        .where(file.c.sha256 == copied.sha256)
        .order_by(occurrence.c.id)
    ).first()
    if first is not None and not _is_tried_again(connection, store, first.file_id):
        values = {**drop, "file_id": first.file_id, "state": OccurrenceState.DUPLICATE, "duplicate_of": first.id}
        return TakenIn(TakeIn.DUPLICATE, write_occurrence(connection, store, seen, values), first.file_id)
    file_id = first.file_id if first is not None else _new_file(connection, store, copied)
    values = {**drop, "file_id": file_id, "state": OccurrenceState.TAKEN}
    return TakenIn(TakeIn.TAKEN, write_occurrence(connection, store, seen, values), file_id)


def _is_tried_again(connection: Connection, store: Store, file_id: int) -> bool:
    """Whether the file could not be used so far and waits again now: whoever sends it again is to hear of it."""
    if not wait_again(connection, store, file_id):
        return False
    audit.append(connection, store.clock.now(), MACHINE, "came_again", f"file {file_id}")
    return True


def _new_file(connection: Connection, store: Store, copied: files.Copied) -> int:
    values = {
        "sha256": copied.sha256,
        "size_bytes": copied.size_bytes,
        "received_on": store.clock.today(),
        "state": FileState.WAITING,
        "waiting_since": store.clock.now(),
    }
    return int(connection.execute(file.insert().values(values).returning(file.c.id)).scalar_one())


def write_occurrence(
    connection: Connection,
    store: Store,
    seen: Drop,
    values: Mapping[str, object],
    fingerprint: str | None = None,
) -> int:
    """Enter the drop; one that was refused before (no right to read it, say) is the same drop: its row is replaced."""
    row = {**_drop(store, seen, fingerprint or seen.fingerprint), "reason": None, "message": None, **values}
    refused = occurrence.update().where(occurrence.c.fingerprint == seen.place).values(row)
    entered = connection.execute(refused.returning(occurrence.c.id)).scalar()
    if entered is None:
        entered = connection.execute(occurrence.insert().values(row).returning(occurrence.c.id)).scalar_one()
    return int(entered)


def _drop(store: Store, seen: Drop, fingerprint: str) -> dict[str, object]:
    shown = str(clean(seen.name.decode("utf-8", "replace")))
    return {"fingerprint": fingerprint, "name": seen.name, "name_shown": shown, "seen_at": store.clock.now()}
