"""Files for people, that nobody else may read."""

import os
from pathlib import Path

from schemas.atomic_write import replace_file
from schemas.errors import UsageError


def folder_for_files(folder: Path) -> Path:
    """The folder, made when it is not there; raises UsageError when it cannot be made or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made ({error.strerror}): choose another place.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{folder} cannot be written: choose another place.")
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Write `data` to `path`, readable by its owner only; what stood there before is replaced in one step.

    Raises UsageError when it cannot be written.
    """
    try:
        with replace_file(path) as file:
            file.write(data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): choose another place.") from None
