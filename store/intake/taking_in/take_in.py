"""Taking files in: from the inbox into the record, once each, whatever process is killed in between.

The order makes that safe: copy, sync, rename, sync the folder, COMMIT, and only then, minutes later, out of the inbox.
"""

import os
import re
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas.errors import MachineError
from schemas.limits import Limits
from schemas.reasons import SetAsideReason
from store import files
from store.crashpoints import crashpoint
from store.database import Store
from store.files import FileChangedError
from store.intake.taking_in import kept
from store.intake.taking_in.entering import TakeIn as TakeIn
from store.intake.taking_in.entering import TakenIn as TakenIn
from store.intake.taking_in.entering import enter_content, write_occurrence
from store.intake.taking_in.refusals import UNREADABLE, Refusal, refusal_of
from store.intake.taking_in.writers import is_held
from store.tables import file, occurrence

# A file whose row is committed is renamed to this before it is hashed a last time and removed, so that a
# scan dropped under the same name in that moment is not the one removed.
_COMMITTED = re.compile(r"\.refpad-taken-(\d+)-[0-9a-f]{32}")


LATER = TakenIn(TakeIn.LATER)
HELD = TakenIn(TakeIn.LATER, message="Another program still holds it open for writing: it is taken in once that ends.")


@dataclass(frozen=True)
class _Seen:
    """A file as one look found it. `name` is what it was dropped as."""

    path: Path
    name: bytes
    stat: os.stat_result

    @property
    def place(self) -> str:
        return kept.place_of(self.name, self.stat)

    @property
    def fingerprint(self) -> str:
        return kept.fingerprint_of(self.name, self.stat)


@dataclass(frozen=True)
class _Entered:
    """A drop in the record: what it was called, the bytes it brought, and whether it was to stay for some minutes."""

    occurrence_id: int
    name: bytes
    sha256: str
    is_kept: bool


def take_in(store: Store, path: Path, limits: Limits, *, leave: bool = False, keep_s: float = 0.0) -> TakenIn:
    """Take one quiet file of the inbox into the record; call again after any crash, as often as wanted.

    Files that cannot be taken stay where they are and are recorded once, with a reason. One that was taken stays for
    `keep_s` seconds, until a later call removes it; what was added to it meanwhile is taken in as a new version. With
    `leave` it stays for ever: it is not in the inbox but somebody's own. Raises MachineError when the store's disk
    refuses.
    """
    seen = _look(store, path)
    if seen is None:
        return LATER
    refusal = refusal_of(os.fsdecode(seen.name), seen.stat, limits) or _unreadable(path)
    if refusal is not None:
        return _refuse(store, seen, refusal)
    if is_held(path):
        return HELD
    with store.read() as connection:
        known = _known(connection, seen.fingerprint)
    if known is not None:
        return known if leave else _released(store, seen.path, known)
    try:
        taken = _take(store, seen, 0.0 if leave or _COMMITTED.fullmatch(path.name) else keep_s)
    except FileChangedError:
        return LATER
    except OSError as error:
        if not os.path.lexists(path):
            return LATER
        why = error.strerror or "input/output error"
        raise MachineError(f"A file could not be kept ({why}): make room on the store's disk or mend it.") from None
    return taken if leave else _released(store, seen.path, taken)


def _look(store: Store, path: Path) -> _Seen | None:
    """The file with the name it was dropped under, or None when there is nothing (more) to take in."""
    try:
        looked = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    committed = _COMMITTED.fullmatch(path.name)
    if committed is None:
        return _Seen(path, os.fsencode(path.name), looked)
    entered = _entered(store, int(committed[1]))
    if entered is None:
        return _Seen(path, os.fsencode(path.name), looked)
    return None if _removed(store, path, entered) else _Seen(path, entered.name, looked)


def _unreadable(path: Path) -> Refusal | None:
    return None if os.access(path, os.R_OK, follow_symlinks=False) or not path.exists() else UNREADABLE


def _take(store: Store, seen: _Seen, keep_s: float) -> TakenIn:
    crashpoint("take_in.looked")
    with files.copy_in(seen.path, seen.stat, store.incoming) as copied:
        store.original(copied.sha256).keep(copied)
    with store.write() as connection:
        taken = _enter(connection, store, seen, copied, keep_s)
        crashpoint("take_in.before_commit")
    crashpoint("take_in.committed")
    return taken


def _enter(connection: Connection, store: Store, seen: _Seen, copied: files.Copied, keep_s: float) -> TakenIn:
    """The rows of one drop; another process may have entered the same drop or the same bytes meanwhile."""
    same = _known(connection, seen.fingerprint)
    if same is not None:
        return same
    earlier = kept.find_earlier(connection, seen.place, store.clock.now())
    if earlier is not None and earlier.sha256 == copied.sha256:
        kept.keep_as(connection, earlier.occurrence_id, seen.fingerprint)
        return _known(connection, seen.fingerprint) or LATER
    until = store.clock.now() + timedelta(seconds=keep_s) if keep_s else None
    version_of = earlier.occurrence_id if earlier else None
    taken = enter_content(connection, store, seen, copied, {"kept_until": until, "version_of": version_of})
    if earlier is not None and taken.file_id is not None:
        kept.note_version(connection, store, taken.file_id, earlier)
    return replace(taken, kept_until=until)


def _refuse(store: Store, seen: _Seen, refusal: Refusal) -> TakenIn:
    """Record once that the file stays out, under its place: a folder's times change with all that is in it."""
    with store.read() as connection:
        known = _known(connection, seen.place)
    if known is not None and known.reason == refusal.reason:
        return known
    values = {"state": refusal.state, "reason": refusal.reason.value, "message": refusal.message}
    with store.write() as connection:
        number = write_occurrence(connection, store, seen, values, seen.place)
        crashpoint("refuse.before_commit")
    crashpoint("refuse.committed")
    return TakenIn(TakeIn.REFUSED, number, None, refusal.reason, refusal.message)


def _released(store: Store, path: Path, taken: TakenIn) -> TakenIn:
    """Take the committed file out of the inbox, once its time is up; what was written since is taken as a new drop."""
    if taken.kept_until is not None and store.clock.now() < taken.kept_until:
        return taken
    assert taken.occurrence_id is not None  # noqa: S101 - every caller has committed its row
    aside = path.with_name(f".refpad-taken-{taken.occurrence_id}-{uuid.uuid4().hex}")
    entered = _entered(store, taken.occurrence_id)
    try:
        path.rename(aside)
    except OSError:
        return taken  # another process was quicker, or the inbox refuses: the row is safe, each sweep tries again
    crashpoint("take_in.renamed")
    if entered is not None:
        _removed(store, aside, entered)
    return taken


def _removed(store: Store, path: Path, entered: _Entered) -> bool:
    """Remove the file if it holds what the record holds; otherwise the next sweep takes it as a new drop.

    Nobody opens it by the name that it has now, so once nobody holds it open its bytes stay what they are.
    """
    try:
        if is_held(path) or files.sha256_of(path) != entered.sha256:
            return False
        crashpoint("take_in.hashed")
        if entered.is_kept:
            kept.end_keeping(store, entered.occurrence_id)
        files.remove(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    crashpoint("take_in.removed")
    return True


def _known(connection: Connection, fingerprint: str) -> TakenIn | None:
    """The drop as it was entered before, or None."""
    columns = occurrence.c["id", "file_id", "reason", "message", "kept_until"]
    row = connection.execute(sa.select(*columns).where(occurrence.c.fingerprint == fingerprint)).first()
    if row is None:
        return None
    reason = SetAsideReason(row.reason) if row.reason else None
    return TakenIn(TakeIn.KNOWN, row.id, row.file_id, reason, row.message or "", row.kept_until)


def _entered(store: Store, occurrence_id: int) -> _Entered | None:
    columns = (occurrence.c.id, occurrence.c.name, file.c.sha256, occurrence.c.kept_until.is_not(None))
    query = sa.select(*columns).join(file, file.c.id == occurrence.c.file_id)
    with store.read() as connection:
        row = connection.execute(query.where(occurrence.c.id == occurrence_id)).first()
    return _Entered(*row) if row else None
