"""One backup as one tar file, made while it is sent: nothing of it is written to disk."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from store.backup.snapshot import engine_of, kept_files
from store.backup.target import Backup, files_of
from store.kept_files.in_folder import file_path


def archive(backup: Backup) -> Iterator[bytes]:
    """The bytes of a tar file; unpacked, it is a backup folder with this one backup."""
    sent = _Sent()
    with tarfile.open(fileobj=sent, mode="w|") as tar:
        for path in _paths(backup):
            tar.add(path, path.relative_to(backup.target), recursive=False)
            yield sent.taken()
    yield sent.taken()


def _paths(backup: Backup) -> Iterator[Path]:
    yield from sorted(path for path in backup.folder.rglob("*") if path.is_file())
    engine = engine_of(backup.record)
    with engine.connect() as record:
        named = list(kept_files(record))
    engine.dispose()
    yield from (file_path(files_of(backup.target), kind, sha256) for kind, sha256 in named)


class _Sent(io.RawIOBase):
    """Takes what is written to it, until it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since it was asked for last."""
        waiting, self._waiting = self._waiting, []
        return b"".join(waiting)
