"""`refpad read`: files, or originals of the record, to readings on the screen; nothing is recorded."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from refpad.cli.console import print_json, say
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.exit_codes import ExitCode
from schemas.pad_id import PadId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocr.reader import ReadPage
    from refpad.services.reading.file_reader import FileReader
    from store.intake.originals import KeptOriginal


Files = Annotated[
    list[Path] | None, typer.Argument(help="PDF, TIFF, JPEG, PNG or HEIC files with slips on their pages.")
]
Record = Annotated[
    str | None,
    typer.Option(help="Instead of FILES, an original of the record once more: s12 for a slip, 7 for a file."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document a slip, and one a page without any.")]
Overlay = Annotated[Path | None, typer.Option(help="Write a picture of each slip here that proves each decision.")]
MarksOnly = Annotated[bool, typer.Option("--marks-only", help="Read boxes and signature only; quick.")]
ReceivedOn = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day the scans arrived; when left out, the record's, or today."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(read)


def read(
    files: Files = None,
    record: Record = None,
    as_json: AsJson = False,
    overlay: Overlay = None,
    marks_only: MarksOnly = False,
    received_on: ReceivedOn = None,
) -> None:
    """Read slips from FILES, or an original of the record, and print what they say; no record is changed.

    Exit code 0: every slip was accepted. 1: a person is needed. 2: usage. 3: the machine lacks a part.
    """
    from refpad.cli.intake.reading_table import show
    from refpad.services.private_files import folder_for_files
    from refpad.services.reading.file_reader import open_reader

    if (record is None) == (not files):
        raise UsageError("Say what to read: FILES, or --record ID for an original of the record.")
    for path in files or []:
        _require_file(path)
    settings = Settings()
    if overlay:
        folder_for_files(overlay)
    kept = None if record is None else _kept(settings, record)
    day = received_on.date() if received_on else kept.received_on if kept else _today(settings)
    accepted = True
    stems: dict[str, str] = {}
    with open_reader(settings, marks_only=marks_only) as reader:
        for page in _kept_pages(reader, kept, day) if kept else _pages_of(reader, files or [], day):
            accepted &= _is_accepted(page)
            if overlay:
                _draw(page, overlay, stems)
            if as_json:
                _print_lines(page)
            else:
                show(page)
    if not accepted:
        raise typer.Exit(ExitCode.PERSON_NEEDED)


def _require_file(path: Path) -> None:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"There is no file {path}.") from None
    except OSError:
        return  # it is there; why it cannot be read is told when it is its turn


def _kept(settings: Settings, item: str) -> "KeptOriginal":
    from refpad.services.wiring import open_record, whoever
    from store.intake.originals import find_original

    with closing(open_record(settings)) as store:
        return find_original(store, item, whoever())


def _kept_pages(reader: "FileReader", kept: "KeptOriginal", day: "date") -> "Iterator[ReadPage]":
    """The pages of a kept original; of one slip, its page with that slip alone."""
    named = reader.of_pad(PadId.parse(kept.read_as or ""))
    with kept.original.at_path() as path:
        pages = _pages(named, path, day, f"file-{kept.file_id}")
        if kept.slip is None:
            yield from pages
            return
        ours = [_with_one_slip(page, kept.slip) for page in pages if page.read.page == kept.page]
    if not any(page.slips for page in ours):
        raise UsageError(f"Slip {kept.slip} on page {kept.page} of file {kept.file_id} is not found there any more.")
    yield from ours


def _with_one_slip(page: "ReadPage", number: int) -> "ReadPage":
    slips = tuple(slip for slip in page.slips if slip.reading.slip == number)
    read = page.read.model_copy(update={"slips": tuple(slip.reading for slip in slips)})
    return replace(page, read=read, slips=slips)


def _today(settings: Settings) -> "date":
    return settings.today or datetime.now(ZoneInfo(settings.time_zone)).date()


def _pages_of(reader: "FileReader", files: list[Path], day: "date") -> "Iterator[ReadPage]":
    return (page for path in files for page in _pages(reader, path, day))


def _pages(reader: "FileReader", path: Path, day: "date", called: str | None = None) -> "Iterator[ReadPage]":
    """The pages of a file, `called` so in its readings; a file that cannot be used comes as one page set aside."""
    from ocr.reader import ReadPage
    from refpad.services.reading.file_reader import set_aside
    from schemas.errors import SetAsideError
    from schemas.reading import PageRead

    name = called or str(path)
    try:
        yield from reader.pages(path, name, day)
    except SetAsideError as error:
        yield ReadPage(PageRead(page=error.page or 1, set_aside=set_aside(error, name)))


def _is_accepted(page: "ReadPage") -> bool:
    return page.read.set_aside is None and all(slip.verdict == "accepted" for slip in page.read.slips)


def _print_lines(page: "ReadPage") -> None:
    for line in (*page.read.slips, *([page.read.set_aside] if page.read.set_aside else [])):
        print_json(line.model_dump(mode="json"))


def _draw(page: "ReadPage", folder: Path, stems: dict[str, str]) -> None:
    """Write one picture a slip into `folder`; `stems` are how the pictures of each file are called."""
    from ocr.overlay import draw_overlay
    from ocr.reader import ReadSlip
    from pads.typeface import font_file
    from refpad.services.private_files import write_private
    from refpad.services.reading.file_reader import png

    for slip in page.slips:
        reading = slip.reading
        path = folder / f"{_stem(reading.file, stems)}-p{reading.page}-s{reading.slip}.png"
        template = slip.found.template if isinstance(slip, ReadSlip) else None
        write_private(path, png(draw_overlay(slip.found.picture, reading, template, font_file("regular"))))
        say(f"Overlay: {path}")


def _stem(file: str, stems: dict[str, str]) -> str:
    """A file's own stem; of two files called the same, in two folders, the second's is numbered."""
    if file not in stems:
        taken = {stem.casefold() for stem in stems.values()}
        first = stem = Path(file).stem
        number = 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{first}-{number}"
        stems[file] = stem
    return stems[file]
