"""Writing a backup: first the record as it is at one moment, then the files that it names, which never change.

A backup has its name only when it is whole and was read again. What a killed one left behind is removed by the next.
"""

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from schemas.atomic_write import create_private, replace_file, sync, sync_folder
from schemas.errors import MachineError, UsageError
from store import audit, files
from store.anchor.anchor import keep_key
from store.anchor.installation import last_line
from store.backup.check import check_record
from store.backup.snapshot import engine_of, kept_files, write_snapshot
from store.backup.target import (
    KEY,
    MANIFEST,
    RECORD,
    STUDIO,
    Backup,
    Manifest,
    backups,
    backups_of,
    backups_of_record,
    files_of,
    free_name,
    name_of,
)
from store.crashpoints import crashpoint
from store.database import Store
from store.database_errors import StoreError, plain_errors
from store.kept_files.in_folder import file_path
from store.kept_files.kept_file import ChangedFileError, KeptFile
from store.purge.gone_list import copy_list
from store.tables import REVISION, referral

Progress = Callable[[int, int], None]  # files done, files in all
_MAKING = ".making-"


def back_up(
    store: Store, target: Path, studio: Mapping[str, Path], keep: int, who: str, progress: Progress = lambda *_: None
) -> Backup:
    """Write one more backup into `target`, verify it, and remove all but the latest `keep`; intake may go on meanwhile.

    `studio` names further files and folders to keep with it. Raises UsageError for a target within the record's folder,
    and MachineError when something could not be written or was not the same when read again.
    """
    require_outside(target, store.folder)
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent}: connect the disk, or make the folder first.")
    try:
        files.make_folder(backups_of(target))
        files.make_folder(files_of(target))
        with _making(target) as making:
            manifest = _fill(store, target, making, studio, progress)
            folder = free_name(backups_of(target) / name_of(manifest.made_at))
            making.rename(folder)
            crashpoint("backup.named")
            sync_folder(folder.parent)
        if store.anchor is not None:
            copy_list(store.anchor, [target])
        audit.write(store, who, "backup", "record", {"files": manifest.files, "referrals": manifest.referrals})
        _forget_old(target, manifest.installation, keep)
    except OSError as error:
        raise MachineError(_why(target, error)) from None
    return Backup(target, folder, manifest)


def _why(target: Path, error: OSError) -> str:
    """In one sentence, with the file of the record where that is at fault: no other disk would help."""
    if isinstance(error.filename, str) and not Path(error.filename).is_relative_to(target):
        return (
            f"The backup in {target} failed, for {error.filename} cannot be read ({error.strerror}): give refpad the "
            "right to, or, where it is gone, see with refpad verify what to restore."
        )
    return f"The backup in {target} failed ({error.strerror}): make room or choose another."


def require_outside(target: Path, folder: Path) -> None:
    """Raise UsageError when backups would lie within what they back up, and be lost with it."""
    if target.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{target} lies in {folder}, which is backed up: choose another disk, or at least a folder.")


@contextmanager
def _making(target: Path) -> Iterator[Path]:
    """A folder for a backup that is being made, removed unless it got its name; one backup at a time."""
    with files.hold_lock(target / "lock"):
        for left in backups_of(target).glob(f"{_MAKING}*"):
            shutil.rmtree(left)
        making = files.make_folder(backups_of(target) / f"{_MAKING}{uuid.uuid4().hex}")
        try:
            yield making
        finally:
            if making.exists():
                shutil.rmtree(making)


def _fill(store: Store, target: Path, making: Path, studio: Mapping[str, Path], progress: Progress) -> Manifest:
    assert store.anchor is not None  # noqa: S101 - an open record has one
    made_at = store.clock.now()
    write_snapshot(store, making / RECORD)
    crashpoint("backup.snapshot")
    engine = engine_of(making / RECORD)
    with plain_errors(), engine.connect() as record:
        named = list(kept_files(record))
        line, hashed = last_line(record)
        referrals = record.execute(sa.select(sa.func.count()).select_from(referral)).scalar_one()
    engine.dispose()
    total = 0
    for done, (kind, sha256) in enumerate(named, start=1):
        total += _keep(store.files.file(kind, sha256), files_of(target))
        progress(done, len(named))
    keep_key(making / KEY, store.anchor.key)
    _keep_studio(making / STUDIO, studio)
    manifest = Manifest(
        made_at=made_at,
        revision=REVISION,
        database="sqlite" if store.engine.dialect.name == "sqlite" else "postgresql",
        installation=store.anchor.installation,
        audit_line=line,
        audit_hash=hashed,
        record_sha256=files.sha256_of(making / RECORD),
        referrals=referrals,
        files=len(named),
        bytes=total,
    )
    with replace_file(making / MANIFEST) as file:
        file.write(manifest.model_dump_json(indent=1).encode())
    check_record(Backup(target, making, manifest))
    crashpoint("backup.verified")
    return manifest


def _keep(kept: KeptFile, into: Path) -> int:
    """Copy a file unless it is kept already, bit for bit, and read the copy again; its size in bytes."""
    path = file_path(into, kept.kind, kept.sha256)
    if not (path.exists() and files.sha256_of(path) == kept.sha256):
        _copy(kept, path)
        if files.sha256_of(path) != kept.sha256:
            files.remove(path)
            raise MachineError(f"The disk of {into.parent} gives other bytes than were written: use another disk.")
    return path.stat().st_size


def _copy(source: KeptFile, path: Path) -> None:
    files.make_folder(path.parent)
    digest = hashlib.sha256()
    temporary = path.with_name(f".{uuid.uuid4().hex}.new")
    try:
        with source.open() as reader, create_private(temporary) as writer:
            while chunk := reader.read(files.CHUNK_BYTES):
                writer.write(chunk)
                digest.update(chunk)
            sync(writer)
        if digest.hexdigest() != source.sha256:
            raise ChangedFileError(source.sha256)
        crashpoint("backup.copied")
        temporary.rename(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _keep_studio(folder: Path, studio: Mapping[str, Path]) -> None:
    """What is not of the record and yet the studio's own: settings, pad designs, words, templates of letters."""
    files.make_folder(folder)
    for name, source in studio.items():
        for path in [source] if source.is_file() else sorted(source.rglob("*")):
            if path.is_file():
                kept = folder / name / path.relative_to(source) if source.is_dir() else folder / name
                files.make_folder(kept.parent)
                with replace_file(kept) as file:
                    file.write(path.read_bytes())


def _files_named(backup: Backup) -> list[Path]:
    engine = engine_of(backup.record)
    try:
        with plain_errors(), engine.connect() as record:
            return [file_path(files_of(backup.target), kind, sha256) for kind, sha256 in kept_files(record)]
    except StoreError:
        raise MachineError(
            f"The record in the backup {backup.name} is damaged, so that it is not known which files it needs, and "
            f"none is removed: move the folder {backup.folder} away."
        ) from None
    finally:
        engine.dispose()


def _forget_old(target: Path, installation: str, keep: int) -> None:
    """Remove the oldest backups of this record, never another's, and the files that no other backup names."""
    old = backups_of_record(target, installation)[:-keep]
    for backup in old:
        shutil.rmtree(backup.folder)
        crashpoint("backup.forgotten")
    if not old:
        return
    named: set[Path] = set()
    for backup in backups(target):
        named |= set(_files_named(backup))
    for path in files_of(target).rglob("*"):
        if path.is_file() and path not in named:
            files.remove(path)
