"""The work pool over which Prefect distributes reading: made once, and asked for readings while files wait.

A reading is a run of the flow `intake` that a worker of the pool starts, on any machine (`refpad reader --pool`): it
claims files in the record as every reader does, so that nothing is read twice whoever is asked. The watcher reads too
and needs no pool; with Prefect away, only the help is missing.
"""

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from threading import Event
from typing import Any, cast
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from flows.intake import NOTHING, READING, intake
from flows.late_readings import watch_over_readings
from flows.prefect_server import ASK_S
from refpad.ops.health import does_prefect_answer
from refpad.services.attempt import attempt
from refpad.services.studios.registry import all_settings
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.text import counted
from store.intake.ledger.progress import unclaimed

DEPLOYMENT = "on-the-pool"
COMMAND = "refpad reader --flow-run"  # what a worker starts for a reading
LOOK_S = 5.0
RETRY_S = 60.0
# A reading begins 8 s after it was asked for (measured, 2 cores): a reader reads as many files meanwhile.
WAITING_LEAST = 12
WAITED_MOST_S = 30.0  # whoever reads here does not come to it: fewer files are a reason, too
FILES_EACH = 25  # at two files a second, as long as a reading takes to begin is not lost on it
# After so many readings in vain in a row, for so long: a person must mend something first.
BAD_MOST, REST = 3, timedelta(minutes=5)
BADLY = (StateType.FAILED, StateType.CRASHED)
ON_THE_WAY = (StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING)

log = logging.getLogger("refpad.pool")


@dataclass(frozen=True)
class Waits:
    """So many files that no reader has begun, the oldest of which came so many seconds ago."""

    files: int
    oldest_s: float


def ask_until(settings: Settings, stop: Event, look_s: float = LOOK_S) -> None:
    """Make the pool ready, and ask it for readings while files wait, until `stop`; without Prefect, later."""
    deployment: list[UUID] = []

    def look() -> None:
        if not deployment:
            deployment.append(prepare_pool(settings))
        ask_for_readings(settings, deployment[0])

    while not stop.wait(look_s):
        if does_prefect_answer(settings, ASK_S) and (problem := attempt(look)):
            log.warning("The pool was not asked; intake goes on without it: %s", problem)
            stop.wait(RETRY_S)


def prepare_pool(settings: Settings) -> UUID:
    """Make pool, deployment and automation where they are not yet; the deployment's id.

    A pool that somebody has made, of another type or with other job variables, stays as it is but for its limit.
    """
    name, limit = str(settings.pool), settings.pool_readers
    with get_client(sync_client=True) as client:
        try:
            if client.read_work_pool(name).concurrency_limit != limit:
                client.update_work_pool(name, WorkPoolUpdate(concurrency_limit=limit))
        except ObjectNotFound:
            client.create_work_pool(
                WorkPoolCreate(name=name, type="process", base_job_template=process_template(), concurrency_limit=limit)
            )
        watch_over_readings(client)
    deployment = RunnerDeployment.from_flow(
        intake,
        DEPLOYMENT,
        tags=[READING],
        work_pool_name=name,
        entrypoint_type=EntrypointType.MODULE_PATH,
        description="Reads what waits, until nothing does. refpad asks for it while files wait.",
    )
    return cast("UUID", deployment.apply())  # of a coroutine only inside of a running loop


def process_template() -> dict[str, Any]:
    """What a worker of type process starts: a reading in a process of its own."""
    template = ProcessWorker.get_default_base_job_template()
    template["variables"]["properties"]["command"]["default"] = COMMAND
    return template


def ask_for_readings(settings: Settings, deployment: UUID) -> int:
    """Ask for as many readings as what waits is worth, beside those on the way; take back those that are not needed.

    How many were asked for. None, for a while, after several that ended badly.
    """
    waits = [what_waits(studio) for studio in all_settings(settings)]
    with get_client(sync_client=True) as client:
        on_the_way = _runs(client, deployment, ON_THE_WAY)
        most = wanted(waits, settings.pool_readers)
        if most == 0:
            for run in on_the_way:
                if run.state is not None and run.state.name in ("Scheduled", "Late"):
                    client.set_flow_run_state(run.id, Cancelled(message="Nothing waits any more."))
            return 0
        asked = 0 if _rests(client, deployment) else max(0, most - len(on_the_way))
        name = f"{counted(sum(each.files for each in waits), 'scan')} waiting"
        for _ in range(asked):
            client.create_flow_run_from_deployment(deployment, name=name, tags=[READING])
    return asked


def wanted(waits: Sequence[Waits], most: int) -> int:
    """How many readings at once what waits at the studios is worth, at most `most`."""
    files = sum(each.files for each in waits)
    if files < WAITING_LEAST and all(each.oldest_s < WAITED_MOST_S for each in waits):
        return 0
    return min(most, ceil(files / FILES_EACH))


def what_waits(settings: Settings) -> Waits:
    """What nobody has begun to read at one studio."""
    with closing(open_record(settings)) as store:
        waits = unclaimed(store)
        return Waits(waits.waiting, (store.clock.now() - waits.since).total_seconds() if waits.since else 0.0)


def _runs(
    client: SyncPrefectClient, deployment: UUID, states: tuple[StateType, ...], most: int | None = None
) -> list[FlowRun]:
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states)))
    return client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        flow_run_filter=FlowRunFilter(state=state),
        sort=FlowRunSort.END_TIME_DESC,
        limit=most,
    )


def _rests(client: SyncPrefectClient, deployment: UUID) -> bool:
    """Whether the last readings all failed, were killed or found nothing, a moment ago: the next would be in vain."""
    ended = _runs(client, deployment, (StateType.COMPLETED, *BADLY), most=BAD_MOST)
    since = datetime.now(UTC) - REST
    in_vain = [run for run in ended if run.state_type in BADLY or run.name == NOTHING]
    return len(in_vain) == BAD_MOST and all(run.end_time is not None and run.end_time > since for run in in_vain)
