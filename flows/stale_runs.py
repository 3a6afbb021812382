"""Close the flow runs that a killed process left behind: Prefect would show them as running for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import Flow, runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.flows import FlowStateHook
from prefect.states import Crashed

from refpad.settings import Settings
from store import files

FLOWS = ["intake", "export", "chase"]
UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
# From Prefect's word to start a run until its body begins: 3 s of imports here, more on a busy machine.
START_MOST = timedelta(seconds=60)
MESSAGE = "Its process ended; its files were processed afterwards."


@contextmanager
def under_way(settings: Settings) -> Iterator[None]:
    """Hold a lock named after this flow run while its body runs: the kernel frees it when the process ends.

    The lock file stays until Prefect knows the end of the run (`CLOSED`).
    """
    with files.hold_lock(_locks(settings) / str(UUID(runtime.flow_run.id))):
        yield


def remove_lock(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """The run has ended, and Prefect knows."""
    files.remove(_locks(Settings()) / str(flow_run.id))


CLOSED: list[FlowStateHook[..., Any]] = [remove_lock]  # what each flow of ours has Prefect call at its end


def close_stale_runs(settings: Settings, start_most: timedelta = START_MOST) -> list[UUID]:
    """Mark as crashed the unfinished runs of all our flows whose process is gone; the ids of those runs."""
    locks = _locks(settings)
    with get_client(sync_client=True) as client:
        last_start = datetime.now(UTC) - start_most if settings.prefect_url is None else None
        stale = [run.id for run in _unfinished(client) if _is_stale(run, locks, last_start)]
        for run_id in stale:
            _close(client, run_id)
    for lock in files.leftovers(locks):
        files.remove(lock)
    return stale


def _unfinished(client: SyncPrefectClient) -> list[FlowRun]:
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))
    return client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=FLOWS)), flow_run_filter=FlowRunFilter(state=state)
    )


def _is_stale(run: FlowRun, locks: Path, last_start: datetime | None) -> bool:
    """Whether nobody holds its lock. A run without one never began, if it is older than `last_start`.

    None where the server is not ours alone: it may be another machine's run then.
    """
    lock = locks / str(run.id)
    if lock.exists():
        return files.is_abandoned(lock)
    return last_start is not None and run.state is not None and run.state.timestamp < last_start


def _close(client: SyncPrefectClient, run_id: UUID) -> None:
    """The run and those of its task runs that are not finished."""
    state = TaskRunFilterState(type=TaskRunFilterStateType(any_=UNFINISHED))
    tasks = client.read_task_runs(
        flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])), task_run_filter=TaskRunFilter(state=state)
    )
    for task in tasks:
        client.set_task_run_state(task.id, Crashed(message=MESSAGE), force=True)
    client.set_flow_run_state(run_id, Crashed(message=MESSAGE), force=True)


def _locks(settings: Settings) -> Path:
    return files.make_folder(settings.prefect_home / "runs")
