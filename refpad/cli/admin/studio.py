"""`refpad studio`: several studios on one installation, each with its own record, inbox, users and letters."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.users import Role

app = typer.Typer(help="Studios of this installation: add, list, rename, close and reopen.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Key = Annotated[str, typer.Argument(help="The studio's key, as `refpad studio list` shows it.")]
Name = Annotated[str, typer.Option(help="What people call the studio.")]


@app.command("add")
def add(
    key: Annotated[str, typer.Argument(help="A short name to type, such as north: a-z, 0-9 and -.")], name: Name
) -> None:
    """Add a studio with an empty record of its own; a `refpad up` that runs serves it within seconds."""
    from refpad.services.studios.changes import add_studio
    from refpad.services.studios.registry import settings_of
    from refpad.services.wiring import open_record, whoever

    settings = _of_first()
    with closing(open_record(settings)) as store:
        studio = add_studio(store, settings, key, name, whoever())
    its_own = settings_of(settings, studio)
    say(f"Studio {key}, with serials {studio.serials.first} to {studio.serials.last}.")
    say(f"Its front desk: {its_own.front_desk.url}; its inbox: {its_own.inbox}")
    say(f"A first user: refpad --studio {key} users add NAME --role admin")


@app.command("list")
def list_studios(as_json: AsJson = False) -> None:
    """List the studios, with their serials and where each is found."""
    from refpad.services.studios.registry import read_registry, settings_of

    settings = _of_first()
    studios = read_registry(settings).studios
    if as_json:
        print_json([studio.model_dump(mode="json") for studio in studios])
        return
    if not studios:
        say("There is one studio; add another with `refpad studio add`.")
        return
    table = Table("key", "name", "serials", "front desk", "state")
    for studio in studios:
        serials = f"{studio.serials.first} to {studio.serials.last}"
        url = settings_of(settings, studio).front_desk.url
        table.add_row(studio.key, escape(studio.name), serials, url, "closed" if studio.closed_at else "served")
    results.print(table)


@app.command("rename")
def rename(key: Key, name: Name) -> None:
    """Call a studio something else; its key and its addresses stay."""
    from refpad.services.studios.changes import rename_studio
    from refpad.services.wiring import open_record, whoever

    settings = _of_first()
    with closing(open_record(settings)) as store:
        called = rename_studio(store, settings, key, name, whoever())
    say(f"{key} is called {called}.")


@app.command("close")
def close(key: Key) -> None:
    """Serve a studio no more; its record stays, and commands with --studio still work on it."""
    from refpad.services.studios.changes import close_studio
    from refpad.services.wiring import open_record, whoever

    settings = _of_first()
    with closing(open_record(settings)) as store:
        close_studio(store, settings, key, whoever())
    say(f"Studio {key} is closed; its record is kept. What is dropped into its inbox waits until it is reopened.")


@app.command("reopen")
def reopen(key: Key) -> None:
    """Serve a studio again that was closed."""
    from refpad.services.studios.changes import reopen_studio
    from refpad.services.wiring import open_record, whoever

    settings = _of_first()
    with closing(open_record(settings)) as store:
        reopen_studio(store, settings, key, whoever())
    say(f"Studio {key} is served again.")


@app.command("let-in")
def let_in(
    user: Annotated[str, typer.Argument(help="A user, as they sign in at their own studio.")],
    home: Annotated[str, typer.Option("--from", help="The studio at which they sign in.")],
    studio: Annotated[str, typer.Option("--to", help="The studio that they may enter too.")],
    role: Annotated[Role, typer.Option(help="What they are there.")] = Role.REVIEWER,
    named: Annotated[str, typer.Option("--as", help="What they are called there, if that name is taken.")] = "",
) -> None:
    """Have a user of one studio enter another too, from their menu; an admin there removes them like any user."""
    from refpad.services.studios.members import let_in
    from refpad.services.studios.registry import Member
    from refpad.services.wiring import whoever

    member = Member(studio=studio, user=named or user, home=home, home_user=user)
    let_in(_of_first(), member, role, whoever())
    say(f"{user} of {home} enters {studio} as {member.user}; to end that: refpad --studio {studio} users remove")


@app.command("move")
def move(
    scan: Annotated[int, typer.Argument(min=1, help="The scan's number at the studio to which it came.")],
    key: Annotated[str, typer.Option("--from", help="The studio to which it came.")],
) -> None:
    """Move a scan to the studio whose serials its slips carry; its slips are rejected where it came."""
    from refpad.services.studios.moving import move_scan
    from refpad.services.wiring import whoever

    studio = move_scan(_of_first(), key, scan, whoever())
    say(f"Scan {scan} of {key} is at {studio.key} now, and waits to be read there.")


def _of_first() -> Settings:
    """The first studio's settings: the list of studios is no single one's. Raises UsageError in practice."""
    settings = Settings()
    if settings.shared_folder is not None:
        raise UsageError("The studios are one list for all: leave --studio out.")
    if settings.practice:
        raise UsageError("In practice there is one studio, an invented one.")
    return settings
