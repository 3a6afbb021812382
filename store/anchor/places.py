"""Which folders hold a record, noted in the state folder: one that is gone altogether is not begun anew unnoticed."""

import contextlib
import hashlib
import json
from pathlib import Path

from schemas.atomic_write import replace_file


def note_place(state_folder: Path, folder: Path, installation: str) -> None:
    """Note that the record `installation` lies in `folder`. A disk that takes nothing stops no work."""
    content = json.dumps({"folder": str(folder.absolute()), "installation": installation}).encode() + b"\n"
    path = _path(state_folder, folder)
    with contextlib.suppress(OSError):
        if not (path.exists() and path.read_bytes() == content):
            with replace_file(path) as file:
                file.write(content)


def is_noted(state_folder: Path, folder: Path) -> bool:
    """Whether a record lay in `folder` when it was opened last."""
    return _path(state_folder, folder).exists()


def noted_record(state_folder: Path, folder: Path) -> str | None:
    """The name of the record that lay in `folder` when it was opened last; None when that is not known."""
    try:
        return str(json.loads(_path(state_folder, folder).read_bytes())["installation"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path(state_folder: Path, folder: Path) -> Path:
    """By the folder, not by the record: what was moved away, or copied, leaves no record where it was."""
    return state_folder / f"{hashlib.sha256(bytes(folder.absolute())).hexdigest()[:32]}.place"
