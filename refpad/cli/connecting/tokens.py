"""`refpad tokens`: with what other programs read the record."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from refpad.cli.console import print_json, results, say
from refpad.settings import Settings
from schemas.api import Scope
from schemas.dates import show_day

app = typer.Typer(help="Tokens of other programs that read the API: add, list, revoke.", no_args_is_help=True)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The program that it is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it opens; may be given several times.")],
) -> None:
    """Print a token for another program; it is not shown again."""
    from refpad.services.lan.address import front_desk_url
    from refpad.services.wiring import open_record, whoever
    from store.users.api_tokens import add_token

    settings = Settings()
    with closing(open_record(settings)) as store:
        token = add_token(store, name, scope, whoever())
    results.print(token, markup=False)
    say(f"Whoever has it reads {front_desk_url(settings)}/api/v1/ while `refpad up` runs; docs/connecting.md says how.")


@app.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the tokens that work."""
    from refpad.services.wiring import open_record
    from store.users.api_tokens import tokens

    with closing(open_record(Settings())) as store:
        found = tokens(store)
    if as_json:
        print_json([token.model_dump(mode="json") for token in found])
        return
    table = Table("token", "program", "opens", "made by", "since")
    for token in found:
        scopes = ", ".join(token.scopes)
        table.add_row(str(token.id), escape(token.name), scopes, token.made_by, show_day(token.made_at))
    results.print(table)


@app.command("revoke")
def revoke(token: Annotated[int, typer.Argument(help="Its number, as `refpad tokens list` shows it.")]) -> None:
    """End a token at once."""
    from refpad.services.wiring import open_record, whoever
    from store.users.api_tokens import revoke_token

    with closing(open_record(Settings())) as store:
        revoke_token(store, token, whoever())
    say(f"Token {token} opens nothing any more.")
