"""`python -m tests.flows.one_run NAME`: one run of a flow, or what else a test has done at a server.

`launch` leaves a run of `chase` as a process leaves it that is killed before the body begins. `tidy` closes stale runs;
with a number, runs may take that many seconds to begin.
"""

import sys
from collections.abc import Callable
from datetime import timedelta

from prefect.client.orchestration import get_client
from prefect.states import Pending

from flows.chase import chase
from flows.export_csv import export
from flows.intake import intake
from flows.stale_runs import START_MOST, close_stale_runs
from refpad.settings import Settings


def launch() -> None:
    with get_client(sync_client=True) as client:
        client.create_flow_run(chase, state=Pending())


def tidy() -> None:
    start_most = timedelta(seconds=float(sys.argv[2])) if len(sys.argv) > 2 else START_MOST
    close_stale_runs(Settings(), start_most)


RUNS: dict[str, Callable[[], object]] = {
    "intake": intake,
    "export": export,
    "chase": chase,
    "launch": launch,
    "tidy": tidy,
}

if __name__ == "__main__":
    RUNS[sys.argv[1]]()
