"""`refpad users`: who may use the front desk."""

from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.users import Role

app = typer.Typer(help="Users of the front desk: add, list, give a new link, remove.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="A short name, such as kim: a-z, 0-9, dot, - and _.")]


@app.command("add")
def add_user(
    name: Name,
    role: Annotated[Role, typer.Option(help="An admin looks after the users too.")] = Role.REVIEWER,
    as_json: AsJson = False,
) -> None:
    """Enter a user, and print the one-time link by which they set their password."""
    from refpad.services.wiring import open_record, whoever
    from store.users.users import add

    with closing(open_record(Settings())) as store:
        word = add(store, name, role, whoever())
    _show_link(name, word, as_json=as_json)


@app.command("link")
def link_user(name: Name, as_json: AsJson = False) -> None:
    """Print a new one-time link; the user's old password and sessions end at once."""
    from refpad.services.wiring import open_record, whoever
    from store.users.users import link

    with closing(open_record(Settings())) as store:
        word = link(store, name, whoever())
    _show_link(name, word, as_json=as_json)


@app.command("remove")
def remove_user(
    name: Name,
    last: Annotated[bool, typer.Option("--last", help="Even the only admin who can sign in.")] = False,
) -> None:
    """Let a user in no more, at once; what they did stays on record."""
    from refpad.services.wiring import open_record, whoever
    from store.users.users import remove

    with closing(open_record(Settings())) as store:
        remove(store, name, whoever(), even_last=last)
    say(f"{name} is let in no more.")


@app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List the users and whether they may sign in."""
    from refpad.services.wiring import open_record
    from store.users.users import all_users

    with closing(open_record(Settings())) as store:
        found = all_users(store)
    if as_json:
        print_json([user.model_dump(mode="json") for user in found])
        return
    table = Table("name", "role", "since", "state")
    for user in found:
        state = "removed" if user.is_removed else "may sign in" if user.can_sign_in else "no password yet"
        table.add_row(user.name, user.role.value, show_day(user.added_at), state)
    results.print(table)


def _show_link(name: str, word: str, *, as_json: bool) -> None:
    from refpad.services.lan.address import front_desk_url

    address = f"{front_desk_url(Settings())}/first/{word}"
    if as_json:
        print_json({"name": name, "link": address})
        return
    results.print(address, markup=False)
    say(f"Give this link to {name}: it works once, within 24 hours, while `refpad up` runs.")
