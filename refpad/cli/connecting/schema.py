"""`refpad schema`: what the record and its exports look like, for programs."""

from typing import Annotated

import typer

from refpad.services.connecting.json_schemas import Described, json_schema


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema")(schema)


def schema(
    what: Annotated[Described, typer.Argument(help="What to describe.")] = Described.REFERRALS,
) -> None:
    """Print the JSON Schema of the record, of a line of an export, or of an entry in the course."""
    from refpad.cli.console import print_json

    print_json(json_schema(what))
