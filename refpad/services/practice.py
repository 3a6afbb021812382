"""A practice folder: the samples live in a record of their own, never among a studio's work."""

import json
import shutil
from pathlib import Path

from refpad.settings import SAVED_FILE, Settings, read_saved
from schemas.atomic_write import replace_file
from schemas.errors import UsageError
from store.files import make_folder
from store.workers.workers import require_nobody_at_work

NAME = "refpad-practice"


def practice_folder(settings: Settings) -> Path:
    """Where practice lies: beside the studio's own data folder."""
    return settings.folder.with_name(NAME)


def prepare_practice(folder: Path, *, reset: bool = False) -> None:
    """Make the folder, anew after `reset`; raises UsageError when what lies there is no practice.

    The caller holds the folder's lock when it is to be reset. MachineError is raised while a reader is at work in it.
    """
    if folder.exists() and any(folder.iterdir()) and read_saved(folder / SAVED_FILE).get("practice") is not True:
        raise UsageError(f"{folder} holds something else than practice: move it elsewhere, then try again.")
    if reset and folder.exists():
        require_nobody_at_work(Settings(folder=folder).store_folder)
        # The file that says "practice" goes last: what a killed reset leaves is practice still.
        for path in folder.iterdir():
            if path.name != SAVED_FILE:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    make_folder(folder)
    if read_saved(folder / SAVED_FILE).get("practice") is True:
        return  # written anew, it would be new settings to those who work there
    with replace_file(folder / SAVED_FILE) as file:
        file.write(json.dumps({"practice": True}).encode() + b"\n")
