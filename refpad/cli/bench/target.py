"""`refpad bench-target`: whether the chosen bars keep to the target as a studio's slips are settled."""

from pathlib import Path
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.table import Table

from refpad.cli.console import print_json, results, talk
from refpad.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench-target")(bench_target)


def bench_target(
    slips: Annotated[int, typer.Option(min=1, help="Slips of each studio.")] = 1000,
    studios: Annotated[int, typer.Option(min=1, help="Studios, each with providers of its own.")] = 10,
    step: Annotated[int, typer.Option(min=1, help="Slips a point of the picture.")] = 100,
    picture: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the picture here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let drawn readings of studios' slips be settled by a person who never errs, and tell what passes and is wrong.

    Once as it goes, then with a poor fax line or a new scanner from the 500th slip on, and with that scanner where
    nothing is learned.
    """
    from bench.intervals import share_with_interval
    from bench.target import SCENES, LearningStudio, total
    from bench.target_picture import draw_target
    from schemas.bars import ValueKind

    policy, share = Settings().policy, Settings().front_desk.sample_share
    measured = {}
    for title, (change, learns) in SCENES.items():
        with talk.status(title):
            made = [LearningStudio(seed, policy, share, change, learns=learns) for seed in range(1, studios + 1)]
            measured[title] = [list(studio.settle(slips, step)) for studio in made]
    if picture:
        draw_target(picture, measured, policy.target(ValueKind.PHRASE), step)
    every = {title: total([one for steps in of_all for one in steps]) for title, of_all in measured.items()}
    if as_json:
        print_json({title: vars(done) for title, done in every.items()})
        return
    table = Table("what happens", "values that pass", "wrong among them", "doubts", "second looks", box=MARKDOWN)
    for title, done in every.items():
        asked = (f"{done.doubts / done.slips:.1f} a slip", f"{done.looks / done.slips:.2f} a slip")
        wrong = share_with_interval(done.wrong, done.passed)
        table.add_row(title, share_with_interval(done.passed, done.values), wrong, *asked)
    results.print(table)
