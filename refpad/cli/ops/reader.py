"""`refpad reader`: one more process that reads, on this machine or on another that reaches database and files."""

import os
from typing import Annotated

import typer

from refpad.cli.console import say
from refpad.settings import Settings

Pool = Annotated[bool, typer.Option("--pool", help="Read when Prefect asks: as a worker of its pool, REFPAD_POOL.")]
AtOnce = Annotated[int, typer.Option("--at-once", min=1, max=64, help="With --pool: so many files; a core each.")]
FlowRun = Annotated[bool, typer.Option("--flow-run", hidden=True, help="What a worker of the pool starts.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(reader)


def reader(pool: Pool = False, at_once: AtOnce = 1, flow_run: FlowRun = False) -> None:
    """Read what waits, beside `refpad up` and other readers, until Ctrl-C; takes in, sends and serves nothing.

    Of several studios it reads for all, in turn; for one alone with `refpad --studio KEY reader`.
    On another machine: the same REFPAD_DATABASE_URL (PostgreSQL) and REFPAD_FILES, and a copy of the state
    folder; without REFPAD_FILES, REFPAD_FOLDER and REFPAD_STATE_FOLDER mounted.
    Exit code 0: stopped as asked. 3: the record, its files or its key are not in reach.
    """
    from flows.prefect_server import auth_file, client_environment, enter_folder_of_worker, prepare_home
    from refpad.services.wiring import file_place, state_folder
    from store.clock import SystemClock
    from store.workers.joining import require_record

    if flow_run:
        enter_folder_of_worker()
    settings = Settings()
    clock = SystemClock(settings.time_zone, settings.today)
    require_record(settings.url, settings.store_folder, state_folder(settings), clock, file_place(settings))
    if settings.prefect_url is None and not auth_file(settings).exists():
        prepare_home(settings)
    of_run = {name: value for name, value in os.environ.items() if flow_run and name.startswith("PREFECT__")}
    environment = client_environment(settings, os.environ) | of_run
    os.environ.clear()
    os.environ.update(environment)  # before Prefect is loaded, which reads it then
    if flow_run:
        from flows.pool_reader import run_flow

        run_flow()
    elif pool:
        from flows.pool_reader import work

        work(settings, at_once)
    else:
        from flows.read import main

        say("Reading what waits. Ctrl-C stops.")
        main()
        say("Stopped; what it had begun is read by another reader, or at the next start.")
