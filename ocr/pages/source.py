"""Opening a path that somebody else may have put there."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ocr.pages import messages
from schemas.limits import Limits

KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
OPENINGS_MOST = 3  # who saves a file anew does so once; what is exchanged this often is being written all the time


@dataclass(frozen=True)
class Source:
    """A file: its bytes, and how its name ends (lower case, with the dot); a document inside another has no name."""

    data: bytes
    suffix: str = ""

    @contextmanager
    def path(self) -> Iterator[str]:
        """A path to these very bytes that holds no name: what programs are given, and what process lists show.

        In memory: the file itself is out of reach of a caged process, but for the descriptor that it was handed.
        """
        with os.fdopen(os.memfd_create("document"), "wb") as memory:
            memory.write(self.data)
            memory.flush()
            yield f"/proc/{os.getpid()}/fd/{memory.fileno()}"


@contextmanager
def open_regular(path: Path) -> Iterator[int]:
    """Open a regular file for reading and nothing else, as a descriptor.

    Links are not followed and pipes not waited for. A file that is exchanged between the look and the opening is
    looked at again. Raises SetAsideError: not_regular_file, directory, unreadable, or unstable when it was exchanged
    OPENINGS_MOST times.
    """
    fd = next((fd for _ in range(OPENINGS_MOST) if (fd := _open_seen(path)) is not None), None)
    if fd is None:
        raise messages.unstable(OPENINGS_MOST)
    try:
        yield fd
    finally:
        os.close(fd)


def _open_seen(path: Path) -> int | None:
    """A descriptor of the very file that the look before showed to be regular; None when it was exchanged since."""
    try:
        seen = os.lstat(path)
        _check_regular(seen)
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise messages.not_regular(KINDS[stat.S_IFLNK]) from None
        raise messages.unreadable(os.strerror(error.errno or errno.EIO)) from None
    held = os.fstat(fd)
    if (held.st_dev, held.st_ino) == (seen.st_dev, seen.st_ino):
        return fd
    os.close(fd)
    return None


def read_source(fd: int, suffix: str, limits: Limits) -> Source:
    """All bytes of an open file; raises SetAsideError when empty or above `limits.file_bytes`."""
    size = os.fstat(fd).st_size
    if size > limits.file_bytes:
        raise messages.too_large(size, limits)
    with open(fd, "rb", closefd=False) as file:
        file.seek(0)
        data = file.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise messages.too_large(len(data), limits)
    if not data:
        raise messages.empty()
    return Source(data, suffix.lower())


def _check_regular(seen: os.stat_result) -> None:
    if stat.S_ISDIR(seen.st_mode):
        raise messages.directory()
    if not stat.S_ISREG(seen.st_mode):
        raise messages.not_regular(KINDS.get(stat.S_IFMT(seen.st_mode), "something else"))
