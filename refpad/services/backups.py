"""Backups of one studio: what belongs to one beside the record, when the next is due, and putting one back."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from refpad.services.purging import end_unfinished
from refpad.services.studios.registry import FIRST, Registry, read_list, read_registry, studio_of_record
from refpad.services.wiring import file_place, open_record, state_folder
from refpad.settings import SAVED_FILE, SETTINGS_FILE, STUDIOS_FILE, Settings, read_saved
from schemas.atomic_write import replace_file
from schemas.errors import MachineError, RefpadError, UsageError
from schemas.export import MACHINE
from store.anchor.places import noted_record
from store.backup import Backup, Destination, Replaced, back_up, backups, backups_of_record, restore
from store.backup.holding import serials_held
from store.backup.target import STUDIO
from store.backup.writing import require_outside
from store.clock import SystemClock
from store.database import Store

LOGOS = "logo-*.png"  # as the page of settings saves them
DUE_AFTER = timedelta(hours=20)  # the chase comes each hour from 7 to 18: one backup a working day, early in it
BACKUP_LATE = timedelta(days=4)  # over a long weekend nobody starts refpad
FAILED_FILE = "backup-failed.json"  # in the data folder: why the last try failed, until one succeeds
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class BackupProblem:
    """Why what comes in today would be lost with this computer, in a sentence; `needs_folder`: none is named."""

    sentence: str
    needs_folder: bool = False


def backup_target(settings: Settings, target: Path | None = None) -> Path:
    """The folder given, else that of the settings; raises UsageError when there is neither."""
    chosen = target or settings.backup.folder
    if chosen is None:
        raise UsageError("It is not known where backups go: name a folder, or set REFPAD_BACKUP__FOLDER.")
    require_outside(chosen, settings.shared)
    return chosen


def write_backup(
    settings: Settings, store: Store, target: Path, who: str, progress: Progress = lambda *_: None
) -> Backup:
    """One more backup of the record, the settings file, and the studio's own designs, words and letters."""
    own = {name: path for name, path in _own(settings).items() if path.exists()}
    own |= {path.name: path for path in settings.folder.glob(LOGOS)}
    failed = settings.folder / FAILED_FILE
    try:
        made = back_up(store, target, own, settings.backup.keep, who, progress)
    except RefpadError as error:
        if target == settings.backup.folder:
            _note_failure(failed, str(error))
        raise
    if target == settings.backup.folder:
        failed.unlink(missing_ok=True)
    return made


def _note_failure(path: Path, sentence: str) -> None:
    """So that a day's backup that failed at night is told on the page Today; a full disk hides no error by it."""
    with suppress(OSError), replace_file(path) as file:
        file.write(json.dumps({"problem": sentence}).encode() + b"\n")


def backup_problem(settings: Settings, now: datetime) -> BackupProblem | None:
    """What somebody should see to, or None; in practice nothing is worth a backup."""
    if settings.practice:
        return None
    folder = settings.backup.folder
    if folder is None:
        return BackupProblem("No backup is made: no folder is named for it.", needs_folder=True)
    try:
        last = last_backup(settings)
    except RefpadError as error:
        return BackupProblem(str(error))
    if last is None:
        return BackupProblem(f"There is no backup in {folder} yet: connect its disk, then make the first one.")
    if failure := _last_failure(settings):
        return BackupProblem(f"The last backup failed: {failure}")
    if is_backup_late(settings, now):
        return BackupProblem(f"The last backup is {(now - last.manifest.made_at).days} days old: make one now.")
    return None


def _last_failure(settings: Settings) -> str:
    try:
        return str(read_saved(settings.folder / FAILED_FILE).get("problem", ""))
    except UsageError:
        return ""


def _own(settings: Settings) -> dict[str, Path]:
    """Where that lies which is the studio's own and not of the record: settings, pad designs, words, letters.

    The first studio's have the list of all studios, too.
    """
    own = (settings.saved_file, settings.designs, settings.words, settings.letters)
    listed = () if settings.shared_folder else (settings.studios_file,)
    return {SETTINGS_FILE: Path(SETTINGS_FILE), **{path.name: path for path in (*own, *listed)}}


def last_backup(settings: Settings) -> Backup | None:
    """The latest of this record in the folder of the settings, which other studios may use too."""
    folder, record = settings.backup.folder, noted_record(settings.state, settings.store_folder)
    found = backups_of_record(folder, record) if folder is not None else []
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


def studio_of_backup(settings: Settings, backup: Backup) -> str | None:
    """The key of the studio whose record a backup holds; None where that is not known.

    On a new computer no record is known yet: there its serials tell, by the list of studios in the first one's backup.
    """
    known = studio_of_record(settings, backup.manifest.installation)
    serials = serials_held(backup) if known is None else None
    found = _studios(settings, backup.target).of(serials.first) if serials is not None else None
    return found.key if found is not None else known


def is_of_other_studio(settings: Settings, backup: Backup) -> bool:
    """Whether a backup is known to be another's than the studio's whose settings these are."""
    return studio_of_backup(settings, backup) not in (None, settings.front_desk.subdomain or FIRST)


def _studios(settings: Settings, target: Path) -> Registry:
    """Those of this installation; where it has no list yet, those of the latest backup that holds one."""
    kept = (backup.folder / STUDIO / STUDIOS_FILE for backup in reversed(backups(target)))
    here = read_registry(settings)
    newest = next((path for path in kept if path.exists()), None)
    return here if here.studios or newest is None else read_list(newest)


def write_backup_if_due(settings: Settings, store: Store) -> Backup | None:
    """The day's backup, into the folder of the settings; raises MachineError when its disk is not there.

    The first one is made by a person: a folder without any may be the place where a disk is missing.
    """
    if not is_backup_due(settings, store.clock.now()):
        return None
    target = backup_target(settings)
    if last_backup(settings) is None:
        raise MachineError(f"No backup is in {target}: connect its disk, or make the first one on the page Backups.")
    return write_backup(settings, store, target, MACHINE)


def restore_backup(
    settings: Settings, backup: Backup, who: str, *, replace: bool, progress: Progress = lambda *_: None
) -> tuple[Replaced, list[str]]:
    """Put a backup in place; also the names of what else was put back, because nothing of that name was there.

    Settings and the studio's own files that are there stay as they are: they may be newer for a reason.
    """
    _require_like(settings, backup)
    clock = SystemClock(settings.time_zone, settings.today)
    place = Destination(settings.url, settings.store_folder, state_folder(settings), clock, file_place(settings))
    done = restore(backup, place, who, replace=replace, progress=progress)
    with closing(open_record(settings)) as store:
        end_unfinished(settings, store, who)
        return done, _restore_studio(settings, backup)


def _require_like(settings: Settings, backup: Backup) -> None:
    """Practice never becomes real work, nor real work practice; raises UsageError.

    Where nothing is yet, the settings that come with a backup of practice say that it is.
    """
    of_practice = _is_of_practice(backup)
    if of_practice and not settings.practice and settings.saved_file.exists():
        raise UsageError(
            f"The backup {backup.name} is of practice, with invented patients: set REFPAD_FOLDER to a new folder for "
            "it, or name another one with --backup."
        )
    if settings.practice and not of_practice:
        raise UsageError(
            f"{settings.folder} is practice, and the backup {backup.name} is of real work: set REFPAD_FOLDER to "
            "another folder."
        )


def _is_of_practice(backup: Backup) -> bool:
    try:
        return read_saved(backup.folder / STUDIO / SAVED_FILE).get("practice") is True
    except UsageError:  # no settings that could be read: the record is restored all the same
        return False


def _restore_studio(settings: Settings, backup: Backup) -> list[str]:
    places = _own(settings) | {path.name: settings.folder / path.name for path in (backup.folder / STUDIO).glob(LOGOS)}
    restored = []
    for name, place in places.items():
        kept = backup.folder / STUDIO / name
        if kept.exists() and not place.exists():
            shutil.copytree(kept, place) if kept.is_dir() else shutil.copy2(kept, place)
            restored.append(name)
    return restored
