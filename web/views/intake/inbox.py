"""The inbox: scans sent from the browser, and how far each is."""

import os
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from refpad.ops.health import prefect_page, prefect_password_place
from refpad.services.intake.inbox_entries import unopened_folders
from refpad.services.intake.watcher import inbox_problem
from schemas.atomic_write import create_private, sync, sync_folder
from schemas.errors import MachineError, UsageError
from schemas.text import clean
from store import audit
from store.intake.ledger.progress import latest_files
from store.intake.taking_in.refusals import is_side_file
from web.context import RequestContext

SHOWN_MOST = 25
NAME_MOST_BYTES = 180  # file systems take 255; a number and ".part" must fit
_UNSAFE = re.compile(r"[/\\\x00]")


def show(context: RequestContext) -> Response:
    """Where to put scans, and how far the last ones are."""
    settings = context.services.settings
    prefect = {"page": prefect_page(settings), "password": prefect_password_place(settings)}
    return context.render("inbox.html", **_parts(context), signs=(), prefect=prefect)


def progress(context: RequestContext) -> Response:
    """The parts of the page that change, for the script that asks every few seconds."""
    return context.render("inbox_parts.html", **_parts(context), signs=context.services.health.signs())


def _parts(context: RequestContext) -> dict[str, object]:
    settings = context.services.settings
    unopened = [clean(name) for name in unopened_folders(settings.inbox, settings.inbox_depth)]
    return {
        "files": latest_files(context.store, SHOWN_MOST),
        "unopened": unopened[:SHOWN_MOST],
        "unopened_count": len(unopened),
        "depth": settings.inbox_depth,
    }


async def upload(context: RequestContext, name: str, content: AsyncIterator[bytes]) -> Response:
    """Put one file into the inbox, as if it had been dropped there; the watcher does the rest.

    It is written under a name that the watcher leaves alone, and gets its own when it is whole. Nobody is told that it
    was added before its entry in the folder is on disk.
    """
    inbox, most = context.services.settings.inbox, context.services.settings.limits.file_bytes
    trouble = await run_in_threadpool(inbox_problem, inbox)
    if trouble is not None:
        raise MachineError(trouble)
    part = inbox / f".{uuid.uuid4().hex}.part"
    try:
        size = await _write(part, content, most)
        if not size:
            raise UsageError("This file is empty.")
        await run_in_threadpool(link_under_name, part, inbox, safe_name(name))
    finally:
        await run_in_threadpool(part.unlink, missing_ok=True)
    await run_in_threadpool(audit.write, context.store, context.user, "upload", "inbox", {"bytes": size})
    return Response(status_code=201)


async def _write(part: Path, content: AsyncIterator[bytes], most: int) -> int:
    """Write what comes to `part` and sync it; each touch of the disk in a thread, for everybody waits for this loop."""
    size = 0
    file = await run_in_threadpool(create_private, part)
    try:
        async for chunk in content:
            size += len(chunk)
            if size > most:
                raise UsageError(f"This file is larger than {most:,} bytes: split it, or raise the limit.")
            await run_in_threadpool(file.write, chunk)
        await run_in_threadpool(sync, file)
    finally:
        await run_in_threadpool(file.close)
    return size


def safe_name(name: str) -> str:
    """The file's own name without what would lead it elsewhere or make the watcher leave it alone.

    "x.part" is a half of something in a folder, but what is uploaded whole is whole.
    """
    text = str(clean(_UNSAFE.sub(" ", unquote(name, errors="replace"))))
    cut = text.encode()[-NAME_MOST_BYTES:].decode("utf-8", "ignore")
    bare = cut.lstrip(".~ ").rstrip("~ ") or "scan"
    return f"{bare}.scan" if is_side_file(bare) else bare


def link_under_name(part: Path, inbox: Path, name: str) -> None:
    """Give the whole file its name, for good; one of that name that lies there stays, and this one gets a number."""
    stem, dot, ending = name.rpartition(".")
    for number in range(1, 1000):
        tried = name if number == 1 else f"{stem or name}-{number}{dot}{ending if stem else ''}"
        try:
            os.link(part, inbox / tried)
            sync_folder(inbox)
        except FileExistsError:
            continue
        except OSError as error:
            raise MachineError(
                f"The inbox refuses the file ({error.strerror}): make room or mend its rights."
            ) from None
        return
    raise UsageError("A thousand files of this name wait in the inbox already.")
