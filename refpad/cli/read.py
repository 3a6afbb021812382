"""`refpad read`: files to readings on the screen; no database and no Prefect."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from refpad.cli.console import print_json, say
from refpad.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocr.reader import ReadPage
    from refpad.services.reading.file_reader import FileReader

PERSON_NEEDED = 1

Files = Annotated[list[Path], typer.Argument(help="PDF, TIFF, JPEG, PNG or HEIC files with slips on their pages.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document a slip, and one a page without any.")]
Overlay = Annotated[Path | None, typer.Option(help="Write a picture of each slip here that proves each decision.")]
MarksOnly = Annotated[bool, typer.Option("--marks-only", help="Read boxes and signature only; quick.")]
ReceivedOn = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the scans arrived; today when left out.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(read)


def read(
    files: Files,
    as_json: AsJson = False,
    overlay: Overlay = None,
    marks_only: MarksOnly = False,
    received_on: ReceivedOn = None,
) -> None:
    """Read slips from FILES and print what they say; nothing is recorded.

    Exit code 0: every slip was accepted. 1: a person is needed. 2: usage. 3: the machine lacks a part.
    """
    from refpad.cli.reading_table import show
    from refpad.services.reading.file_reader import open_reader

    settings = Settings()
    day = received_on.date() if received_on else _today(settings)
    accepted = True
    with open_reader(settings, marks_only=marks_only) as reader:
        for page in (page for path in files for page in _pages(reader, path, day)):
            accepted &= _is_accepted(page)
            if overlay:
                _draw(page, overlay)
            if as_json:
                _print_lines(page)
            else:
                show(page)
    if not accepted:
        raise typer.Exit(PERSON_NEEDED)


def _today(settings: Settings) -> "date":
    return settings.today or datetime.now(ZoneInfo(settings.time_zone)).date()


def _pages(reader: "FileReader", path: Path, day: "date") -> "Iterator[ReadPage]":
    """The pages of a file; a file that cannot be used comes as one page set aside."""
    from ocr.reader import ReadPage
    from refpad.services.reading.file_reader import set_aside
    from schemas.errors import SetAsideError
    from schemas.reading import PageRead

    try:
        yield from reader.pages(path, str(path), day)
    except SetAsideError as error:
        yield ReadPage(PageRead(page=error.page or 1, set_aside=set_aside(error, str(path))))


def _is_accepted(page: "ReadPage") -> bool:
    return page.read.set_aside is None and all(slip.verdict == "accepted" for slip in page.read.slips)


def _print_lines(page: "ReadPage") -> None:
    for line in (*page.read.slips, *([page.read.set_aside] if page.read.set_aside else [])):
        print_json(line.model_dump(mode="json"))


def _draw(page: "ReadPage", folder: Path) -> None:
    """Write one picture a slip into `folder`."""
    from ocr.overlay import draw_overlay
    from ocr.reader import ReadSlip
    from refpad.services.reading.file_reader import png

    folder.mkdir(parents=True, exist_ok=True)
    for slip in page.slips:
        reading = slip.reading
        path = folder / f"{Path(reading.file).stem}-p{reading.page}-s{reading.slip}.png"
        template = slip.found.template if isinstance(slip, ReadSlip) else None
        path.write_bytes(png(draw_overlay(slip.found.picture, reading, template)))
        say(f"Overlay: {path}")
