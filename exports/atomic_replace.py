"""Replace a file so that a reader sees the old one or the new one, never half of it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

OWNER_ONLY = 0o600


@contextmanager
def replacing(path: Path, encoding: str) -> Iterator[TextIO]:
    """A text file that takes the place of `path` when the block ends well; otherwise `path` stays as it was.

    Line ends are written as given. The new file is readable by its owner only, and on disk before it has its
    name. Writers take turns: the folder is locked, so that one fixed temporary name does for all and what a
    killed writer left behind is overwritten by the next. Raises OSError.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        temporary = path.with_name(f".{path.name}.new")
        try:
            with _private(temporary, encoding) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        os.fsync(folder)
    finally:
        os.close(folder)


def _private(path: Path, encoding: str) -> TextIO:
    """A new empty file at `path`; an old one there goes first, with whatever rights it had."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, OWNER_ONLY)
    return os.fdopen(descriptor, "w", encoding=encoding, newline="")
