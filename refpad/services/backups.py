"""Backups of one studio: what belongs to one beside the record, when the next is due, and putting one back."""

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from refpad.services.wiring import open_record, state_folder
from refpad.settings import SETTINGS_FILE, Settings
from schemas.errors import UsageError
from schemas.export import MACHINE
from store.backup import Backup, Destination, Replaced, back_up, backups, restore
from store.backup.target import STUDIO
from store.backup.writing import require_outside
from store.clock import SystemClock
from store.database import Store

DUE_AFTER = timedelta(hours=20)  # the chase comes each hour from 7 to 18: one backup a working day, early in it
BACKUP_LATE = timedelta(days=4)  # over a long weekend nobody starts refpad
Progress = Callable[[int, int], None]


def backup_target(settings: Settings, target: Path | None = None) -> Path:
    """The folder given, else that of the settings; raises UsageError when there is neither."""
    chosen = target or settings.backup.folder
    if chosen is None:
        raise UsageError("It is not known where backups go: name a folder, or set REFPAD_BACKUP__FOLDER.")
    require_outside(chosen, settings.folder)
    return chosen


def write_backup(
    settings: Settings, store: Store, target: Path, who: str, progress: Progress = lambda *_: None
) -> Backup:
    """One more backup of the record, the settings file, and the studio's own designs, words and letters."""
    own = {path.name: path for path in (settings.designs, settings.words, settings.letters) if path.is_dir()}
    if (file := Path(SETTINGS_FILE)).is_file():
        own[SETTINGS_FILE] = file
    return back_up(store, target, own, settings.backup.keep, who, progress)


def last_backup(settings: Settings) -> Backup | None:
    """The latest in the folder of the settings."""
    found = backups(settings.backup.folder) if settings.backup.folder is not None else []
    return found[-1] if found else None


def is_backup_due(settings: Settings, now: datetime) -> bool:
    """Whether the settings name a folder, and the latest backup in it is from yesterday or before."""
    if settings.backup.folder is None:
        return False
    last = last_backup(settings)
    return last is None or now - last.manifest.made_at >= DUE_AFTER


def is_backup_late(settings: Settings, now: datetime) -> bool:
    """Whether somebody should see to it: none is there, or the latest is old."""
    last = last_backup(settings)
    return last is None or now - last.manifest.made_at > BACKUP_LATE


def write_backup_if_due(settings: Settings, store: Store) -> Backup | None:
    """The day's backup, into the folder of the settings."""
    if not is_backup_due(settings, store.clock.now()):
        return None
    return write_backup(settings, store, backup_target(settings), MACHINE)


def restore_backup(
    settings: Settings, backup: Backup, who: str, *, replace: bool, progress: Progress = lambda *_: None
) -> tuple[Replaced, list[str]]:
    """Put a backup in place; also the names of what else was put back, because nothing of that name was there.

    Settings and the studio's own files that are there stay as they are: they may be newer for a reason.
    """
    clock = SystemClock(settings.time_zone, settings.today)
    place = Destination(settings.url, settings.store_folder, state_folder(settings), clock)
    done = restore(backup, place, who, replace=replace, progress=progress)
    with closing(open_record(settings)):
        return done, _restore_studio(settings, backup)


def _restore_studio(settings: Settings, backup: Backup) -> list[str]:
    places = {SETTINGS_FILE: Path(SETTINGS_FILE)}
    places |= {path.name: path for path in (settings.designs, settings.words, settings.letters)}
    restored = []
    for name, place in places.items():
        kept = backup.folder / STUDIO / name
        if kept.exists() and not place.exists():
            shutil.copytree(kept, place) if kept.is_dir() else shutil.copy2(kept, place)
            restored.append(name)
    return restored
