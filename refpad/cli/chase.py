"""`refpad chase`: make and send the letters that wait, with Prefect or without."""

from contextlib import closing
from typing import Annotated

import typer

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.exit_codes import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(chase)


def chase(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Make the letters that wait, send what may be sent, and write the calendar; may be called at any time.

    Exit code 0: all went well. 1: a letter needs a person: held, refused, or not certain.
    """
    from refpad.services.letters.chase import chase_all, count_fates, needs_person
    from refpad.services.wiring import open_record
    from store.followups.listing import due_counts

    settings = Settings()
    with closing(open_record(settings)) as store:
        chased = []
        for each in chase_all(store, settings):
            chased.append(each)
            if as_json:
                print_json(each.model_dump())
        due = due_counts(store)
    if not as_json:
        for fate, count in count_fates(chased):
            results.print(f"{count} {'letter' if count == 1 else 'letters'}: {fate}", markup=False)
        say(f"{sum(each.due for each in due)} follow-ups are due: refpad follow-ups list --due")
    if any(needs_person(each.fate) for each in chased):
        say("Some letters need a person: refpad letters list")
        raise typer.Exit(ExitCode.PERSON_NEEDED)
