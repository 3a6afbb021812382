"""The list of what was purged, kept where no restore of the record reaches: an older backup does not bring it back.

A line for each file, by an HMAC of its content with the audit's key: it names nobody, and knows the file again.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

from schemas.atomic_write import replace_file
from schemas.errors import MachineError
from store.anchor.anchor import Anchor, mac

SUFFIX = ".purged"


def mac_of(anchor: Anchor, sha256: str) -> str:
    """How a file with this content stands in the list."""
    return mac(anchor.key, ["purged", sha256])


def read_list(anchor: Anchor, folder: Path) -> frozenset[str]:
    """The list in `folder`; empty where there is none. Raises MachineError when it cannot be read."""
    try:
        return frozenset(_path(anchor, folder).read_text("ascii").split())
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except (OSError, UnicodeDecodeError):
        raise MachineError(
            f"{_path(anchor, folder).name} cannot be read: without it an older backup would bring back what was purged."
        ) from None


def add_to_list(anchor: Anchor, folder: Path, macs: Collection[str]) -> None:
    """Add files to the list in `folder`, on disk when this returns."""
    known = read_list(anchor, folder)
    if new := frozenset(macs) - known:
        with replace_file(_path(anchor, folder)) as file:
            file.write("".join(f"{line}\n" for line in sorted(known | new)).encode())


def copy_list(anchor: Anchor, folders: Iterable[Path]) -> None:
    """Have the list be in these folders too: backups go with their own."""
    purged = read_list(anchor, anchor.folder)
    for folder in folders:
        if purged and folder.is_dir():
            add_to_list(anchor, folder, purged)


def _path(anchor: Anchor, folder: Path) -> Path:
    return folder / f"{anchor.installation}{SUFFIX}"
