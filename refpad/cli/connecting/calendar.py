"""`refpad calendar`: private addresses to which a calendar program subscribes."""

from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.dates import show_day
from schemas.export import CalendarNames

app = typer.Typer(help="The calendar's private addresses: add, list, revoke.", no_args_is_help=True)


@app.command("add")
def add_calendar(
    user: Annotated[str, typer.Argument(help="Whose address it is, as `refpad users list` shows it.")],
    names: Annotated[CalendarNames, typer.Option(help="Whom the entries name; others than nobody for admins.")] = (
        CalendarNames.NOBODY
    ),
) -> None:
    """Print an address for a calendar program; it is not shown again."""
    from refpad.services.lan.address import front_desk_url
    from refpad.services.wiring import open_record, whoever
    from store.users.calendars import add_address

    settings = Settings()
    with closing(open_record(settings)) as store:
        token = add_address(store, user, names, whoever())
    results.print(f"{front_desk_url(settings)}/calendar/{token}.ics", markup=False)
    say("Whoever has this address sees the calendar without signing in, while `refpad up` runs.")


@app.command("list")
def list_calendars(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the addresses that work."""
    from refpad.services.wiring import open_record
    from store.users.calendars import addresses

    with closing(open_record(Settings())) as store:
        found = addresses(store)
    if as_json:
        print_json([address.model_dump(mode="json") for address in found])
        return
    table = Table("calendar", "user", "names", "since")
    for address in found:
        table.add_row(str(address.id), address.user_name, address.names.value, show_day(address.made_at))
    results.print(table)


@app.command("revoke")
def revoke_calendar(
    calendar: Annotated[int, typer.Argument(help="Its number, as `refpad calendar list` shows it.")],
) -> None:
    """End an address at once."""
    from refpad.services.wiring import open_record, whoever
    from store.users.calendars import revoke_address

    with closing(open_record(Settings())) as store:
        revoke_address(store, calendar, whoever())
    say(f"Calendar {calendar} is fetched no more.")
