"""Checks of every part of the machine: what each found and, when the part is broken, what to type."""

import errno
import importlib.metadata
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from refpad.ops import pads, programs, variables, webhooks
from refpad.ops.checkup import ASK_S, INSTALL, BrokenError, Checkup, WarningError
from refpad.ops.kept_files import kept_files
from refpad.ops.text_readers import text_readers
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.errors import MissingPackageError, RefpadError, UsageError

FASTAPI_BELOW = (0, 151)  # from there on Prefect 3.8's server ends at its start, and pip check does not see it
DISK_LEAST_BYTES = 1_000_000_000  # half a year of a studio's scans at 20 a day and 250 KB each


def examine(settings: Settings) -> list[Checkup]:
    """Check every part. No check stops another."""
    return [_examined(part, check, settings) for part, check in CHECKS.items()]


def _examined(part: str, check: Callable[[Settings], str], settings: Settings) -> Checkup:
    try:
        return Checkup(part=part, ok=True, found=check(settings))
    except WarningError as error:
        return Checkup(part=part, ok=True, found=str(error), remedy=error.remedy)
    except BrokenError as error:
        return Checkup(part=part, ok=False, found=str(error), remedy=error.remedy)
    except MissingPackageError as error:  # its sentence says what to type
        return Checkup(part=part, ok=False, found=str(error))
    except (ImportError, OSError, RefpadError) as error:
        return Checkup(part=part, ok=False, found=str(error), remedy=REMEDIES.get(part, INSTALL))


def _target(settings: Settings) -> str:
    """How often what passes may be wrong; looser than refpad ships it is a choice to be told of."""
    from schemas.bars import SHIPPED, ValueKind
    from schemas.policy import ONE_WRONG_IN

    policy = settings.policy
    loosest = round(1 / max(policy.target(kind) for kind in ValueKind))
    least, shipped = policy.text_confidence, min(SHIPPED.values())
    if loosest < ONE_WRONG_IN:
        raise WarningError(f"1 in {loosest} may be wrong", f"set REFPAD_POLICY__ONE_WRONG_IN to {ONE_WRONG_IN} or more")
    if least is not None and least < shipped:
        raise WarningError(
            f"from a confidence of {least:g}", f"set REFPAD_POLICY__TEXT_CONFIDENCE to {shipped:g} or more"
        )
    return f"1 of {policy.one_wrong_in} values that pass may be wrong"


def _letters(settings: Settings) -> str:
    """One made for trial: Pango is no Python package, and a font that cannot be loaded shows only here."""
    from refpad.services.letters.letters import press_of
    from refpad.services.letters.samples import sample
    from schemas.followup import LetterKind

    try:
        press_of(settings).pdf(sample(LetterKind.KEEP_IN_TOUCH, settings.studio))
    except UsageError as error:  # a setting, or a template of one's own: no package helps
        raise BrokenError(str(error), "mend what it names") from None
    own = settings.letters.is_dir()
    return f"WeasyPrint {importlib.metadata.version('weasyprint')}{', with templates of your own' if own else ''}"


def _studio(settings: Settings) -> str:
    if settings.practice:
        return "practice, with an invented studio"
    if settings.studio.invented:
        remedy = "the front desk's page Settings, or refpad settings set studio.name NAME"
        raise WarningError(f"still invented, so no pads and letters: {', '.join(settings.studio.invented)}", remedy)
    return "set up"


def _cage(settings: Settings) -> str:
    """Whether the decoders are kept from network and files, tried by a child that is shut in as they are."""
    from ocr.sandbox.cage import FILES, NETWORK, TRIED
    from ocr.sandbox.framing import Frame
    from ocr.sandbox.process import Child

    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.NamedTemporaryFile() as file,
        socket.create_server(("127.0.0.1", 0)) as server,
        Child(TRIED, memory_bytes=settings.limits.child_bytes, scratch=Path(folder), readable=()) as child,
    ):
        [answer] = child.ask(Frame({"port": server.getsockname()[1], "file": file.name}), ASK_S)
    missing = {NETWORK, FILES} - set(answer.head["held"])
    if missing:
        found = f"they reach: {', '.join(sorted(missing))}"
        raise WarningError(found, "allow user namespaces and Landlock (Linux 5.13) on this machine")
    return "they reach no network and no other files"


def _codes(_: Settings) -> str:
    import zxingcpp

    return f"zxing-cpp {importlib.metadata.version('zxing-cpp')}" if zxingcpp else ""


def _folder(settings: Settings) -> str:
    folder = settings.folder.absolute()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BrokenError(f"{nearest} is not writable", f"chown it to {os.getuid()}, or set REFPAD_FOLDER")
    if folder.exists() and folder.stat().st_mode & 0o077:
        raise WarningError(f"{folder} is open to other users of this machine", f"chmod 700 {folder}")
    return str(folder)


def _state(settings: Settings) -> str:
    """The anchors: in a container's own layer they would be gone with it, and all letters be held."""
    from refpad.services.wiring import state_folder

    folder = state_folder(settings)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BrokenError(f"{folder} is not writable", f"chown it to {os.getuid()}, or set REFPAD_STATE_FOLDER")
    return str(folder)


def _backup(settings: Settings) -> str:
    from refpad.services.backups import backup_target, is_backup_late, last_backup
    from store.clock import SystemClock

    if settings.backup.folder is None:
        raise WarningError("no folder is set", "name one on another disk, on the page Settings")
    backup_target(settings)  # raises for a folder that would be lost with the record
    last = last_backup(settings)
    if last is None:
        raise WarningError(f"none in {settings.backup.folder}", "refpad backup")
    if is_backup_late(settings, SystemClock(settings.time_zone).now()):
        raise WarningError(
            f"the latest is of {show_day(last.manifest.made_at)}", "refpad backup, and keep `refpad up` running by day"
        )
    return f"the latest is of {show_day(last.manifest.made_at)}"


def _mailbox(settings: Settings) -> str:
    """Opened as a fetch opens it."""
    from refpad.services.mailbox.fetch import NO_SENDERS, check_mailbox

    if settings.mailbox.host is None:
        return "none is set"
    if not settings.mailbox.senders:
        raise WarningError(NO_SENDERS, "set REFPAD_MAILBOX__SENDERS")
    messages = check_mailbox(settings.mailbox.model_copy(update={"seconds": min(ASK_S, settings.mailbox.seconds)}))
    return f"{messages} in {settings.mailbox.folder}"


def _disk(settings: Settings) -> str:
    folder = settings.folder.absolute()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    if free < DISK_LEAST_BYTES:
        raise BrokenError(f"{free / 1e9:.1f} GB free", f"make room for {DISK_LEAST_BYTES / 1e9:.0f} GB in {nearest}")
    return f"{free / 1e9:.0f} GB free"


def _inbox(settings: Settings) -> str:
    from refpad.services.intake.inbox_entries import MARKER

    inbox, store = settings.inbox.resolve(), settings.store_folder.resolve()
    if inbox.is_relative_to(store) or store.is_relative_to(inbox):
        raise BrokenError(f"{inbox} and the store are one inside the other", "move the inbox out of the store")
    if not (settings.store_folder / "inbox-made").exists():
        return "not made yet; `refpad up` makes it"
    if not (inbox / MARKER).exists():
        raise BrokenError(f"{inbox} has lost its marker", f"mount its disk, or touch {inbox / MARKER}")
    if not os.access(inbox, os.W_OK | os.X_OK):
        raise BrokenError(f"{inbox} is not writable", f"chown it to {os.getuid()}")
    return str(inbox)


def _database(settings: Settings) -> str:
    from refpad.services.wiring import open_record
    from store.anchor.places import is_noted
    from store.intake.ledger.files import ledger
    from store.integrity import require_sound

    was_there = is_noted(settings.state, settings.store_folder)
    if settings.database_url is None and not (settings.store_folder.exists() or was_there):
        return "not made yet; `refpad up` makes it"
    with closing(open_record(settings)) as store:
        require_sound(store)
        counts = ledger(store)
    if not counts.balances:
        raise BrokenError(f"{counts.seen} files seen, not all accounted for", "refpad verify")
    return f"{counts.seen} files seen, all accounted for"


def _prefect(_: Settings) -> str:
    if find_spec("prefect") is None:
        raise BrokenError("not installed", INSTALL)
    fastapi = importlib.metadata.version("fastapi")
    if tuple(map(int, fastapi.split(".")[:2])) >= FASTAPI_BELOW:
        raise BrokenError(f"fastapi {fastapi} breaks its server", 'pip install "fastapi<0.151"')
    return f"{importlib.metadata.version('prefect')} with fastapi {fastapi}"


def _port(settings: Settings) -> str:
    if settings.prefect_url is not None:
        return "not needed, Prefect runs elsewhere"
    return _free_or_ours(settings, settings.prefect_port, "REFPAD_PREFECT_PORT")


def _front_desk_port(settings: Settings) -> str:
    if not settings.front_desk.with_up:
        return "not needed, the front desk runs elsewhere"
    return _free_or_ours(settings, settings.front_desk.port, "REFPAD_FRONT_DESK__PORT")


def _free_or_ours(settings: Settings, port: int, name: str) -> str:
    """Free, or held by ourselves or practice: whoever holds the folder's lock also holds the port."""
    from refpad.ops.supervisor import OF_THE_SYSTEM, another, lock_holder, port_problem
    from refpad.services.practice import practice_folder

    number = port_problem(port)
    if number is None:
        return f"{port} is free"
    if number == errno.EACCES:
        raise BrokenError(f"{port} is {OF_THE_SYSTEM}", f"set {name} to one from 1024 on")
    holder = lock_holder(settings.folder / "refpad.lock")
    if holder is not None:
        return f"{port} is ours (process {holder})"
    if (practicing := lock_holder(practice_folder(settings) / "refpad.lock")) is not None:
        found = f"{port} is held by refpad's practice (process {practicing})"
        raise WarningError(found, f"stop practice (Ctrl-C, or kill {practicing}) before `refpad up`")
    raise BrokenError(f"{port} is taken by another program", f"stop it, or set {name}={another(port)}")


def _time_zone(settings: Settings) -> str:
    from store.clock import SystemClock

    return f"{settings.time_zone}, today is {show_day(SystemClock(settings.time_zone, settings.today).today())}"


CHECKS: dict[str, Callable[[Settings], str]] = {
    "Python": programs.python,
    "Tesseract": programs.tesseract,
    "Tesseract's English": programs.tesseract_english,
    "pdftoppm": programs.pdftoppm,
    "OpenCV": programs.opencv,
    "text readers": text_readers,
    "decoders": _cage,
    "code reader": _codes,
    "pads and fonts": pads.check,
    "environment": variables.check,
    "target": _target,
    "letters": _letters,
    "studio": _studio,
    "data folder": _folder,
    "state folder": _state,
    "kept files": kept_files,
    "disk space": _disk,
    "inbox": _inbox,
    "database": _database,
    "backup": _backup,
    "mailbox": _mailbox,
    "webhooks": webhooks.check,
    "Prefect": _prefect,
    "Prefect's port": _port,
    "front desk's port": _front_desk_port,
    "time zone": _time_zone,
}

# For errors of the parts themselves, whose texts say what is wrong but not always what to type.
REMEDIES = {
    "pads and fonts": "mend the design file that it names",
    "letters": "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "data folder": "set REFPAD_FOLDER to a folder of yours",
    "state folder": "set REFPAD_STATE_FOLDER to a folder of yours outside the data folder",
    "kept files": "set REFPAD_FILES and its keys as docs/running.md says",
    "inbox": "mount its disk",
    "backup": "set REFPAD_BACKUP__FOLDER to a folder on another disk",
    "mailbox": "correct what it names on the page Settings",
    "database": "mend what it names, or restore the latest backup: refpad restore FOLDER",
    "webhooks": "mend the database first",
    "time zone": "set REFPAD_TIME_ZONE to an IANA name",
}
