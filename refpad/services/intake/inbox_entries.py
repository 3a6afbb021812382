"""What lies in the inbox and in its folders, to a depth that the settings say; links are never followed."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from schemas.errors import MachineError
from store.intake.taking_in.refusals import is_left_folder

MARKER = ".refpad-inbox"

Entry = tuple[Path, os.stat_result]


def entries(inbox: Path, depth: int) -> list[Entry]:
    """Each file with its lstat, and each folder that is not looked into: `depth` folders are, one in the other.

    Of the folders that programs and desktops keep for themselves nothing is listed. Raises MachineError when the inbox
    is lost.
    """
    check_inbox(inbox)
    return [entry for entry in _walk(inbox, depth) if entry[0] != inbox / MARKER]


def folders(inbox: Path, depth: int) -> frozenset[Path]:
    """The inbox and the folders in it that are looked into, as far as they can be read."""
    try:
        with os.scandir(inbox) as found:
            names = [entry.name for entry in found if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return frozenset()
    below = [folders(inbox / name, depth - 1) for name in names if depth and not is_left_folder(name)]
    return frozenset({inbox}).union(*below)


def unopened_folders(inbox: Path, depth: int) -> list[str]:
    """The folders, named from the inbox on, whose scans nobody takes in: too deep, or not to be read."""
    try:
        found = entries(inbox, depth)
    except MachineError:
        return []
    return sorted(str(path.relative_to(inbox)) for path, status in found if stat.S_ISDIR(status.st_mode))


def check_inbox(inbox: Path) -> None:
    """Raise MachineError when the inbox is lost: gone, or an empty mount point in its place."""
    try:
        with os.scandir(inbox) as found:
            names = {entry.name for entry in found}
    except OSError as error:
        raise _inbox_lost(inbox, error.strerror or "unreadable") from None
    if MARKER not in names:
        raise _inbox_lost(inbox, f"its marker {MARKER} is gone")


def _walk(folder: Path, depth: int) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        names = [entry.name for entry in found]
    for name in names:
        path = folder / name
        try:
            status = path.lstat()
        except OSError:  # gone again, or unreadable just now: the next sweep looks again
            continue
        yield from _walk_folder(path, status, depth) if stat.S_ISDIR(status.st_mode) else [(path, status)]


def _walk_folder(path: Path, status: os.stat_result, depth: int) -> Iterator[Entry]:
    if is_left_folder(path.name):
        return
    try:
        below = list(_walk(path, depth - 1)) if depth else [(path, status)]
    except FileNotFoundError:
        below = []
    except OSError:  # refpad may not read it
        below = [(path, status)]
    yield from below


def _inbox_lost(inbox: Path, why: str) -> MachineError:
    return MachineError(
        f"The inbox {inbox} is not there ({why}): mount its disk, or, if this folder is the right one, "
        f"make an empty file {MARKER} in it."
    )
