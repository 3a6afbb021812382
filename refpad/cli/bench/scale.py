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
    from bench.scale.growth import GrowthPlan, RecordSize
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
    growth: Annotated[bool, typer.Option(help="Time the steps over growing records.")] = True,
    readers: Annotated[int, typer.Option(min=0, help="Read, and record, with 1, 2, ... at once; 0: not at all.")] = 2,
    pool: Annotated[bool, typer.Option("--pool", help="Read by as many workers of a Prefect pool, too.")] = False,
    slips: Annotated[int, typer.Option(min=2, help="Scans that they read, and slips that they record.")] = SLIPS,
    database: Annotated[
        str | None, typer.Option(help="URL of a PostgreSQL, in which databases are made and dropped; else SQLite.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw how each step grows.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Time intake, review, search, due list, chase and export over records of growing size; then several readers.

    100,000 referrals take 1 GB and some minutes, in a folder removed afterwards. Exit code 0: measured.
    """
    sizes = _sizes(sorted(referrals or SIZES), rounds, readers, slips, database) if growth else []
    read, pooled = _readers(readers, slips, database, pool=pool) if readers else ([], [])
    if picture is not None:
        from bench.scale.picture import draw_growth

        draw_growth(picture, sizes)
    if as_json:
        by_readers = {"readers": [*map(asdict, read)], "pool": [*map(asdict, pooled)]}
        print_json({"rounds": rounds, "sizes": [_as_json(size) for size in sizes], **by_readers})
        return
    _show(sizes, read, pooled)


def _sizes(wanted: list[int], rounds: int, readers: int, slips: int, database: str | None) -> "list[RecordSize]":
    from bench.scale.growth import GrowthPlan

    plan = GrowthPlan(rounds, readers, slips, database)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=talk) as bar:
        return [_size(referrals, plan, bar) for referrals in wanted]


def _size(referrals: int, plan: "GrowthPlan", bar: Progress) -> "RecordSize":
    from bench.scale.growth import measure_size

    task = bar.add_task("filling the record", total=referrals)
    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch:
        return measure_size(
            Path(scratch), referrals, plan, lambda doing, done: bar.update(task, description=doing, completed=done)
        )


def _readers(
    most: int, slips: int, database: str | None, *, pool: bool
) -> "tuple[list[ReaderTimes], list[ReaderTimes]]":
    """By readers that are processes alone; and, where that was asked for, by workers of a pool."""
    from bench.scale.pool import measure_pool
    from bench.scale.readers import draw_scans, measure_readers
    from pads.catalog import load_all, printable

    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch:
        folder = Path(scratch)
        files = draw_scans(folder / "scans", printable(load_all()), slips)
        read = measure_readers(folder, files, most, database)
        return read, measure_pool(folder, files, most, database) if pool else []


def _as_json(size: "RecordSize") -> dict[str, object]:
    steps = [{"step": step.what, "p95_ms": step.p95_ms, "median_ms": step.median_ms} for step in size.steps]
    return {
        "referrals": size.referrals,
        "bytes_each": size.bytes_each,
        "rows_each": size.rows_each,
        "steps": steps,
        "recorded": [*map(asdict, size.recorded)],
    }


def _show(sizes: "list[RecordSize]", read: "list[ReaderTimes]", pooled: "list[ReaderTimes]") -> None:
    if sizes:
        _show_sizes(sizes)
    for what, times in (("readers", read), ("workers of a pool", pooled)):
        if times:
            _show_readers(what, times)


def _show_sizes(sizes: "list[RecordSize]") -> None:
    table = Table("ms, median / p95", *(f"{size.referrals:,} referrals" for size in sizes), box=MARKDOWN)
    for number, step in enumerate(sizes[0].steps):
        timed = [size.steps[number] for size in sizes]
        table.add_row(step.what, *(f"{one.median_ms:.1f} / {one.p95_ms:.1f}" for one in timed))
    table.add_row("bytes a referral", *(f"{size.bytes_each:,.0f}" for size in sizes))
    table.add_row("rows a referral", *(f"{size.rows_each:.1f}" for size in sizes))
    for number, times in enumerate(sizes[0].recorded):
        an_hour = (f"{60 * size.recorded[number].slips_a_minute:,.0f}" for size in sizes)
        table.add_row(f"slips recorded an hour by {times.readers}", *an_hour)
    results.print(table)


def _show_readers(what: str, read: "list[ReaderTimes]") -> None:
    table = Table(what, "slips a minute", "times one", box=MARKDOWN)
    for times in read:
        table.add_row(
            str(times.readers), f"{times.slips_a_minute:.0f}", f"{times.slips_a_minute / read[0].slips_a_minute:.2f}"
        )
    results.print(table)
