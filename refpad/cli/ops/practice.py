"""`refpad practice`: refpad with its sample scans, apart from the studio's own work."""

import os
from typing import Annotated

import typer

from refpad.cli.console import say
from refpad.cli.ops.up import Once, require_all_studios, run
from refpad.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(practice)


def practice(
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew: forget what was done in practice.")] = False,
    once: Once = False,
) -> None:
    """Start refpad with the sample scans in a folder of their own, with an invented studio; nothing is sent.

    Exit codes as of `refpad up`.
    """
    from refpad.ops.supervisor import lock_holder
    from refpad.services.practice import practice_folder, prepare_practice
    from schemas.errors import MachineError

    require_all_studios()
    folder = practice_folder(Settings())
    if reset and (holder := lock_holder(folder / "refpad.lock")) is not None:
        raise MachineError(f"Practice is under way (process {holder}): stop it with `kill {holder}`, then reset it.")
    prepare_practice(folder, reset=reset)
    os.environ["REFPAD_FOLDER"] = str(folder)  # for the parts that are started, too
    say(f"Practice, in {folder}: invented patients and an invented studio. Your own work begins with `refpad up`.")
    run(Settings(), samples=True, once=once)
