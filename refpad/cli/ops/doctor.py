"""`refpad doctor`: check every part of this machine, and print what to type for one that is broken."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from refpad.cli.console import print_json, results
from refpad.settings import Settings
from schemas.exit_codes import ExitCode

if TYPE_CHECKING:
    from refpad.ops.checkup import Checkup


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check every part that refpad needs, and print the remedy for each that is missing.

    Exit code 0: all works; a warning names what ought to be changed. 3: a part is broken.
    """
    from refpad.ops.doctor import examine

    findings = examine(Settings())
    if as_json:
        print_json([finding.model_dump(mode="json") for finding in findings])
    else:
        table = Table("", "part", "found", "remedy")
        for finding in findings:
            table.add_row(_verdict(finding), finding.part, finding.found, finding.remedy)
        results.print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(ExitCode.BROKEN)


def _verdict(found: "Checkup") -> str:
    if not found.ok:
        return "[red]broken"
    return "[yellow]warning" if found.remedy else "ok"
