"""`refpad reader`: one more process that reads, on this machine or on another that reaches database and files."""

import os

import typer

from refpad.cli.console import say
from refpad.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(reader)


def reader() -> None:
    """Read what waits, beside `refpad up` and other readers, until Ctrl-C; takes in, sends and serves nothing.

    Of several studios it reads for all, in turn; for one alone with `refpad --studio KEY reader`.
    On another machine: the same REFPAD_DATABASE_URL (PostgreSQL) and REFPAD_FILES, and a copy of the state
    folder; without REFPAD_FILES, REFPAD_FOLDER and REFPAD_STATE_FOLDER mounted.
    Exit code 0: stopped as asked. 3: the record, its files or its key are not in reach.
    """
    from flows.prefect_server import auth_file, client_environment, prepare_home
    from refpad.services.wiring import file_place, state_folder
    from store.clock import SystemClock
    from store.joining import require_record

    settings = Settings()
    clock = SystemClock(settings.time_zone, settings.today)
    require_record(settings.url, settings.store_folder, state_folder(settings), clock, file_place(settings))
    if settings.prefect_url is None and not auth_file(settings).exists():
        prepare_home(settings)
    environment = client_environment(settings, os.environ)
    os.environ.clear()
    os.environ.update(environment)  # before Prefect is loaded, which reads it then
    from flows.read import main

    say("Reading what waits. Ctrl-C stops.")
    main()
    say("Stopped; what it had begun is read by another reader, or at the next start.")
