"""Temporary pictures of patients' slips: in one private place, removed with their process, or by the next one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from schemas.errors import MachineError

LOCK = ".in-use"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A private folder (0700) for this process alone; what killed processes left behind is removed first.

    The kernel frees the lock of a process that ended, so that no folder in use is ever taken for a leftover.
    """
    root = _root()
    for leftover in root.iterdir():
        _remove_unless_held(leftover)
    with _held_folder(root) as folder:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held_folder(root: Path) -> Iterator[Path]:
    """A new folder in `root` whose lock is held while the block runs.

    Between its making and its locking it looks like a leftover to a process that starts just then; if that one removed
    it, the lock is of a file that is gone, and another folder is made.
    """
    while True:
        folder = Path(tempfile.mkdtemp(dir=root))
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _is_there(lock, folder / LOCK):
                yield folder
                return


def _is_there(file: TextIO, path: Path) -> bool:
    """Whether `path` still leads to the open `file`."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.lstat())
    except FileNotFoundError:
        return False


def _root() -> Path:
    root = Path(tempfile.gettempdir()) / f"refpad-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    status = root.lstat()
    if root.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise MachineError(
            f"{root} is not private to this user (mode {status.st_mode & 0o777:o}); remove it and try again."
        )
    return root


def _remove_unless_held(folder: Path) -> None:
    try:
        with (folder / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return  # in use, or being made this moment: the lock comes a moment after the folder
