"""Restoring: a backup is checked, copied beside the record, and only then takes its place."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from schemas.atomic_write import create_private, sync, sync_folder
from schemas.errors import MachineError, UsageError
from schemas.text import counted
from store import files
from store.anchor.anchor import keep_key, key_path, read_key
from store.anchor.installation import last_line
from store.backup.check import check_backup
from store.backup.snapshot import copy_rows, engine_of, kept_files
from store.backup.target import KEY, Backup, files_of, free_name, name_of
from store.clock import Clock
from store.crashpoints import crashpoint
from store.database import make_schema, open_engine, open_store
from store.kept_files.in_folder import file_path
from store.kept_files.kept_file import SUFFIXES, FilePlace, place_within
from store.letters.restore_guard import acknowledge, begin_again
from store.migrations import upgrade
from store.purge.gone_list import add_to_list, read_list
from store.purge.numbers import keep_numbers
from store.tables import REVISION, installation
from store.workers.workers import require_nobody_at_work

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Replaced:
    """What a restore did: how many files were put in place, and where the record went that was there before."""

    files: int
    moved_to: Path | None


@dataclass(frozen=True)
class Destination:
    """Where a backup goes: as for `open_store`."""

    url: str
    folder: Path
    state_folder: Path
    clock: Clock
    kept: FilePlace | None = None

    @property
    def sqlite(self) -> Path | None:
        """The database's file; None for PostgreSQL."""
        url = sa.make_url(self.url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def restore(
    backup: Backup, place: Destination, who: str, *, replace: bool, progress: Progress = lambda *_: None
) -> Replaced:
    """Put a backup in place, hold its letters, and note in the audit that it was restored.

    A record that is there is moved aside when `replace` is true; otherwise, and where PostgreSQL holds one, UsageError
    is raised. MachineError is raised for a damaged backup, or when something cannot be written, and while a worker is
    at the record: what it reads meanwhile would be on record only in what was moved aside.
    """
    require_nobody_at_work(place.folder)
    if backup.manifest.revision > REVISION:
        what = f"The backup {backup.name} was made by a newer refpad"
        raise UsageError(f"{what}: update refpad first, or name an older one with --backup.")
    is_loaded = place.sqlite is None and _is_loaded(backup, place)
    if not is_loaded:
        _require_room(place, replace=replace)
    if place.kept is not None:
        _require_no_others(backup, place.kept)
    if wrong := check_backup(backup):
        raise MachineError(f"The backup {backup.name} has {counted(len(wrong), 'fault')}, the first: {wrong[0]}")
    new = place.folder.with_name(f"{place.folder.name}.restoring")
    try:
        count = _fill(backup, new, place, progress)
        require_nobody_at_work(place.folder)  # copying takes its time, and one may have joined since
        moved_to = _swap(new, place)
    except OSError as error:
        raise MachineError(f"The backup cannot be put in place ({error.strerror}): make room, then restore.") from None
    if place.sqlite is None and not is_loaded:
        _load(backup, place)
    _keep_key(backup, place.state_folder)
    _begin_again(place, who, backup)
    return Replaced(count, moved_to)


def _is_loaded(backup: Backup, place: Destination) -> bool:
    """Whether PostgreSQL holds this very backup: a restore that was killed after that is done again from there."""
    engine = open_engine(place.url, place.folder)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table(installation.name):
                return False
            return last_line(connection) == (backup.manifest.audit_line, backup.manifest.audit_hash)
    finally:
        engine.dispose()


def _require_room(place: Destination, *, replace: bool) -> None:
    if place.sqlite is None:
        engine = open_engine(place.url, place.folder)
        taken = sa.inspect(engine).has_table("alembic_version")
        engine.dispose()
        if taken:
            raise UsageError(
                "The PostgreSQL database holds a record: rename it as docs/running.md says (the way back) and create "
                "another, or set REFPAD_DATABASE_URL to an empty one."
            )
    elif not place.sqlite.is_relative_to(place.folder.absolute()):
        raise UsageError(f"Only a database in {place.folder} is restored: leave REFPAD_DATABASE_URL unset for it.")
    elif place.sqlite.exists() and not replace:
        raise UsageError(
            f"There is a record in {place.folder}: give --replace to move it aside, or set REFPAD_FOLDER to another."
        )


def _require_no_others(backup: Backup, kept: FilePlace) -> None:
    """Files of another record are not moved aside where that costs a copy of each; raises UsageError.

    Those of this backup are there when a restore was killed, which is then done again.
    """
    engine = engine_of(backup.record)
    with engine.connect() as record:
        named = {(kind, place_within(kind, sha256)) for kind, sha256 in kept_files(record)}
    engine.dispose()
    if others := sum((kind, place) not in named for kind in SUFFIXES for place, _ in kept.listed(kind)):
        raise UsageError(
            f"{kept} holds {counted(others, 'file')} of another record: set REFPAD_FILES to a prefix without files, as "
            "in s3://BUCKET/NEW, then restore."
        )


def _fill(backup: Backup, new: Path, place: Destination, progress: Progress) -> int:
    """Copy the backup's files into a new folder beside the record; how many they are."""
    if new.exists():  # what a killed restore left behind
        shutil.rmtree(new)
    incoming = files.make_folder(new / "incoming")
    engine = engine_of(backup.record)
    with engine.connect() as record:
        named = list(kept_files(record))
    engine.dispose()
    for done, (kind, sha256) in enumerate(named, start=1):
        path = file_path(files_of(backup.target), kind, sha256)
        if place.kept is None:
            _copy(path, file_path(new, kind, sha256))
        else:
            with files.write_in(path.read_bytes(), incoming) as copied:
                place.kept.file(kind, sha256).keep(copied)
        progress(done, len(named))
    if place.sqlite is not None:
        _copy(backup.record, new / place.sqlite.relative_to(place.folder.absolute()))
    crashpoint("restore.copied")
    return len(named)


def _copy(source: Path, path: Path) -> None:
    files.make_folder(path.parent)
    with files.open_regular(source) as reader, create_private(path) as writer:
        shutil.copyfileobj(reader, writer, files.CHUNK_BYTES)
        sync(writer)
    sync_folder(path.parent)


def _swap(new: Path, place: Destination) -> Path | None:
    """Move the record that is there aside, and the new one into its place; where the old one is now."""
    moved_to = None
    if place.folder.exists():
        moved_to = free_name(place.folder.with_name(f"{place.folder.name}-replaced-{name_of(place.clock.now())}"))
        place.folder.rename(moved_to)
        crashpoint("restore.moved_aside")
    new.rename(place.folder)
    sync_folder(place.folder.parent)
    crashpoint("restore.in_place")
    return moved_to


def _load(backup: Backup, place: Destination) -> None:
    """Fill an empty PostgreSQL database, in one transaction."""
    copy = place.folder / "incoming" / "restoring.sqlite"
    _copy(backup.record, copy)
    snapshot, engine = engine_of(copy), open_engine(place.url, place.folder)
    make_schema(engine)
    with snapshot.begin() as older:
        upgrade(older)
    with snapshot.connect() as rows, engine.begin() as into:
        upgrade(into)
        copy_rows(rows, into)
        keep_numbers(into)
        crashpoint("restore.before_commit")
    crashpoint("restore.loaded")
    snapshot.dispose()
    engine.dispose()
    files.remove(copy)


def _keep_key(backup: Backup, state_folder: Path) -> None:
    """The key of the audit's chain, unless this machine has it."""
    files.make_folder(state_folder)
    path = key_path(state_folder, backup.manifest.installation)
    if not path.exists():
        keep_key(path, read_key(backup.folder / KEY))


def _begin_again(place: Destination, who: str, backup: Backup) -> None:
    """The list of what was purged, which the folder of backups has too, is here before the record is worked with."""
    store = open_store(place.url, place.folder, place.clock, place.state_folder, kept=place.kept)
    assert store.anchor is not None  # noqa: S101 - an open record has one
    add_to_list(store.anchor, store.anchor.folder, read_list(store.anchor, backup.target))
    with store.write() as connection:
        begin_again(store, connection, store.anchor.read(), backup.name)
        crashpoint("restore.before_begin")
    acknowledge(store, who)
    store.close()
