"""`refpad export`: the record as files for other programs."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from refpad.cli.console import print_json, say
from refpad.settings import Settings
from schemas.changes import START
from schemas.export import Exported

if TYPE_CHECKING:
    from store.database import Store

app = typer.Typer(help="Exports: the accepted referrals as files for other programs.", no_args_is_help=True)

What = Annotated[Exported, typer.Option(help="What to export.")]
Out = Annotated[Path | None, typer.Option(help="Another file than the one in exports/.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("csv")
def export_csv(what: What = Exported.REFERRALS, out: Out = None, as_json: AsJson = False) -> None:
    """Write all accepted referrals, follow-ups or offices as one CSV file; docs/csv.md describes its columns."""
    from refpad.services.exports import export_csv as export
    from refpad.services.wiring import open_record

    settings = Settings()
    path = out or settings.exports / f"{what.value}.csv"
    with closing(open_record(settings)) as store:
        written = export(store, settings, what, path)
        _on_record(store, what, written)
    _tell(path, what, written, as_json)


@app.command("jsonl")
def export_jsonl(
    what: What = Exported.REFERRALS,
    since: Annotated[str, typer.Option(help="Only what changed behind this cursor of an earlier export.")] = START,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Write JSON Lines, all or what changed since an earlier export; `refpad schema` describes a line."""
    from refpad.services.connecting.lines import export_jsonl as export
    from refpad.services.exports import make_own_folder
    from refpad.services.wiring import open_record

    settings = Settings()
    path = out or settings.exports / f"{what.value}.jsonl"
    make_own_folder(settings, path)
    with closing(open_record(settings)) as store:
        written = export(store, settings, what, path, since)
        _on_record(store, what, written.count)
    _tell(path, what, written.count, as_json, written.cursor)


@app.command("parquet")
def export_parquet(what: What = Exported.REFERRALS, out: Out = None, as_json: AsJson = False) -> None:
    """Write a Parquet file with typed columns; needs pyarrow beside refpad."""
    from refpad.services.connecting.lines import export_parquet as export
    from refpad.services.exports import make_own_folder
    from refpad.services.wiring import open_record

    settings = Settings()
    path = out or settings.exports / f"{what.value}.parquet"
    make_own_folder(settings, path)
    with closing(open_record(settings)) as store:
        written = export(store, settings, what, path)
        _on_record(store, what, written)
    _tell(path, what, written, as_json)


@app.command("fhir")
def export_fhir(
    referral: Annotated[list[int] | None, typer.Option(help="Only this one; may be given several times.")] = None,
    out: Annotated[Path | None, typer.Option(help="Another folder than exports/fhir.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a FHIR R4 bundle for each referral, after the HL7 US Physical Activity guide."""
    from refpad.services.connecting.after_purge import FHIR_FOLDER, remove_gone_bundles
    from refpad.services.connecting.fhir import export_fhir as export
    from refpad.services.exports import make_own_folder
    from refpad.services.wiring import open_record

    settings = Settings()
    folder = out or settings.exports / FHIR_FOLDER
    make_own_folder(settings, folder)
    with closing(open_record(settings)) as store:
        written = sum(1 for _ in export(store, settings, folder, referral or ()))
        gone = [] if out or referral else remove_gone_bundles(store, settings)
        _on_record(store, Exported.REFERRALS, written)
    _tell(folder, Exported.REFERRALS, written, as_json)
    if gone:
        say(f"Removed, since their referrals are gone: {', '.join(gone)}.")


def _on_record(store: "Store", what: Exported, count: int) -> None:
    from refpad.services.wiring import whoever
    from store import audit

    audit.write(store, whoever(), "export", what.value, {"count": count})


def _tell(path: Path, what: Exported, count: int, as_json: bool, cursor: str | None = None) -> None:
    if as_json:
        print_json({"file": str(path), what.value: count, **({"cursor": cursor} if cursor else {})})
        return
    behind = f" The next export reads on with --since {cursor}." if cursor else ""
    say(f"{path}: {count} {what.value if count != 1 else what.value.removesuffix('s')}.{behind}")
