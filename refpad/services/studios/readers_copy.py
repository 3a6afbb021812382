"""What readers of other machines must know of a studio, kept in the bucket beside its files: they share no folder.

Its watcher writes there by which settings it reads and judges, its own pad designs and words, and with the first
studio's the list of studios; a reader elsewhere keeps a copy in a data folder of its own, and follows it.
"""

import json
import logging
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from threading import Event

from pydantic.main import IncEx

from refpad.services.attempt import attempt
from refpad.services.studios.registry import registry_file
from refpad.services.wiring import file_place
from refpad.settings import SAVED_FILE, STUDIOS_FILE, Settings
from schemas.atomic_write import replace_file
from schemas.errors import MachineError
from store import files

NAME = "readers.zip"
# By these a slip is read and judged, and its follow-ups planned; no address of a mail server, and no password.
OF_FRONT_DESK: IncEx = {"sample_share", "origin", "port"}
SHARED: Mapping[str, IncEx | bool] = {
    **dict.fromkeys(("time_zone", "policy", "text_model", "follow_ups"), True),
    "front_desk": OF_FRONT_DESK,
}
STAMP = "readers-copy"  # in the store's folder of a reader elsewhere: which copy it has
AT_HOME = "inbox-made"  # in the store's folder where the inbox is (`refpad.services.intake.watcher`)
MOMENT = (1980, 1, 1, 0, 0, 0)  # the same files are the same bytes

log = logging.getLogger(__name__)


def is_elsewhere(settings: Settings) -> bool:
    """Whether the studio's folder is on another machine, and its files in a bucket that this one reaches."""
    return settings.files is not None and not (settings.store_folder / AT_HOME).exists()


def share_until(settings: Settings, stop: Event) -> None:
    """Keep the copy for readers elsewhere up to date, until `stop`; a store that is away is asked again later."""
    last = [b""]

    def share() -> None:
        bucket, data = file_place(settings), packed(settings)
        if bucket is not None and data != last[0]:
            bucket.keep_named(NAME, data)
            last[0] = data

    while True:
        if problem := attempt(share):
            log.error("What readers elsewhere must know was not shared: %s", problem)
        if stop.wait(settings.sweep_seconds):
            return


def packed(settings: Settings) -> bytes:
    """All that a reader elsewhere must know of a studio, as a ZIP file."""
    values = settings.model_dump(mode="json", include=SHARED)
    contents = {SAVED_FILE: json.dumps(values, indent=1).encode()}
    for folder in (settings.designs, settings.words):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
            contents[path.relative_to(settings.folder).as_posix()] = path.read_bytes()
    if settings.shared_folder is None and registry_file(settings).exists():
        contents[STUDIOS_FILE] = registry_file(settings).read_bytes()
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in contents.items():
            zipped.writestr(zipfile.ZipInfo(name, MOMENT), content)
    return out.getvalue()


def bring(settings: Settings) -> None:
    """Where the studio's folder is elsewhere, bring what its watcher shares into the one here, if it is another.

    Raises MachineError when the store does not answer, or nothing is shared yet.
    """
    bucket = file_place(settings)
    if bucket is None or not is_elsewhere(settings):
        return
    etag = bucket.stamp_of_named(NAME)
    if etag is None:
        raise MachineError(f"Nothing for readers is in {bucket} yet: start refpad up of this version there first.")
    stamp = settings.store_folder / STAMP
    if stamp.exists() and stamp.read_text("utf-8") == etag:
        return
    unpack(settings.folder, bucket.read_named(NAME))
    files.make_folder(stamp.parent)
    with replace_file(stamp) as file:
        file.write(etag.encode())


def unpack(folder: Path, data: bytes) -> None:
    """Have in `folder` what was packed: no more and no less, of what such a copy may hold."""
    with zipfile.ZipFile(BytesIO(data)) as zipped:
        contents = {name: zipped.read(name) for name in zipped.namelist() if _may_be_there(name)}
    files.make_folder(folder)
    for name, content in contents.items():
        _put(folder / name, content)
    for old in _there(folder):
        if old.relative_to(folder).as_posix() not in contents:
            files.remove(old)


def _may_be_there(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name in (SAVED_FILE, STUDIOS_FILE) or (
        len(parts) > 1 and parts[0] in ("designs", "words") and ".." not in parts
    )


def _put(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    files.make_folder(path.parent)
    with replace_file(path) as file:
        file.write(content)


def _there(folder: Path) -> list[Path]:
    """What an earlier copy may have left."""
    inner = (path for name in ("designs", "words") for path in (folder / name).rglob("*"))
    return [path for path in (folder / STUDIOS_FILE, *inner) if path.is_file()]
