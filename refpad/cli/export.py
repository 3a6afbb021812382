"""`refpad export`: the record as files for other programs."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from refpad.cli.console import print_json, say
from refpad.settings import Settings
from schemas.export import Exported

app = typer.Typer(help="Exports: the accepted referrals as files for other programs.", no_args_is_help=True)


@app.command("csv")
def export_csv(
    what: Annotated[Exported, typer.Option(help="What to export.")] = Exported.REFERRALS,
    out: Annotated[Path | None, typer.Option(help="Another file than exports/WHAT.csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write all accepted referrals, follow-ups or offices as one CSV file; docs/csv.md describes its columns."""
    from refpad.services.exports import export_csv as export
    from refpad.services.wiring import open_record, whoever
    from store import audit

    settings = Settings()
    path = out or settings.exports / f"{what.value}.csv"
    with closing(open_record(settings)) as store:
        written = export(store, settings, what, path)
        audit.write(store, whoever(), "export", what.value, {"count": written})
    if as_json:
        print_json({"file": str(path), what.value: written})
    else:
        say(f"{path}: {written} {what.value if written != 1 else what.value.removesuffix('s')}.")
