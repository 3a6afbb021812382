"""`refpad status`, `verify`, `intake` and `set-aside`: what the record holds, and putting scans into it."""

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.exit_codes import ExitCode
from schemas.text import clean

if TYPE_CHECKING:
    from refpad.services.intake.process_file import FileOutcome
    from store.intake.ledger.brought import Brought

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Files = Annotated[list[Path] | None, typer.Argument(help="Scans to take in, left where they are; else the inbox.")]

FileId = Annotated[int, typer.Argument(help="The file's number in the list.")]

aside = typer.Typer(help="Files that could not be used: list them, have one read again.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(status)
    app.command()(verify)
    app.command()(intake)
    app.add_typer(aside, name="set-aside")


def status(
    check: Annotated[
        bool, typer.Option("--check", help="First have SQLite look at every page of the database: seconds to a minute.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Count every file ever seen by what became of it, the slips, and the follow-ups.

    The database's pages are looked at at each start of refpad, by `refpad doctor`, and here with --check.
    Exit code 0: counted. 3: the database is damaged, and no count means anything.
    """
    from refpad.ops.health import readers_health
    from refpad.services.intake.inbox_entries import unopened_folders
    from refpad.services.wiring import open_record
    from store.intake.ledger.files import ledger, totals
    from store.intake.ledger.pages import page_ledger
    from store.intake.versions import grown_files
    from store.integrity import require_sound

    settings = Settings()
    with closing(open_record(settings)) as store:
        if check:
            require_sound(store)
        files, rest, grown, pages = ledger(store), totals(store), grown_files(store), page_ledger(store)
        readers = readers_health(settings, store).found
    unopened = len(unopened_folders(settings.inbox, settings.inbox_depth))
    if as_json:
        counts = {"files": files.model_dump(), "balances": files.balances, "slips": rest.model_dump()}
        more = {"folders_not_looked_into": unopened, "grown_files": grown, "readers": readers}
        print_json({**counts, **more, "pages": pages.model_dump()})
        return
    results.print(_counts("Files seen in the inbox", files.model_dump()))
    told = {name.replace("tasks", "follow-ups"): count for name, count in rest.model_dump().items()}
    results.print(_counts("Slips and follow-ups", told))
    if files.balances:
        say(f"All {files.seen} are accounted for: seen = done + review + set aside + duplicate + ignored + waiting.")
    else:
        say(f"Not all of {files.seen} files are accounted for: run `refpad verify`.")
    used = f"{pages.with_slips} with slips, {pages.back_or_blank} backs or blank, {pages.set_aside} set aside"
    say(f"{pages.seen} pages seen: {used}." + ("" if pages.balances else " Some are missing: run `refpad verify`."))
    say(f"Readers: {readers}.")
    if unopened:
        say(f"Folders that are not looked into: {unopened}; move their scans up, or raise REFPAD_INBOX_DEPTH.")
    if grown:
        say(f"Files that grew in the inbox after they were taken in, and were read again: {grown}.")
    if rest.review:
        say(f"Slips that wait for a person: {rest.review}; see refpad review list.")


def _counts(title: str, counts: dict[str, int]) -> Table:
    table = Table("", "count", title=title, title_justify="left")
    for name, count in counts.items():
        table.add_row(name.replace("_", " "), str(count))
    return table


def verify(as_json: AsJson = False) -> None:
    """Check that every record has its original, bit for bit, and that nothing is lost or doubled.

    Exit code 0: it is so. 3: a problem was found.
    """
    from refpad.services.wiring import open_record
    from store.intake.ledger.files import ledger
    from store.verify import verify as find_problems

    with closing(open_record(Settings())) as store:
        problems, seen = find_problems(store), ledger(store).seen
    if as_json:
        print_json([problem.model_dump() for problem in problems])
    else:
        for problem in problems:
            results.print(f"{problem.subject}: {problem.message}", markup=False)
        if problems:
            say(f"Problems found: {len(problems)}. Verify the latest backup, and restore it when that finds none.")
        else:
            say(f"Every record has its original, bit for bit; files verified: {seen}.")
    if problems:
        raise typer.Exit(ExitCode.BROKEN)


def intake(files: Files = None, as_json: AsJson = False) -> None:
    """Take scans in, read, record and export them until none waits; no Prefect.

    Without FILES: what is whole and unchanged in the inbox.

    Exit code 0: every slip was accepted. 1: a person is needed.
    """
    from refpad.services.exports import export_referrals
    from refpad.services.intake.run_once import drain, take_in_files, take_in_inbox
    from refpad.services.wiring import open_record
    from store.intake.ledger.brought import brought_by

    settings = Settings()
    os.umask(0o077)
    with closing(open_record(settings)) as store:
        left = take_in_files(store, settings, files) if files else take_in_inbox(store, settings)
        for path, message in left:
            say(f"{clean(str(path))}: {message}")
        outcomes = []
        for outcome in drain(store, settings):
            outcomes.append(outcome)
            _print_outcome(outcome, brought_by(store, outcome.file_id), as_json=as_json)
        export_referrals(store, settings.exports)
    if left or any(outcome.state != "done" for outcome in outcomes):
        raise typer.Exit(ExitCode.PERSON_NEEDED)


def _print_outcome(outcome: "FileOutcome", brought: "Brought", *, as_json: bool) -> None:
    if as_json:
        print_json({**brought.model_dump(), **vars(outcome)})
        return
    why = f" ({outcome.reason.value.replace('_', ' ')})" if outcome.reason else ""
    told = ", ".join(filter(None, (f"{outcome.state.replace('_', ' ')}{why}", brought.in_words)))
    results.print(f"file {outcome.file_id}: {told}", markup=False)


@aside.command("list")
def list_set_aside(as_json: AsJson = False) -> None:
    """List the files that could not be used, each with the reason and what to do."""
    from refpad.services.wiring import open_record
    from store.intake.ledger.files import files_set_aside

    with closing(open_record(Settings())) as store:
        files = files_set_aside(store)
    if as_json:
        print_json([file.model_dump(mode="json") for file in files])
        return
    table = Table("file", "name", "reason", "what to do")
    for file in files:
        number = "in the inbox" if file.file_id is None else str(file.file_id)
        to_do = file.message if file.settled is None else f"nothing; it is settled: {file.settled}"
        table.add_row(number, escape(file.name), file.reason.value.replace("_", " "), escape(to_do))
    results.print(table, soft_wrap=False)


@aside.command("pages")
def list_unused_pages(as_json: AsJson = False) -> None:
    """List the backs and blank pages, about which nobody is asked; `refpad review restore p7` has one looked at."""
    from refpad.services.wiring import open_record
    from store.intake.ledger.pages import unused_pages

    with closing(open_record(Settings())) as store:
        pages = unused_pages(store)
    if as_json:
        print_json([page.model_dump(mode="json") for page in pages])
        return
    table = Table("item", "file", "page", "what it is")
    for page in pages:
        table.add_row(page.item, str(page.file_id), str(page.page), escape(page.message))
    results.print(table, soft_wrap=False)


@aside.command("retry")
def retry_set_aside(
    file_id: FileId,
    pad: Annotated[str | None, typer.Option("--as", help="Read its slips as of this pad, as in --as met-1.")] = None,
) -> None:
    """Have a file read again, after its cause is mended (a limit raised, a missing program installed)."""
    from pads.catalog import load_all
    from refpad.services.wiring import open_record, whoever
    from store.intake.claims import retry

    settings = Settings()
    if pad is not None and pad not in {str(design.pad_id) for design in load_all(settings.designs)}:
        raise UsageError(
            f'There is no pad "{clean(pad)}": `refpad pad list` shows them; write met-1 for met, edition 1.'
        )
    with closing(open_record(settings)) as store:
        retry(store, file_id, whoever(), pad)
    say(f"File {file_id} waits to be read again.")


@aside.command("settle")
def settle_set_aside(
    file_id: FileId, what: Annotated[str, typer.Option("--is", help='What it is: "no slip", "a copy of slip 12".')]
) -> None:
    """Say what a file is that could not be used; it stays as it is, and nobody is asked about it again."""
    from refpad.services.wiring import open_record, whoever
    from store.intake.set_aside import settle

    with closing(open_record(Settings())) as store:
        settle(store, file_id, what, whoever())
    say(f"File {file_id} is settled; its original is kept.")
