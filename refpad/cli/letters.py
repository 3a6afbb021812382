"""`refpad letters`: look at letters before they go, and after."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from refpad.cli.console import say
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.followup import LetterKind

if TYPE_CHECKING:
    from schemas.letter import Letter

app = typer.Typer(help="Letters and reports: look at them, release them, print them.", no_args_is_help=True)

Out = Annotated[Path, typer.Option(help="Where to write it: FILE.pdf, or FILE.png for a picture.")]


@app.command("sample")
def write_sample(kind: Annotated[LetterKind, typer.Argument(help="Which letter.")], out: Out) -> None:
    """Write a letter about invented people, with your letterhead and your templates."""
    from refpad.work.letter_samples import sample

    settings = Settings()
    _write(settings, sample(kind, settings.studio), out)


@app.command("preview")
def preview(task: Annotated[int, typer.Argument(help="The task whose letter it is.")], out: Out) -> None:
    """Write the letter of a task as it would be made now; nothing is sent."""
    from refpad.work.letters import letter_of_task
    from refpad.work.opening import open_record, whoever
    from store import audit

    settings = Settings()
    with closing(open_record(settings)) as store:
        letter = letter_of_task(store, settings, task)
        audit.write(store, whoever(), "view", f"follow_up {task}", {"letter": letter.kind.value})
    _write(settings, letter, out)


@app.command("office")
def write_office_letter(
    kind: Annotated[LetterKind, typer.Argument(help="keep_in_touch, how_to_refer or pad_cover.")],
    office: Annotated[str, typer.Argument(help="The office, as `refpad offices list` shows it.")],
    out: Out,
    pad: Annotated[str | None, typer.Option(help="Another pad than the office got last.")] = None,
) -> None:
    """Write a letter to an office that tells of no patient: to go with pads, or to keep in touch."""
    from refpad.work.letters import OFFICE_LETTERS, office_letter
    from refpad.work.opening import open_record

    if kind not in OFFICE_LETTERS:
        raise UsageError(f"{kind.value} is about a patient: `refpad letters preview` writes it from its task.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        letter = office_letter(store, settings, kind, office, pad)
    _write(settings, letter, out)


@app.command("missing")
def ask_for_missing(
    item: Annotated[str, typer.Argument(help="s12: a slip, as `refpad review list` shows it.")],
    field: Annotated[list[str] | None, typer.Option(help="A field to ask for; else those in doubt.")] = None,
) -> None:
    """Have a page written to the office that shows the slip with what is missing ringed."""
    from refpad.work.opening import open_record, terms_of, whoever
    from store.missing import ask_office

    if not (item.startswith("s") and item[1:].isdecimal()):
        raise UsageError("Name a slip, such as s12: `refpad review list` shows those that wait.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        task = ask_office(store, terms_of(settings), int(item[1:]), field or [], whoever())
    say(f"Task {task}: the page is made with the next letters; look at it with `refpad letters preview {task}`.")


def _write(settings: Settings, letter: "Letter", out: Path) -> None:
    from followup.press import preview_png
    from refpad.work.letters import press_of
    from refpad.work.private import write_private

    if out.suffix not in (".pdf", ".png"):
        raise UsageError(f"{out} is neither FILE.pdf nor FILE.png.")
    pdf = press_of(settings).pdf(letter)
    write_private(out, pdf if out.suffix == ".pdf" else preview_png(pdf))
    say(f"{out} is written.")
