"""`refpad export`: the record as files for other programs."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from refpad.cli.console import print_json, say
from refpad.settings import Settings

app = typer.Typer(help="Exports: the accepted referrals as files for other programs.", no_args_is_help=True)


@app.command("csv")
def export_csv(
    out: Annotated[Path | None, typer.Option(help="Another file than exports/referrals.csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write all accepted referrals as one CSV file; docs/csv.md describes its columns."""
    from exports.to_csv import write_csv
    from refpad.work.deliver import REFERRALS_CSV, deliver
    from refpad.work.opening import open_record, whoever
    from store import audit
    from store.referrals import exported

    settings = Settings()
    with closing(open_record(settings)) as store:
        written = deliver(store, settings.exports) if out is None else write_csv(exported(store), out)
        audit.write(store, whoever(), "export", "referrals", {"count": written})
    path = out or settings.exports / REFERRALS_CSV
    if as_json:
        print_json({"file": str(path), "referrals": written})
    else:
        say(f"{path}: {written} {'referral' if written == 1 else 'referrals'}.")
