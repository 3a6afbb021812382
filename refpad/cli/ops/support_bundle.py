"""`refpad support-bundle`: what a bug report needs, in one file that names nobody."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from refpad.cli.console import print_json, say, talk
from refpad.settings import Settings
from schemas.errors import UsageError
from schemas.item_id import ItemId


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("support-bundle")(support_bundle)


def support_bundle(
    item: Annotated[
        str | None, typer.Option("--slip", help="A slip in doubt, such as s12: a stand-in goes in.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The ZIP to write; else one here, named after the hour.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write one ZIP for a bug report: versions, doctor, settings without secrets, counts, seconds, logs; no names.

    A stand-in has the same kinds of answers at the same places, other words in another hand, and no pixel of the slip.

    Exit code 0: it is written, if need be without a part that could not be made, which it says.
    """
    from refpad.ops.support.bundle import file_name, make_bundle
    from refpad.services.private_files import write_private
    from refpad.services.wiring import whoever

    path = out or Path(file_name(datetime.now().astimezone()))
    with talk.status("asking each part"):
        bundle = make_bundle(Settings(), whoever(), _number(item), secrets.randbits(32))
    write_private(path, bundle.content)
    if as_json:
        print_json({"file": str(path), "parts": bundle.names, "problems": bundle.problems})
        return
    for problem in bundle.problems:
        say(f"Left out: {problem}")
    say(f"{path} holds {len(bundle.names)} parts, {len(bundle.content) / 1e3:.0f} KB: read it before you send it on.")


def _number(item: str | None) -> int | None:
    if item is None:
        return None
    named = ItemId.parse(item)
    if named is None or not named.is_slip:
        raise UsageError(f'There is no slip "{item}": write it as `refpad review list` does, such as s12.')
    return named.number
