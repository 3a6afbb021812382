"""`refpad simulate`: filled slips whose truth is known, as scans, faxes and photos."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from refpad.cli.console import print_json, say, talk
from refpad.settings import Settings
from schemas.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from pads.simulate.truth import Channel, ScanTruth


def register(app: typer.Typer) -> None:
    app.command("simulate")(simulate_scans)
    app.command("samples")(make_samples)


def make_samples(out: Annotated[Path, typer.Option(help="The folder to write the samples to.")]) -> None:
    """Write the sample set: one small file of each kind that arrives, with truth.json and a table of what each is."""
    from pads.simulate.samples import write_samples
    from refpad.services.private_files import folder_for_files

    folder_for_files(out)
    with talk.status("filling slips") as status:
        scans = write_samples(out, lambda file: status.update(f"filling slips: {file}"))
    say(f"{sum(len(scan.slips) for scan in scans)} slips in {len(list(out.iterdir()))} files are in {out}.")


def simulate_scans(
    out: Annotated[Path, typer.Option(help="The folder to write scans and truth.json to.")],
    slips: Annotated[int, typer.Option(min=1, max=100_000, help="How many slips.")] = 24,
    channel: Annotated[list[str] | None, typer.Option(help="A way to send them; repeat it. Default: all.")] = None,
    design: Annotated[list[str] | None, typer.Option(help="A pad to fill; repeat it. Default: all.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed writes the same bytes.")] = 1,
    per_page: Annotated[int | None, typer.Option(min=1, max=4, help="Slips on a page. Default: 1 to 4.")] = None,
    pages: Annotated[int, typer.Option(min=1, max=20, help="Pages in a PDF or TIFF.")] = 1,
    paper: Annotated[str | None, typer.Option(help="Awkward paper, such as torn-corner; it knows its channel.")] = None,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the scans arrive.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Fill slips from invented truths and send them through scanner, fax and phone.

    Everything on them is invented. `truth.json` beside the scans tells what each slip says and where it lies.
    """
    from pads.catalog import find, load_all, printable
    from pads.simulate.paper.kinds import kind_named
    from pads.simulate.scenes import simulate
    from refpad.services.private_files import folder_for_files

    settings = Settings()
    known = printable(load_all(settings.designs))
    bar = Progress(TextColumn("filling slips"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=talk)
    folder_for_files(out)
    with bar:
        task = bar.add_task("slips", total=slips)
        scans = simulate(
            out,
            designs=[find(known, name) for name in design] if design else known,
            count=slips,
            channels=channels_named(channel or []),
            seed=seed,
            today=_today(today, settings),
            per_page=per_page,
            pages_per_file=pages,
            kind=kind_named(paper) if paper else None,
            studio=settings.studio,
            progress=lambda done: bar.advance(task, done),
        )
    _report(out, scans, as_json)


def channels_named(names: list[str]) -> "list[Channel]":
    """The channels of these names; all when there are none."""
    from pads.simulate.truth import Channel

    known = {channel.value: channel for channel in Channel}
    if strange := [name for name in names if name not in known]:
        raise UsageError(f'There is no channel "{strange[0]}"; there are: {", ".join(known)}.')
    return [known[name] for name in names] or list(known.values())


def _today(given: datetime | None, settings: Settings) -> "date":
    return given.date() if given else settings.today or datetime.now(ZoneInfo(settings.time_zone)).date()


def _report(out: Path, scans: "list[ScanTruth]", as_json: bool) -> None:
    files = {scan.file: sum(len(one.slips) for one in scans if one.file == scan.file) for scan in scans}
    if as_json:
        print_json({"folder": str(out), "slips": sum(files.values()), "files": files})
        return
    say(f"{sum(files.values())} slips in {len(files)} files and their truth.json are in {out}.")
