"""`refpad health`: is everything at work? What a container, or a monitor, asks every minute."""

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

    Exit code 0: they are, if need be without Prefect. 3: the watcher, or what it needs, is not well.
    """
    from refpad.ops.health import signs
    from refpad.services.wiring import open_record

    settings = Settings()
    with closing(open_record(settings)) as store:
        found = signs(settings, store)
    if as_json:
        print_json([asdict(sign) for sign in found])
    else:
        table = Table("", "part", "found")
        for sign in found:
            table.add_row("ok" if sign.is_well else "[red]not well" if sign.needed else "away", sign.part, sign.found)
        results.print(table)
    if any(sign.needed and not sign.is_well for sign in found):
        raise typer.Exit(ExitCode.BROKEN)
