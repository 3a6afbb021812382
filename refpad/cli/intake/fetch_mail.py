"""`refpad fetch-mail`: take in the scans that offices have mailed."""

from contextlib import closing
from typing import Annotated

import typer

from refpad.cli.console import print_json, say
from refpad.settings import Settings
from schemas.text import counted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fetch-mail")(fetch_mail)


def fetch_mail(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Take in what allowed senders have mailed to the mailbox since the last time; `refpad up` does it by itself.

    The scans then wait to be read: by `refpad up`, or by `refpad intake`.

    Exit code 0: the mailbox was looked into. 2: none is set. 3: it cannot be used now; all stays there.
    """
    from refpad.services.mailbox.fetch import fetch_mail as fetch
    from refpad.services.wiring import open_record

    settings = Settings()
    with closing(open_record(settings)) as store:
        fetched = fetch(store, settings)
    if as_json:
        print_json(fetched.model_dump())
        return
    say(f"{counted(fetched.taken, 'e-mail')} taken in, {fetched.again} had come before.")
    if fetched.stranger:
        say(f"{counted(fetched.stranger, 'e-mail')} of senders who are not allowed: left in the mailbox.")
    if fetched.too_large:
        say(f"{counted(fetched.too_large, 'e-mail')} above limits.file_bytes: left in the mailbox.")
