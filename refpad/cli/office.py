"""`refpad office`: the medical offices that hold pads."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.errors import UsageError

app = typer.Typer(help="Medical offices: add one, list them with their serials.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("add")
def add_office(
    office: Annotated[str, typer.Argument(help="A short name to type, such as riverside: a-z, 0-9 and -.")],
    name: Annotated[str, typer.Option(help="The office's name.")],
    contact: Annotated[str, typer.Option(help="Whom to ask for.")] = "",
    phone: Annotated[str, typer.Option(help="Its telephone number.")] = "",
    address: Annotated[str, typer.Option(help="Its address.")] = "",
) -> None:
    """Enter an office; `refpad pad print --office` then records which serials it was given."""
    from pydantic import ValidationError

    from refpad.work.opening import open_record, whoever
    from schemas.office import Office
    from store.offices import add

    try:
        added = Office(id=office, name=name, contact=contact, phone=phone, address=address)
    except ValidationError as error:
        wrong = ", ".join(f"{each['loc'][0]} ({each['msg']})" for each in error.errors())
        raise UsageError(f"The office cannot be entered like this: {wrong}.") from None
    with closing(open_record(Settings())) as store:
        add(store, added, whoever())
    say(f"Office {added.id} is entered.")


@app.command("list")
def list_offices(as_json: AsJson = False) -> None:
    """List the offices and the printed serials that each was given."""
    from refpad.work.opening import open_record
    from store.offices import all_offices, ranges

    with closing(open_record(Settings())) as store:
        offices, given = all_offices(store), ranges(store)
    if as_json:
        told = [
            {**each.model_dump(), "serials": [span.model_dump() for span in given if span.office_id == each.id]}
            for each in offices
        ]
        print_json(told)
        return
    table = Table("office", "name", "contact", "phone", "serials")
    for each in offices:
        spans = (f"{s.design}-{s.edition}: {s.first} to {s.last}" for s in given if s.office_id == each.id)
        people = (each.name, each.contact, each.phone)
        table.add_row(each.id, *map(escape, people), "\n".join(spans))
    results.print(table)
