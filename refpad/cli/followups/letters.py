"""`refpad letters`: look at letters before they go, and after."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.followup import LetterKind
from schemas.item_id import ItemId
from schemas.text import counted

if TYPE_CHECKING:
    from schemas.letter import Letter, LetterState, Recipient
    from store.letters.actions import Verdict

app = typer.Typer(help="Letters and reports: look at them, release them, print them.", no_args_is_help=True)

LetterId = Annotated[int, typer.Argument(help="The letter's number, as `refpad letters list` shows it.")]
Out = Annotated[Path, typer.Option(help="Where to write it: FILE.pdf, or FILE.png for a picture.")]


@app.command("sample")
def write_sample(kind: Annotated[LetterKind, typer.Argument(help="Which letter.")], out: Out) -> None:
    """Write a letter about invented people, with your letterhead and your templates."""
    from refpad.services.letters.samples import sample

    settings = Settings()
    _write(settings, sample(kind, settings.studio), out)


@app.command("preview")
def preview(follow_up: Annotated[int, typer.Argument(help="The follow-up whose letter it is.")], out: Out) -> None:
    """Write the letter of a follow-up as it would be made now; nothing is sent."""
    from refpad.services.letters.letters import letter_of_follow_up
    from refpad.services.wiring import open_record, rules_of, whoever
    from store import audit

    settings = Settings()
    settings.require_letters()
    with closing(open_record(settings)) as store:
        letter = letter_of_follow_up(store, settings, rules_of(settings), follow_up)
        audit.write(store, whoever(), "view", f"follow_up {follow_up}", {"letter": letter.kind.value})
    _write(settings, letter, out)


@app.command("office")
def write_office_letter(
    kind: Annotated[LetterKind, typer.Argument(help="keep_in_touch, how_to_refer or pad_cover.")],
    office: Annotated[str, typer.Argument(help="The office, as `refpad offices list` shows it.")],
    out: Out,
    pad: Annotated[str | None, typer.Option(help="Another pad than the office got last.")] = None,
) -> None:
    """Write a letter to an office that names no patient: to send with pads, or to keep in touch."""
    from refpad.services.letters.letters import OFFICE_LETTERS, office_letter
    from refpad.services.wiring import open_record, whoever
    from store import audit

    if kind not in OFFICE_LETTERS:
        raise UsageError(f"{kind.value} is about a patient: `refpad letters preview` writes it from its follow-up.")
    settings = Settings()
    settings.require_letters()
    with closing(open_record(settings)) as store:
        letter = office_letter(store, settings, kind, office, pad)
        audit.write(store, whoever(), "export", f"office {office}", {"letter": kind.value})
    _write(settings, letter, out)


@app.command("sessions")
def write_session_log(
    referral: Annotated[int, typer.Argument(help="The referral's number, as `refpad course list` shows it.")], out: Out
) -> None:
    """Write the session log of a course: who came when, on one page."""
    from refpad.services.letters.letters import session_log
    from refpad.services.wiring import open_record, whoever
    from store import audit

    settings = Settings()
    settings.require_letters()
    with closing(open_record(settings)) as store:
        letter = session_log(store, referral)
        audit.write(store, whoever(), "export", f"referral {referral}", {"letter": letter.kind.value})
    _write(settings, letter, out)


@app.command("missing")
def ask_for_missing(
    item: Annotated[str, typer.Argument(help="s12: a slip, as `refpad review list` shows it.")],
    field: Annotated[list[str] | None, typer.Option(help="A field to ask for; else those in doubt.")] = None,
) -> None:
    """Have a page written to the office that shows the slip with what is missing ringed."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.followups.missing_information import ask_office

    slip = ItemId.parse(item)
    if slip is None or not slip.is_slip:
        raise UsageError("Name a slip, such as s12: `refpad review list` shows those that wait.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        follow_up = ask_office(store, rules_of(settings), slip.number, field, whoever())
    say(
        f"Follow-up {follow_up}: its page is made with the next letters; `refpad letters preview {follow_up}` shows it."
    )


@app.command("list")
def list_letters(
    state: Annotated[list[str] | None, typer.Option(help="Only such letters; repeat it. Else all not sent.")] = None,
    after: Annotated[int | None, typer.Option(help="Go on after this letter.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the letters that are not sent yet, and why."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.letters.actions import OPEN, letters

    with closing(open_record(Settings())) as store:
        found = letters(store, _states(state) if state else OPEN, after, limit)
        audit.write(store, whoever(), "view", "letters", {"count": len(found)})
    if as_json:
        print_json([letter.model_dump(mode="json") for letter in found])
        return
    table = Table("letter", "follow-up", "kind", "to", "by", "state", "why")
    for letter in found:
        to = letter.recipient and (letter.recipient.person or letter.recipient.office)
        by = "" if letter.channel is None or letter.recipient is None else _by(letter.channel, letter.recipient)
        told = (letter.kind.value.replace("_", " "), to or "", by, letter.state.value, letter.message)
        table.add_row(str(letter.id), str(letter.follow_up_id), *map(escape, told))
    results.print(table)


@app.command("show")
def write_letter(letter: LetterId, out: Out) -> None:
    """Write a letter as it was made, and maybe sent."""
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.letters.actions import letter_pdf

    with closing(open_record(Settings())) as store:
        pdf = letter_pdf(store, letter)
        audit.write(store, whoever(), "view", f"letter {letter}")
    _write_pdf(pdf, out)


@app.command("release")
def release_letters(
    letter: Annotated[list[int] | None, typer.Argument(help="Letters that you have read.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are held.")] = False,
) -> None:
    """Let held letters go: by mail with the next chase, or with the next batch for the printer."""
    from refpad.services.wiring import open_record, whoever
    from store.letters.actions import release, release_all

    if bool(letter) == everything:
        raise UsageError("Name the letters, or say --all.")
    with closing(open_record(Settings())) as store:
        gone = release_all(store, whoever()) if everything else release(store, letter or [], whoever())
    say(f"{counted(gone, 'letter is', 'letters are')} released.")


@app.command("print")
def print_letters(
    out: Annotated[Path, typer.Option(help="Where to write the PDF of all letters.")],
    batch: Annotated[int | None, typer.Option(help="Write an earlier batch again, after a paper jam.")] = None,
) -> None:
    """Write all letters that are ready for paper into one PDF; say `posted` when they are in the post or the fax."""
    from refpad.services.letters.printing import merged
    from refpad.services.private_files import write_private
    from refpad.services.wiring import open_record, whoever
    from store import audit
    from store.letters.actions import batch_pdfs, print_ready

    with closing(open_record(Settings())) as store:
        number = print_ready(store, whoever()) if batch is None else batch
        pdfs = batch_pdfs(store, number) if number is not None else []
        if pdfs:
            audit.write(store, whoever(), "export", f"batch {number}", {"letters": len(pdfs)})
    if number is None:
        say("No letter waits for paper.")
        return
    write_private(out, merged(pdfs))
    say(f"{out}: {len(pdfs)} letters, batch {number}. When they are on their way: refpad letters posted {number}")


@app.command("posted")
def mark_posted(batch: Annotated[int, typer.Argument(help="The batch, as `refpad letters print` named it.")]) -> None:
    """Say that a printed batch is in the post, or through the fax machine."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.letters.actions import mark_posted

    settings = Settings()
    with closing(open_record(settings)) as store:
        gone = mark_posted(store, rules_of(settings), batch, whoever())
    say(f"{gone} letters of batch {batch} are sent; their follow-ups are done.")


@app.command("settle")
def settle(
    letter: LetterId,
    sent: Annotated[bool, typer.Option("--sent", help="It arrived.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Make it again and send it again.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="It is not to be sent.")] = False,
) -> None:
    """Say what became of a letter that failed, is held, was printed, or is not certain."""
    from refpad.services.wiring import open_record, rules_of, whoever
    from store.letters.actions import settle_letter

    said: dict[Verdict, bool] = {"sent": sent, "again": again, "drop": drop}
    chosen = [verdict for verdict, wanted in said.items() if wanted]
    if len(chosen) != 1:
        raise UsageError("Say one of --sent, --again and --drop.")
    settings = Settings()
    with closing(open_record(settings)) as store:
        settle_letter(store, rules_of(settings), letter, chosen[0], whoever())
    say(f"Letter {letter}: {chosen[0]}.")


def _states(names: list[str]) -> "list[LetterState]":
    from schemas.letter import LetterState

    try:
        return [LetterState(name) for name in names]
    except ValueError:
        raise UsageError(f"A letter's state is one of: {', '.join(LetterState)}.") from None


def _by(channel: str, recipient: "Recipient") -> str:
    """A fax that leaves as a mail to a gateway is a fax all the same."""
    if channel == "email":
        return "fax" if recipient.by_fax else channel
    return "print (fax)" if recipient.by_fax else "print"


def _write(settings: Settings, letter: "Letter", out: Path) -> None:
    from refpad.services.letters.letters import press_of

    _must_be_picture_or_page(out)
    _write_pdf(press_of(settings).pdf(letter), out)


def _write_pdf(pdf: bytes, out: Path) -> None:
    from followup.letter_pdf import preview_png
    from refpad.services.private_files import write_private

    _must_be_picture_or_page(out)
    write_private(out, pdf if out.suffix == ".pdf" else preview_png(pdf))
    say(f"{out} is written.")


def _must_be_picture_or_page(out: Path) -> None:
    if out.suffix not in (".pdf", ".png"):
        raise UsageError(f"{out} is neither FILE.pdf nor FILE.png.")
