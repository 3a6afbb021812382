"""Is a backup whole? Its record is sound and unchanged, and every file that it names is there, bit for bit."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

from schemas.errors import MachineError
from store import files
from store.backup.snapshot import engine_of, kept_files
from store.backup.target import Backup, files_of
from store.kept_files.in_folder import file_path

Progress = Callable[[int, int], None]


def check_record(backup: Backup) -> None:
    """Raise MachineError when the backup's record is damaged or is not the one that was written."""
    if files.sha256_of(backup.record) != backup.manifest.record_sha256:
        raise MachineError(f"The record in the backup {backup.name} was changed or is damaged: take another backup.")
    with closing(sqlite3.connect(f"{backup.record.absolute().as_uri()}?mode=ro", uri=True)) as record:
        found = record.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        raise MachineError(f"The record in the backup {backup.name} is damaged ({len(found)} faults): take another.")


def check_backup(backup: Backup, progress: Progress = lambda *_: None) -> list[str]:
    """What is wrong with a backup, a sentence each; reads every file, so it takes as long as that."""
    try:
        check_record(backup)
    except MachineError as error:
        return [str(error)]
    except OSError as error:
        return [f"The record of the backup {backup.name} cannot be read ({error.strerror}): take another backup."]
    return list(_wrong_files(backup, progress))


def _wrong_files(backup: Backup, progress: Progress) -> Iterator[str]:
    engine = engine_of(backup.record)
    with engine.connect() as record:
        named = list(kept_files(record))
    engine.dispose()
    for done, (kind, sha256) in enumerate(named, start=1):
        try:
            if files.sha256_of(file_path(files_of(backup.target), kind, sha256)) != sha256:
                yield f"{sha256} of {kind} no longer has the bytes it was kept with: take another backup folder."
        except OSError as error:
            yield f"{sha256} of {kind} cannot be read ({error.strerror}): take another backup folder."
        progress(done, len(named))
