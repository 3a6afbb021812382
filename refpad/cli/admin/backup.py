"""`refpad backup` and `refpad restore`."""

import shlex
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from refpad.cli.console import print_json, results, say, talk
from refpad.settings import STUDIOS_FILE, Settings
from schemas.errors import UsageError
from schemas.exit_codes import ExitCode
from schemas.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.backup import Backup

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Target = Annotated[Path | None, typer.Argument(help="The folder of backups; else REFPAD_BACKUP__FOLDER.")]
Name = Annotated[str | None, typer.Option("--backup", help="Which one of `refpad backup --list`; else the latest.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    target: Target = None,
    list_only: Annotated[bool, typer.Option("--list", help="List the backups that are there.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Read the latest backup: is it whole?")] = False,
    as_json: AsJson = False,
) -> None:
    """Back up the record, its files and the settings, while refpad runs or not; then verify what was written.

    Exit code 0: the backup is whole. 3: it is not, or could not be written.
    """
    from refpad.services.backups import backup_target, write_backup
    from refpad.services.wiring import open_record, whoever
    from store.backup import backups
    from store.backup.target import find_backup_folder

    settings = Settings()
    folder = backup_target(settings, target)
    if list_only:
        find_backup_folder(folder)
        _list(settings, backups(folder), as_json=as_json)
        return
    if check:
        _check(_found(settings, folder, None), as_json=as_json)
        return
    with closing(open_record(settings)) as store, Progress(console=talk, transient=True) as bar:
        made = write_backup(settings, store, folder, whoever(), _shown(bar, "Copying files"))
    if as_json:
        print_json({"backup": made.name, **made.manifest.model_dump(mode="json")})
        return
    held = f"{_amount(made.manifest.referrals, made.manifest.files)}, {made.manifest.bytes / 1e6:.1f} MB"
    say(f"Backup {made.name} is whole: {held}. It holds patient data and passwords: keep it locked away.")


def restore(
    source: Annotated[Path | None, typer.Argument(help="The folder that was given to `refpad backup`.")] = None,
    name: Name = None,
    replace: Annotated[bool, typer.Option("--replace", help="Move a record that is there aside first.")] = False,
    acknowledge: Annotated[
        bool, typer.Option("--acknowledge", help="Say that it was you who put the record back or moved it, by hand.")
    ] = False,
) -> None:
    """Put a backup in place, checked first; letters that may have been sent since are held. Stop `refpad up` before.

    Exit code 0: it is in place. 2: usage. 3: the backup is damaged, or refpad runs.
    """
    from refpad.ops.supervisor import only_one
    from refpad.services.backups import restore_backup
    from refpad.services.wiring import whoever

    settings = Settings()
    if acknowledge:
        _acknowledge(settings)
        return
    if source is None:
        raise UsageError("Name the folder of backups, as in: refpad restore /media/backup.")
    chosen = _found(settings, source, name)
    _must_not_be_anothers(settings, chosen, is_named=name is not None)
    with only_one(settings.folder / "refpad.lock"), Progress(console=talk, transient=True) as bar:
        done, others = restore_backup(settings, chosen, whoever(), replace=replace, progress=_shown(bar, "Copying"))
    say(f"The backup {chosen.name} is in place: {_amount(chosen.manifest.referrals, done.files)}.")
    if done.moved_to is not None:
        say(f"What was there before is kept in {done.moved_to}.")
    if others:
        say(f"Also put back: {', '.join(others)}.")
    if STUDIOS_FILE in others:
        _tell_of_other_studios(settings, source)
    of_studio = f"--studio {settings.front_desk.subdomain} " if settings.front_desk.subdomain else ""
    typed = f"refpad {of_studio}letters list"
    say(f"Letters made before now are held, since they may have been sent after the backup: {typed}.")


def _tell_of_other_studios(settings: Settings, source: Path) -> None:
    """Before `refpad up` begins an empty record for each of them; of one that is closed, too."""
    from refpad.services.studios.registry import read_registry

    for studio in read_registry(settings).studios:
        if studio.number:
            typed = f"refpad --studio {studio.key} restore {shlex.quote(str(source))}"
            say(f"Put back {studio.key}'s record too before refpad up: {typed}")


def _found(settings: Settings, folder: Path, name: str | None) -> "Backup":
    """The backup of that name, or the latest that is of no other studio of this installation."""
    from refpad.services.backups import is_of_other_studio
    from store.backup import find_backup

    return find_backup(folder, name, partial(is_of_other_studio, settings))


def _must_not_be_anothers(settings: Settings, backup: "Backup", *, is_named: bool) -> None:
    """Raise UsageError for a backup of another studio of this installation: its patients would be in two records.

    Where there is no list of studios, one of several may be meant to go on alone: whoever means that names its backup.
    """
    from refpad.services.backups import is_of_other_studio, studio_of_backup
    from refpad.services.studios.registry import read_registry

    if is_of_other_studio(settings, backup) and not (is_named and not read_registry(settings).studios):
        key = studio_of_backup(settings, backup)
        raise UsageError(
            f"The backup {backup.name} is of the studio {key}: name another one with --backup, or type "
            f"refpad --studio {key} restore."
        )


def _acknowledge(settings: Settings) -> None:
    from refpad.services.wiring import open_record, whoever
    from store.letters.restore_guard import acknowledge

    with closing(open_record(settings)) as store:
        noted = acknowledge(store, whoever())
    say("Noted: the record was put back by you." if noted else "Nothing to note: the record was not put back.")


def _list(settings: Settings, found: "list[Backup]", *, as_json: bool) -> None:
    """A folder may hold the backups of several studios: each is told with the key of its own."""
    from refpad.services.backups import studio_of_backup

    told = [(backup, studio_of_backup(settings, backup)) for backup in found]
    if as_json:
        print_json([{"backup": one.name, "studio": key, **one.manifest.model_dump(mode="json")} for one, key in told])
        return
    table = Table("backup", "studio", "referrals", "files", "MB")
    for one, key in told:
        held = one.manifest
        row = (one.name, key or "not known here", str(held.referrals), str(held.files), f"{held.bytes / 1e6:.1f}")
        table.add_row(*row)
    results.print(table)


def _check(found: "Backup", *, as_json: bool) -> None:
    from store.backup import check_backup

    with Progress(console=talk, transient=True) as bar:
        wrong = check_backup(found, _shown(bar, "Reading files"))
    if as_json:
        print_json({"backup": found.name, "is_whole": not wrong, "problems": wrong})
    else:
        for sentence in wrong:
            results.print(sentence, markup=False)
    if wrong:
        raise typer.Exit(ExitCode.BROKEN)
    if not as_json:
        say(f"Backup {found.name} is whole: {counted(found.manifest.files, 'file')}, bit for bit.")


def _shown(bar: Progress, what: str) -> "Callable[[int, int], None]":
    task = bar.add_task(what, total=None)

    def show(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of)

    return show


def _amount(referrals: int, files: int) -> str:
    return f"{counted(referrals, 'referral')}, {counted(files, 'file')}"
