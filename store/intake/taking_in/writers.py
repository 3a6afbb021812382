"""Does somebody still hold a file open for writing? What such a writer adds after the file is gone would be lost."""

import errno
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

from store import files

# Where the kernel itself counts a file's writers. File systems of the network refuse leases for reasons of their own.
COUNTED = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "overlay"})


def is_held(path: Path) -> bool:
    """Whether a process is known to hold the file open for writing; False also where nothing can tell.

    A Linux lease tells for certain where the file is ours. Otherwise the open files of the processes that we may look
    into do: on Linux with the way they are open, elsewhere without, so that there a mere reader counts as well.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False  # gone, no file, or not to be read: others say so
    try:
        told = _lease_refused(handle, path)
    finally:
        os.close(handle)
    return _is_open_for_writing(path) if told is None else told


def _lease_refused(handle: int, path: Path) -> bool | None:
    """Whether a lease for reading is refused because of a writer (fcntl(2)); None when the kernel does not say."""
    if sys.platform != "linux":
        return None
    try:
        # A writer that opens the file while we hold the lease has us sent a signal: one that nobody is ended by.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        is_sure = error.errno == errno.EAGAIN and files.file_system_of(path.parent) in COUNTED
        return True if is_sure else None
    return False


def _is_open_for_writing(path: Path) -> bool:
    real = os.path.realpath(path)
    return any(found == real and mode != "r" for found, mode in _open_files())


def _open_files() -> Iterator[tuple[str, str]]:
    """The files that other processes hold open, as far as we may look; with the mode where the system tells it."""
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            yield from ((opened.path, getattr(opened, "mode", "")) for opened in process.open_files())
        except (psutil.Error, OSError):
            continue
