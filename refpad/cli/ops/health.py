"""`refpad health`: whether scans are being read, for a container or a monitor that asks every minute."""

from contextlib import closing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from refpad.cli.console import print_json, results
from refpad.settings import Settings
from schemas.exit_codes import ExitCode

if TYPE_CHECKING:
    from refpad.ops.health import PartHealth


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(health)


def health(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say whether scans are being read: the watcher, the backlog, Prefect, the disk; of several studios, at each.

    Exit code 0: they are, if need be without Prefect. 3: the watcher, or what it needs, does not work.
    """
    parts = _parts(Settings())
    if as_json:
        print_json([asdict(part) for part in parts])
    else:
        table = Table("", "part", "found")
        for part in parts:
            table.add_row("ok" if part.is_well else "[red]broken" if part.needed else "away", part.part, part.found)
        results.print(table)
    if any(part.needed and not part.is_well for part in parts):
        raise typer.Exit(ExitCode.BROKEN)


def _parts(settings: Settings) -> "list[PartHealth]":
    """All parts; of further studios what is their own, with the studio's key before it."""
    from refpad.ops.health import SHARED_PARTS, health_of_parts
    from refpad.services.studios.registry import further_studios, settings_of
    from refpad.services.wiring import open_record

    with closing(open_record(settings)) as store:
        parts = list(health_of_parts(settings, store))
    for studio in further_studios(settings) if settings.shared_folder is None else ():
        its_own = settings_of(settings, studio)
        with closing(open_record(its_own)) as store:
            found = health_of_parts(its_own, store)
        parts += [replace(part, part=f"{studio.key}: {part.part}") for part in found if part.part not in SHARED_PARTS]
    return parts
