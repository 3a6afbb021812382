"""`refpad pad`: which pads there are, where their fields lie, and printing them."""

import os
from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.box import SIMPLE
from rich.table import Table

from refpad.cli.console import print_json, results, say, talk
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pads.imposition import Up
    from schemas.pad import PadDesign

UPS: dict[str, "Up"] = {"1": 1, "2": 2, "4": 4}
PAPER_NAMES = {"letter": "letter paper", "a4": "A4"}

app = typer.Typer(help="Pads: list them, show their geometry, print them.", no_args_is_help=True)

Design = Annotated[str, typer.Argument(help='A pad, "met" for its latest edition or "met-1" for that one.')]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_pads(as_json: AsJson = False) -> None:
    """List the pads that can be printed and read."""
    from pads.catalog import load_all

    designs = load_all(Settings().designs)
    if as_json:
        print_json([_summary(design) for design in designs])
        return
    table = Table("pad", "title", "size (mm)", "boxes", "to write in", box=SIMPLE)
    for design in designs:
        size, counts = f"{design.width_mm:g} x {design.height_mm:g}", (len(design.checkboxes), len(design.writing))
        table.add_row(str(design.pad_id), design.title, size, *map(str, counts))
    results.print(table)


@app.command("layout")
def show_layout(design: Design) -> None:
    """Print as JSON the position of each field of a pad, in millimeters from the slip's top-left corner."""
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
    from pads.print_pdf import print_pad

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
    say(f"{out}: {slips} slips of pad {found.pad_id}, {numbers}, {up} to a sheet of {PAPER_NAMES[paper]}.")


@app.command("adopt")
def adopt_form(
    blank: Annotated[Path, typer.Argument(help="The empty form: PDF, TIFF, PNG, JPEG.", exists=True, dir_okay=False)],
    name: Annotated[str | None, typer.Option(help="2 to 5 letters and digits. Default: from the file's name.")] = None,
    out: Annotated[Path, typer.Option(help="The folder to write to.", file_okay=False)] = Path(),
    dpi: Annotated[float | None, typer.Option(min=60, max=1200, help="Its resolution, if its file tells none.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a first design of a form that others have printed.

    Writes a design file to correct, the picture of the blank form, and a picture to check the design by. Exit code 0:
    it can be used as it is; 1: a person must complete it first.
    """
    from refpad.services.adopt_pad import Wishes, adopt
    from refpad.services.private_files import folder_for_files

    settings = Settings()
    folder_for_files(out)
    with talk.status("looking at the form"):
        draft = adopt(blank, out, settings, Wishes(name, dpi))
    if as_json:
        print_json({"design": str(draft.design), "blank": str(draft.blank), "check": str(draft.check),
                    "fields": draft.fields, "lacks": draft.lacks, "left_out": draft.left_out})  # fmt: skip
    else:
        say(f"{draft.fields} fields were found. Look at {draft.check}, and correct {draft.design} where it is wrong.")
        for lack in draft.lacks:
            say(f"Still to do: {lack}.")
        for sentence in draft.left_out:
            say(f"Look at this: {sentence}.")
        say(f"Then copy {draft.design.name} and {draft.blank.name} into {settings.designs}.")
    if draft.lacks:
        raise typer.Exit(ExitCode.PERSON_NEEDED)


def _find(name: str, settings: Settings) -> "PadDesign":
    from pads.catalog import find, load_all

    return find(load_all(settings.designs), name)


def _serials(
    settings: Settings, design: "PadDesign", slips: int, office: str | None, start: int | None
) -> "Sequence[int]":
    if office is None and start is None:
        return [0] * slips
    settings.require_pads()
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.directory.offices import reserve_serials

    with closing(open_record(settings)) as store:
        serials = reserve_serials(store, office, design.design, design.edition, slips, start)
        detail = {"pad": str(design.pad_id), "first": serials[0], "last": serials[-1]}
        audit.write(store, whoever(), "print", f"office {office}" if office else f"pad {design.pad_id}", detail)
    return serials


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
