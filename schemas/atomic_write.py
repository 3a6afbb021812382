"""Files that only their owner may read, and that are on disk before they have their name.

Not a noun of the field; it lies in the lowest room because record, exports and letters all need it, and none of them
knows the others.
"""

import fcntl
import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

PRIVATE_FILE = 0o600


def create_private(path: Path) -> BinaryIO:
    """A new private file at `path`, open for writing; FileExistsError when something, or a link, is there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb")


def sync(file: BinaryIO) -> None:
    """Make what was written durable."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable (fsync(2): a new entry needs its directory synced too)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replace_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when the block ends well; otherwise `path` stays as it was.

    A reader sees the old file or the new one, never half of it. The new file is private, and on disk before it has its
    name. A writer locks the folder, so that all may use one fixed temporary name, and what a killed
    writer left behind is overwritten by the next. Raises OSError.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        temporary = path.with_name(f".{path.name}.new")
        temporary.unlink(missing_ok=True)
        try:
            with create_private(temporary) as file:
                yield file
                sync(file)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        os.fsync(folder)
    finally:
        os.close(folder)


def copy_whole(source: Path, file: BinaryIO) -> None:
    """Write all of the file at `source` to one that is still empty. Raises OSError.

    The kernel copies it (copy_file_range(2)): a file system that can, as XFS and Btrfs, has both share what they hold.
    """
    with source.open("rb", buffering=0) as original:
        if sys.platform == "linux":
            left = os.fstat(original.fileno()).st_size
            with suppress(OSError):  # not between these: what is left is read and written
                while left > 0 and (copied := os.copy_file_range(original.fileno(), file.fileno(), left)):
                    left -= copied
        shutil.copyfileobj(original, file)


@contextmanager
def replace_text_file(path: Path, encoding: str) -> Iterator[TextIO]:
    """As `replace_file`, for text; line ends are written as given."""
    with replace_file(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        yield text
        text.detach()  # writes what is left, and leaves the file open to be synced
