"""`refpad chase`: make and send the letters that wait, with Prefect or without."""

from contextlib import closing
from typing import Annotated

import typer

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.exit_codes import ExitCode
from schemas.text import counted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(chase)


def chase(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Make the letters that are due, send those that may go, and write the calendar; safe to run at any time.

    Exit code 0: no letter needs a person. 1: one does: it is held, failed, refused or uncertain.
    """
    from refpad.services.letters.chase import chase_all, count_fates, needs_person
    from refpad.services.wiring import open_record
    from store.followups.listing import due_counts

    settings = Settings()
    with closing(open_record(settings)) as store:
        letters = []
        for letter in chase_all(store, settings):
            letters.append(letter)
            if as_json:
                print_json(letter.model_dump())
        due = due_counts(store)
    if not as_json:
        for fate, count in count_fates(letters):
            results.print(f"{counted(count, 'letter')}: {fate}", markup=False)
        some = counted(sum(kind.due for kind in due), "follow-up is", "follow-ups are")
        say(f"{some} due: refpad follow-ups list --due")
    if not settings.writes_letters:
        say(str(settings.studio_problem))
    if any(needs_person(letter.fate) for letter in letters):
        say("Some letters need a person: refpad letters list")
        raise typer.Exit(ExitCode.PERSON_NEEDED)
