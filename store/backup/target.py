"""How a backup folder is laid out, and which backups are in it.

backups/2026-03-03T200000Z/  manifest.json, record.sqlite, audit.key, studio/ (settings, designs, words, …)
files/originals/ab/…         as in the record, likewise pictures/ and letters/: kept once, for all backups
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pydantic

from schemas.base import Value
from schemas.errors import UsageError
from schemas.text import clean, counted

MANIFEST, RECORD, KEY, STUDIO = "manifest.json", "record.sqlite", "audit.key", "studio"


class Manifest(Value, extra="ignore"):
    """What a backup holds. `audit_line` and `audit_hash` are the audit's last: an anchor that lies elsewhere.

    What a newer refpad writes besides is passed over, or the way back would end at its backups.
    """

    made_at: datetime
    revision: str
    database: Literal["sqlite", "postgresql"]
    installation: str
    audit_line: int
    audit_hash: str
    record_sha256: str
    referrals: int
    files: int
    bytes: int


@dataclass(frozen=True)
class Backup:
    """One backup in a backup folder `target`."""

    target: Path
    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """Its moment, as the folder is called."""
        return self.folder.name

    @property
    def record(self) -> Path:
        return self.folder / RECORD


def files_of(target: Path) -> Path:
    return target / "files"


def backups_of(target: Path) -> Path:
    return target / "backups"


def name_of(moment: datetime) -> str:
    """A folder's name that sorts by time, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")


def free_name(folder: Path) -> Path:
    """Two backups, or restores, of one second have two names."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def backups(target: Path) -> list[Backup]:
    """The whole backups in a folder, oldest first; none where there is no such folder."""
    return list(_found(target))


def backups_of_record(target: Path, record: str | None) -> list[Backup]:
    """Those of one record, by its name; of all where that is None. Studios may share a folder; none sees others'."""
    return [backup for backup in _found(target) if record in (None, backup.manifest.installation)]


def find_backup_folder(target: Path) -> None:
    """Raise UsageError when `target` is no folder that backups were written to."""
    if not backups_of(target).is_dir():
        raise UsageError(f"There is no backup in {target}: name the folder that was given to refpad backup.")


def find_backup(
    target: Path, name: str | None = None, is_anothers: Callable[[Backup], bool] = lambda _backup: False
) -> Backup:
    """The backup of that name, or the latest; raises UsageError when there is none, or they are of several records.

    A folder may hold the backups of a lost record, and those of the empty one that was begun after it. Without a name,
    those of which `is_anothers` says so are passed over, unless there are no others.
    """
    found = backups(target)
    if name is None:
        found = [backup for backup in found if not is_anothers(backup)] or found[-1:]
    if not found:
        raise UsageError(f"There is no backup in {target}: name the folder that was given to refpad backup.")
    if name is None and len(latest := {backup.manifest.installation: backup for backup in found}) > 1:
        named = "; ".join(
            f"{backup.name} with {counted(backup.manifest.referrals, 'referral')}" for backup in latest.values()
        )
        raise UsageError(f"There are backups of {len(latest)} records in {target}: name one with --backup ({named}).")
    if name is None:
        return found[-1]
    for backup in found:
        if backup.name == name:
            return backup
    names = ", ".join(backup.name for backup in found[-5:])
    raise UsageError(f"There is no backup {clean(name)} in {target}; the latest are {names}.")


def _found(target: Path) -> Iterator[Backup]:
    for path in sorted(backups_of(target).glob(f"[!.]*/{MANIFEST}")):  # those that are being made begin with a dot
        try:
            yield Backup(target, path.parent, Manifest.model_validate_json(path.read_bytes()))
        except pydantic.ValidationError:
            raise UsageError(
                f"{path} does not say what the backup holds, it is damaged: move the folder {path.parent.name} away "
                "from there, and take another backup."
            ) from None
