"""`python -m tests.flows.one_run NAME`: one run of a flow, or what else a test has done at a server.

`tidy` closes stale runs. `begin` leaves a run of `chase` as a process leaves it that is killed before the body begins,
and closes stale runs in three ways. `refuse` and `fail` are flows that are tried again, unless there is no sense in it.
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.states import Pending

from flows.chase import chase
from flows.export_csv import export
from flows.intake import RETRIES, intake, run_clean
from flows.stale_runs import START_MOST, close_stale_runs
from refpad.settings import Settings
from schemas.errors import MachineError, UsageError


def tidy() -> None:
    close_stale_runs(Settings())


def begin() -> None:
    """Prints the run's state after each way."""
    ways = [
        (START_MOST, {}),
        (timedelta(0), {"REFPAD_PREFECT_URL": os.environ["PREFECT_API_URL"].removesuffix("/api")}),
        (timedelta(0), {}),
    ]
    with get_client(sync_client=True) as client:
        run = client.create_flow_run(chase, state=Pending()).id
        for start_most, sharing in ways:
            os.environ.update(sharing)
            close_stale_runs(Settings(), start_most)
            for name in sharing:
                del os.environ[name]
            sys.stdout.write(f"state {client.read_flow_run(run).state_name}\n")


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
    "retry": refuse_and_fail,
}

if __name__ == "__main__":
    for each in sys.argv[1:]:
        RUNS[each]()
