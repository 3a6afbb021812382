"""Files kept in the record's folder: fsync(2) and rename(2), which no library for files of all kinds does."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from schemas.atomic_write import sync_folder
from store import files
from store.files import Copied
from store.kept_files.kept_file import ChangedFileError, KeptFile, Kind, place_within


def file_path(folder: Path, kind: Kind, sha256: str) -> Path:
    """Where a file with these bytes is kept, in a record's folder or in a backup's `files`."""
    return folder / kind / place_within(kind, sha256)


@dataclass(frozen=True)
class FileInFolder(KeptFile):
    """See KeptFile."""

    path: Path

    def keep(self, copied: Copied) -> None:
        files.keep(copied, self.path)

    def open(self) -> AbstractContextManager[BufferedReader]:
        return files.open_regular(self.path)

    @contextmanager
    def at_path(self) -> Iterator[Path]:
        if self.stored_sha256() != self.sha256:
            raise ChangedFileError(self.sha256)
        yield self.path

    def kept_s(self) -> float | None:
        return self.path.stat().st_mtime if self.path.is_file() else None

    def remove(self) -> None:
        if self.path.exists():
            files.remove(self.path)
            sync_folder(self.path.parent)

    def is_open_to_others(self) -> bool:
        return bool(self.path.stat().st_mode & 0o077)

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class KeptFolder:
    """See FilePlace."""

    folder: Path

    def file(self, kind: Kind, sha256: str) -> FileInFolder:
        return FileInFolder(kind, sha256, file_path(self.folder, kind, sha256))

    def listed(self, kind: Kind) -> Iterator[tuple[str, float]]:
        root = self.folder / kind
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            yield path.relative_to(root).as_posix(), path.stat().st_mtime

    def __str__(self) -> str:
        return str(self.folder)
