"""`refpad bench-desk`: how quickly the front desk answers when much is on record."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from refpad.cli.console import print_json, results, talk

REFERRALS = 100_000
ROUNDS = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench-desk")(bench_desk)


def bench_desk(
    referrals: Annotated[int, typer.Option(min=100, help="Invented referrals on record.")] = REFERRALS,
    rounds: Annotated[int, typer.Option(min=2, help="How often each page is asked for.")] = ROUNDS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count the keys that settle the samples, and time every page over a record of invented referrals in SQLite.

    100,000 referrals take about 1 GB and some minutes, in a folder removed afterwards. Exit code 0: measured.
    """
    from bench.web.latency import measure

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch, Progress(*columns, console=talk) as bar:
        task = bar.add_task("filling the record", total=referrals)
        timed = measure(
            Path(scratch), referrals, rounds, lambda doing, done: bar.update(task, description=doing, completed=done)
        )
    keys = _keys_of_samples()
    if as_json:
        rows = [{"page": page.what, "p95_ms": page.p95_ms, "median_ms": page.median_ms} for page in timed]
        print_json({"referrals": referrals, "rounds": rounds, "pages": rows, "samples": keys})
        return
    table = Table("page", "median ms", "p95 ms", "kB", box=MARKDOWN)
    for page in timed:
        table.add_row(page.what, f"{page.median_ms:.0f}", f"{page.p95_ms:.0f}", f"{page.most_bytes / 1000:.0f}")
    results.print(table)
    results.print(
        "{slips} samples wait; half of them take at most {doubts:.1f} doubts, {keys:.1f} keys, {seconds:.1f} s.".format(
            **keys
        )
    )


def _keys_of_samples() -> dict[str, float]:
    """How many samples wait for a person, and the medians of what settles them."""
    from bench.web.keystrokes import median_of, sample_keys
    from pads.catalog import load_all
    from refpad.cli.ops.up_display import SAMPLES
    from refpad.services.reading.file_reader import open_reader
    from refpad.settings import Settings

    with tempfile.TemporaryDirectory(prefix="refpad-bench-") as scratch:
        settings = Settings(folder=Path(scratch))
        designs = {design.pad_id: design for design in load_all()}
        with open_reader(settings) as files:
            slips = list(sample_keys(SAMPLES, files, designs, settings.policy.phone_region))
    doubts, keys, seconds = median_of(slips)
    return {"slips": len(slips), "doubts": doubts, "keys": keys, "seconds": seconds}
