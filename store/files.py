"""Durable file operations: the only module that writes, renames or removes a kept file.

Every file is 0600 and every folder 0700, whatever the umask. A file counts as kept only after its bytes
*and* its folder entry are synced (fsync(2): a new entry needs its directory synced too).
"""

import fcntl
import hashlib
import os
import stat
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import psutil

from schemas.atomic_write import PRIVATE_FILE, create_private, sync, sync_folder
from store.crashpoints import crashpoint

CHUNK_BYTES = 1 << 20
NEW_S = 60.0  # far longer than any process takes from making a file to locking it
PRIVATE_FOLDER = 0o700


class FileChangedError(OSError):
    """The file is no longer the one that was looked at: gone, replaced or still being written."""


@dataclass(frozen=True)
class Copied:
    """A synced copy that is not yet kept: where it lies, its SHA-256 in hex, its size."""

    path: Path
    sha256: str
    size_bytes: int


def make_folder(folder: Path) -> Path:
    """The folder; where it or a folder above it is new, private and with its entry synced."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        sync_folder(folder.parent)
    return folder


def file_system_of(folder: Path) -> str:
    """The type of the file system that holds `folder`, as the kernel calls it."""
    mounts = [m for m in psutil.disk_partitions(all=True) if folder.resolve().is_relative_to(m.mountpoint)]
    return max(mounts, key=lambda mount: len(mount.mountpoint)).fstype if mounts else ""


@contextmanager
def open_regular(path: Path) -> Iterator[BufferedReader]:
    """The regular file at `path`, never through a link and never waiting for a pipe's other end."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as source:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FileChangedError("not a regular file any more")
        yield source


def same_file(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether both looks saw the same inode with the same content times."""
    names = ("st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")
    return all(getattr(one, name) == getattr(other, name) for name in names)


@contextmanager
def copy_in(source: Path, looked: os.stat_result, incoming: Path) -> Iterator[Copied]:
    """A synced copy in `incoming` of `source`, which was `looked` at; it is removed when the block ends unless kept.

    Raises FileChangedError when `source` is another file by now or changes while it is copied.
    """
    with open_regular(source) as reader:
        if not same_file(os.fstat(reader.fileno()), looked):
            raise FileChangedError("changed since it was looked at")
        with _written(incoming, iter(lambda: reader.read(CHUNK_BYTES), b"")) as copied:
            if not same_file(os.fstat(reader.fileno()), looked):
                raise FileChangedError("changed while it was copied")
            yield copied


@contextmanager
def write_in(data: bytes, incoming: Path) -> Iterator[Copied]:
    """A synced file in `incoming` with `data`; it is removed when the block ends unless kept."""
    with _written(incoming, iter((data,))) as copied:
        yield copied


@contextmanager
def _written(incoming: Path, chunks: Iterator[bytes]) -> Iterator[Copied]:
    digest, size = hashlib.sha256(), 0
    with new_file(incoming) as (path, writer):
        for chunk in chunks:
            writer.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            crashpoint("files.half_written")
        writer.flush()
        crashpoint("files.written")
        sync(writer)
        crashpoint("files.synced")
        yield Copied(path, digest.hexdigest(), size)


@contextmanager
def new_file(incoming: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in `incoming`, open for writing; it is removed when the block ends unless it was renamed.

    Its lock tells `is_abandoned` that the writer lives.
    """
    path = incoming / uuid.uuid4().hex
    with create_private(path) as writer:
        try:
            fcntl.flock(writer, fcntl.LOCK_EX)
            yield path, writer
        finally:
            path.unlink(missing_ok=True)


def keep(copied: Copied, path: Path) -> None:
    """Give a synced copy its final name; an older file of that name has the same bytes, or is damaged."""
    make_folder(path.parent)
    copied.path.rename(path)
    crashpoint("files.renamed")
    sync_folder(path.parent)
    crashpoint("files.kept")


def sha256_of(path: Path) -> str:
    """The SHA-256 in hex of the regular file at `path`."""
    with open_regular(path) as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Remove the file; it is no error when there is none."""
    path.unlink(missing_ok=True)


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock of `path` while the block runs: the kernel releases it when the process ends, however it ends.

    The file stays: `is_abandoned` tells from it that the holder is gone.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def hold_first_free(paths: Iterable[Path]) -> Iterator[Path]:
    """Hold the lock of the first of `paths` that nobody holds while the block runs; that path. The file stays."""
    for path in paths:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
        try:
            if _is_lockable(handle):
                yield path
                return
        finally:
            os.close(handle)
    raise FileNotFoundError("every one of them is held")


def _is_lockable(handle: int) -> bool:
    """Whether nobody held its lock, which is now ours."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_abandoned(path: Path) -> bool:
    """Whether whoever wrote or held `path` on this machine is dead; a missing file says nothing."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two who ask at once both learn it
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def leftovers(folder: Path) -> list[Path]:
    """What dead writers left in `folder`; an empty file that is new may belong to one who is about to lock it."""
    return [path for path in folder.iterdir() if is_abandoned(path) and not _is_new(path)]


def _is_new(path: Path) -> bool:
    try:
        looked = path.stat()
    except FileNotFoundError:
        return True
    return looked.st_size == 0 and abs(time.time() - looked.st_mtime) < NEW_S


def sweep(folder: Path) -> None:
    """Remove from `folder` what dead writers left behind."""
    for path in leftovers(folder):
        remove(path)
