"""`python -m tests.flows.one_run NAME`: one run of a flow, or what else a test has done at a server.

`tidy` closes stale runs. `begin` leaves a run of `chase` as a process leaves it that is killed before the body begins,
and closes stale runs in three ways, while two runs of `intake` are another machine's. `wait` does so with a reading
that a worker of the pool was to start. `refuse` and `fail` are flows that are tried again, if there is sense in it.
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed, Pending, Running

from flows.chase import chase
from flows.export_csv import export
from flows.intake import RETRIES, intake, run_clean
from flows.pool import prepare_pool
from flows.stale_runs import POOL_START_MOST, START_MOST, close_stale_runs, place_tag
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError


def tidy() -> None:
    close_stale_runs(Settings())


def begin() -> None:
    """Prints the state of three runs after each way: one that was to begin here, and two of another machine."""
    elsewhere = Settings(folder=Path(os.environ["REFPAD_FOLDER"]).with_name("elsewhere"))
    at_once = timedelta(0)
    ways = [(Settings(), START_MOST), (elsewhere, at_once), (Settings(), at_once)]
    with get_client(sync_client=True) as client:
        ours = client.create_flow_run(chase, state=Pending(), tags=[place_tag(Settings())]).id
        others: tuple[State[None], ...] = (Pending(), Running())
        theirs = [client.create_flow_run(intake, state=state, tags=["desk-0000"]).id for state in others]
        for settings, start_most in ways:
            close_stale_runs(settings, start_most, at_once)
            states = [str(client.read_flow_run(run).state_name) for run in (ours, *theirs)]
            sys.stdout.write(f"state {' '.join(states)}\n")
        for run in theirs:
            client.set_flow_run_state(run, Completed(), force=True)


def wait() -> None:
    """Prints the state of the reading for another's pool, before it is late, and after."""
    ours = Settings().model_copy(update={"pool": "waiting"})
    at_once = timedelta(0)
    with get_client(sync_client=True) as client:
        deployment = prepare_pool(ours)
        run = client.create_flow_run_from_deployment(deployment, state=Pending()).id
        for settings, most in ((Settings(), at_once), (ours, POOL_START_MOST), (ours, at_once)):
            close_stale_runs(settings, at_once, most)
            sys.stdout.write(f"state {client.read_flow_run(run).state_name}\n")
        client.delete_deployment(deployment)
        client.delete_work_pool("waiting")


@flow(retries=RETRIES, retry_delay_seconds=3600)
def refuse() -> None:
    def body() -> None:
        raise UsageError("There is no such pad.")

    run_clean(body)


@flow(retries=RETRIES, retry_delay_seconds=0)
def fail() -> None:
    def body() -> None:
        raise MachineError("The disk is full: make room.")

    run_clean(body)


def refuse_and_fail() -> None:
    """Prints how often each was tried."""
    for each in (refuse, fail):
        state = each(return_state=True)
        with get_client(sync_client=True) as client:
            tries = client.read_flow_run(state.state_details.flow_run_id).run_count
            sys.stdout.write(f"state {state.name} {tries}\n")


RUNS: dict[str, Callable[[], object]] = {
    "intake": intake,
    "export": export,
    "chase": chase,
    "tidy": tidy,
    "begin": begin,
    "wait": wait,
    "retry": refuse_and_fail,
}

if __name__ == "__main__":
    for each in sys.argv[1:]:
        RUNS[each]()
