"""`refpad bench-scale`: how work grows with the record, and with the readers."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import MARKDOWN
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from refpad.cli.console import print_json, results, talk

if TYPE_CHECKING:
    from bench.scale.growth import RecordSize
    from bench.scale.readers import ReaderTimes

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 40
SLIPS = 100


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench-scale")(bench_scale)


def bench_scale(
    referrals: Annotated[list[int] | None, typer.Option(min=100, help="A record's size; repeat it.")] = None,
    rounds: Annotated[int, typer.Option(min=2, help="How often each step is taken.")] = ROUNDS,
    readers: Annotated[int, typer.Option(min=0, help="Read with 1, 2, ... so many at once; 0: not at all.")] = 2,
    slips: Annotated[int, typer.Option(min=2, help="Scans that they read.")] = SLIPS,
    picture: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw how each step grows.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Time intake, review, search, due list, chase and export over records of growing size; then several readers.

    100,000 referrals take 1 GB and some minutes, in a folder removed afterwards. Exit code 0: measured.
    """
    sizes = _sizes(sorted(referrals or SIZES), rounds)
    read = _readers(readers, slips) if readers else []
    if picture is not None:
        from bench.scale.picture import draw_growth

        draw_growth(picture, sizes)
    if as_json:
        print_json({"rounds": rounds, "sizes": [_as_json(size) for size in sizes], "readers": [*map(asdict, read)]})
        return
    _show_sizes(sizes)
    if read:
        _show_readers(read)


def _sizes(wanted: list[int], rounds: int) -> "list[RecordSize]":
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=talk) as bar:
        return [_size(referrals, rounds, bar) for referrals in wanted]


def _size(referrals: int, rounds: int, bar: Progress) -> "RecordSize":
    from bench.scale.growth import measure_size

    task = bar.add_task("filling the record", total=referrals)
    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch:
        return measure_size(
            Path(scratch), referrals, rounds, lambda doing, done: bar.update(task, description=doing, completed=done)
        )


def _readers(most: int, slips: int) -> "list[ReaderTimes]":
    from bench.scale.readers import measure_readers
    from pads.catalogue import load_all, printable

    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch:
        return measure_readers(Path(scratch), printable(load_all()), slips, most)


def _as_json(size: "RecordSize") -> dict[str, object]:
    steps = [{"step": step.what, "p95_ms": step.p95_ms, "median_ms": step.median_ms} for step in size.steps]
    return {
        "referrals": size.referrals,
        "bytes_each": size.bytes_each,
        "rows_each": size.rows_each,
        "steps": steps,
    }


def _show_sizes(sizes: "list[RecordSize]") -> None:
    table = Table("ms, median / p95", *(f"{size.referrals:,} referrals" for size in sizes), box=MARKDOWN)
    for number, step in enumerate(sizes[0].steps):
        timed = [size.steps[number] for size in sizes]
        table.add_row(step.what, *(f"{one.median_ms:.1f} / {one.p95_ms:.1f}" for one in timed))
    table.add_row("bytes a referral", *(f"{size.bytes_each:,.0f}" for size in sizes))
    table.add_row("rows a referral", *(f"{size.rows_each:.1f}" for size in sizes))
    results.print(table)


def _show_readers(read: "list[ReaderTimes]") -> None:
    table = Table("readers", "slips a minute", "times one", box=MARKDOWN)
    for times in read:
        table.add_row(str(times.readers), f"{times.slips_a_minute:.0f}", f"{read[0].seconds / times.seconds:.2f}")
    results.print(table)
