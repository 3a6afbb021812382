"""`refpad health`: whether scans are being read, for a container or a monitor that asks every minute."""

from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from refpad.cli.console import print_json, results
from refpad.settings import Settings
from schemas.exit_codes import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(health)


def health(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say whether scans are being read: the watcher, the backlog, Prefect, the disk.

    Exit code 0: they are, if need be without Prefect. 3: the watcher, or what it needs, does not work.
    """
    from refpad.ops.health import health_of_parts
    from refpad.services.wiring import open_record

    settings = Settings()
    with closing(open_record(settings)) as store:
        parts = health_of_parts(settings, store)
    if as_json:
        print_json([asdict(part) for part in parts])
    else:
        table = Table("", "part", "found")
        for part in parts:
            table.add_row("ok" if part.is_well else "[red]broken" if part.needed else "away", part.part, part.found)
        results.print(table)
    if any(part.needed and not part.is_well for part in parts):
        raise typer.Exit(ExitCode.BROKEN)
