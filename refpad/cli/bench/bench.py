"""`refpad bench`: how well and how fast this machine reads, as a table and as JSON."""

import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import MARKDOWN
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from refpad.cli.console import print_json, results, talk
from refpad.settings import Settings

if TYPE_CHECKING:
    from bench.run import Measured

SLIPS = 200


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(bench)


def bench(
    slips: Annotated[int, typer.Option(min=1, help="Simulated slips a channel.")] = SLIPS,
    channel: Annotated[list[str] | None, typer.Option(help="A channel to measure; repeat it. Default: all.")] = None,
    design: Annotated[list[str] | None, typer.Option(help="A pad to measure; repeat it. Default: all.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same slips.")] = 1,
    data: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="Real material to read too.")] = None,
    marks_only: Annotated[bool, typer.Option("--marks-only", help="Boxes and signature only; no text.")] = False,
    follow_ups: Annotated[
        int | None, typer.Option(min=1, help="Measure the follow-up list instead, with so many open follow-ups.")
    ] = None,
    rescans: Annotated[
        int | None, typer.Option(min=2, help="Measure instead how slips that come again are recognized, with so many.")
    ] = None,
    slips_only: Annotated[bool, typer.Option("--slips-only", help="Leave out opening PDFs and `refpad up`.")] = False,
    paper: Annotated[int, typer.Option(min=0, help="Slips of each kind of awkward paper to measure too.")] = 0,
    pictures: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Contact sheets go here."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything measured as JSON.")] = False,
) -> None:
    """Measure accuracy and speed on simulated slips, and on real material when its folder is given.

    Wrong values among those that no person would look at are what counts. Exit code 0: measured.
    """
    if follow_ups is not None:
        _measure_queue(follow_ups, as_json=as_json)
        return
    if rescans is not None:
        _measure_rescans(rescans, seed, as_json=as_json)
        return
    from bench.run import Plan, measure
    from refpad.cli.pads.simulate import channels_named

    channels, whole = channels_named(channel or []), not slips_only
    plan = Plan(channels, slips, seed, data, marks_only, whole, paper=paper, pictures=pictures, pads=design or ())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch, Progress(*columns, console=talk) as bar:
        task = bar.add_task("bench", total=slips * len(plan.channels) * max(len(plan.pads), 1))
        measured = measure(
            plan, Settings(), Path(scratch), lambda doing, done: bar.update(task, advance=done, description=doing)
        )
    if as_json:
        print_json(_document(plan.seed, measured))
    else:
        _show(measured)


def _measure_queue(follow_ups: int, *, as_json: bool) -> None:
    from bench.speed.follow_ups import measure_queue

    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch:
        measured = measure_queue(Path(scratch), follow_ups)
    if as_json:
        print_json([asdict(measure) for measure in measured])
    else:
        rows = (
            {
                "": measure.what,
                "ms": f"{measure.ms:.0f}",
                "found": str(measure.found),
                "MB grown": f"{measure.grown_mb:.1f}",
            }
            for measure in measured
        )
        _table(f"Milliseconds with {follow_ups} open follow-ups, half of them due", rows)


def _measure_rescans(patients: int, seed: int, *, as_json: bool) -> None:
    from bench import report
    from bench.slips.adopted import adopt_foreign
    from bench.slips.rescans import RescanMaterial, measure_rescans
    from pads.catalog import load_all, printable
    from refpad.services.reading.file_reader import open_reader

    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch:
        apart = Settings(folder=Path(scratch) / "data")
        adopted = adopt_foreign(apart.designs, apart)
        designs = (*printable(load_all()), adopted)
        with open_reader(apart) as files:
            rows = measure_rescans(RescanMaterial(designs, patients, seed, Path(scratch)), files)
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        _table("Slips that come again", report.rescan_rows(rows))


def _show(measured: "Measured") -> None:
    from bench import report
    from bench.marks import report as marks_report

    summary = report.summary_rows([report.as_json(result) for result in measured.channels])
    _table("How well it reads", summary, turned=True)
    _table("Accuracy", report.accuracy_rows(measured.channels), turned=True)
    _table("Pads beside each other", report.pad_rows(measured.channels))
    _table("Character error rate by field", report.text_rows(measured.channels), turned=True)
    _table("What keeps signed slips from passing", report.blocker_rows(measured.channels))
    _table("Milliseconds of processor time a slip", report.speed_rows(measured.channels), turned=True)
    _table("Awkward paper", report.paper_rows(measured.paper))
    _table("Real handwriting", report.material_rows(measured.materials))
    _table("Real boxes", marks_report.box_rows(measured.boxes))
    _table("Marks of every kind, simulated", marks_report.mark_rows(measured.marks))
    _table("Ink that answers no box, simulated", marks_report.overlay_rows(measured.overlays))
    _table("Real signatures on simulated slips", marks_report.signature_rows(measured.signatures), turned=True)
    _table("Lines that nobody signed, all channels", marks_report.unsigned_rows(measured.signatures))
    if measured.foreign_pages is not None:
        results.print(f"Pages that are no slips: {measured.foreign_slips} slips found on {measured.foreign_pages}.")
    _table("This machine", report.machine_rows(measured.opening, measured.running, measured.reader_peak_mb))


def _table(title: str, rows: Iterable[dict[str, str]], *, turned: bool = False) -> None:
    """Print rows as a Markdown table; `turned` makes each row a column, so that many figures fit a narrow page."""
    listed = list(rows)
    if not listed:
        return
    lines = [list(row.values()) for row in listed]
    header = list(listed[0])
    if turned:
        header, *lines = (list(line) for line in zip(header, *lines, strict=True))
    table = Table(*header, box=MARKDOWN)
    for line in lines:
        table.add_row(*line)
    results.print(f"{title}\n")
    results.print(table)


def _document(seed: int, measured: "Measured") -> dict[str, object]:
    from bench.marks import report as marks_report
    from bench.report import as_json

    return {
        "seed": seed,
        "channels": [as_json(result) for result in measured.channels],
        "paper": [asdict(row) for row in measured.paper],
        "materials": [asdict(row) for row in measured.materials],
        **marks_report.as_json(measured.boxes, measured.marks, measured.overlays, measured.signatures),
        "foreign": {"pages": measured.foreign_pages, "slips": measured.foreign_slips},
        "opening": asdict(measured.opening) if measured.opening else None,
        "running": asdict(measured.running) if measured.running else None,
        "reader_peak_mb": measured.reader_peak_mb,
    }
