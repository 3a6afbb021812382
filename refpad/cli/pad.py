"""`refpad pad`: which pads there are, where their fields lie, and printing them."""

import os
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.box import SIMPLE
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pads.imposition import Up
    from schemas.pad import PadDesign

UPS: dict[str, "Up"] = {"1": 1, "2": 2, "4": 4}

app = typer.Typer(help="Pads: list them, show their geometry, print them.", no_args_is_help=True)

Design = Annotated[str, typer.Argument(help='A pad, "met" for its latest edition or "met-1" for that one.')]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_pads(as_json: AsJson = False) -> None:
    """List the pads that can be printed and read."""
    from pads.catalogue import load_all

    designs = load_all(Settings().designs)
    if as_json:
        print_json([_summary(design) for design in designs])
        return
    table = Table("pad", "title", "size (mm)", "boxes", "to write in", box=SIMPLE)
    for design in designs:
        size, counts = f"{design.width_mm:g} x {design.height_mm:g}", (len(design.checkboxes), len(design.writing))
        table.add_row(f"{design.design}-{design.edition}", design.title, size, *map(str, counts))
    results.print(table)


@app.command("layout")
def show_layout(design: Design) -> None:
    """Print as JSON where each field of a pad lies, in millimetres from the slip's top-left corner."""
    from pads.layout import layout

    print_json(layout(_find(design, Settings())))


@app.command("print")
def print_pads(
    design: Design,
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    up: Annotated[Literal["1", "2", "4"], typer.Option(help="Slips on a sheet.")] = "4",
    paper: Annotated[Literal["letter", "a4"], typer.Option(help="The sheet.")] = "letter",
    slips: Annotated[int, typer.Option(min=1, max=10_000, help="How many slips.")] = 50,
    office: Annotated[str | None, typer.Option(help="The office that gets them; see `refpad offices list`.")] = None,
    serial_start: Annotated[int | None, typer.Option(min=1, help="The first serial.")] = None,
) -> None:
    """Write a print-ready PDF in true size, with cut marks.

    With --office or --serial-start the slips are numbered and their serials recorded, so that a slip tells
    its office and no serial is printed twice. Without, they are unnumbered proofs. Cut the printed stack
    as a whole: each pile runs on in serial order.
    """
    from pads.press import print_pad

    settings = Settings()
    found = _find(design, settings)
    press = partial(print_pad, found, settings.studio, up=UPS[up], paper=paper)
    press([0], BytesIO())  # what cannot be printed must not use up serials
    _must_be_writable(out)
    serials = _serials(settings, found, slips, office, serial_start)
    pdf = BytesIO()
    press(serials, pdf)
    out.write_bytes(pdf.getvalue())
    numbers = f"serials {serials[0]} to {serials[-1]}" if serials[0] else "unnumbered proofs"
    say(f"{out}: {slips} slips of pad {found.design}-{found.edition}, {numbers}, {up} to a {paper} sheet.")


def _find(name: str, settings: Settings) -> "PadDesign":
    from pads.catalogue import find, load_all

    return find(load_all(settings.designs), name)


def _serials(
    settings: Settings, design: "PadDesign", slips: int, office: str | None, start: int | None
) -> "Sequence[int]":
    if office is None and start is None:
        return [0] * slips
    from store.clock import SystemClock
    from store.database import open_store
    from store.offices import reserve_serials

    store = open_store(settings.url, settings.store_folder, SystemClock(settings.time_zone, settings.today))
    try:
        return reserve_serials(store, office, design.design, design.edition, slips, start)
    finally:
        store.close()


def _must_be_writable(out: Path) -> None:
    if out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
        raise UsageError(f"{out} cannot be written; choose another place for the PDF.")


def _summary(design: "PadDesign") -> dict[str, object]:
    return {
        "design": design.design,
        "edition": design.edition,
        "title": design.title,
        "width_mm": design.width_mm,
        "height_mm": design.height_mm,
        "boxes": len(design.checkboxes),
        "writing": len(design.writing),
    }
