"""Close the flow runs that a killed process left behind: Prefect would show them as running for ever.

A run belongs to the process that began it, and only where that process was can it be known to be gone. So each data
folder closes what began in it, and leaves what other machines or installations have at the same server.
"""

import secrets
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
from store.workers.workers import is_judged_here, is_on_network, this_machine

FLOWS = ["intake", "export", "chase"]
UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
# From Prefect's word to start a run until its body begins: 3 s of imports here, more on a busy machine.
START_MOST = timedelta(seconds=60)
# The same for a reading of the pool, wherever it begins: a machine may have to fetch an image of 1 GB first.
POOL_START_MOST = timedelta(minutes=15)
PLACE, LOCKS = "place", "runs"  # in the folder of Prefect
MESSAGE = "Its process ended; its files were processed afterwards."


@contextmanager
def under_way(settings: Settings) -> Iterator[None]:
    """Hold a lock named after this flow run while its body runs: the kernel frees it when the process ends.

    The lock file stays until Prefect knows the end of the run (`CLOSED`).
    """
    with files.hold_lock(_locks(settings) / f"run-{this_machine()}-{UUID(runtime.flow_run.id)}"):
        yield


def remove_lock(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """The run has ended, and Prefect knows."""
    for lock in _locks_of(flow_run, _locks(Settings())):
        files.remove(lock)


CLOSED: list[FlowStateHook[..., Any]] = [remove_lock]  # what each flow of ours has Prefect call at its end


def place_tag(settings: Settings) -> str:
    """The tag of the runs that begin at this data folder, such as `desk-4f2a`: made once, of the machine's name."""
    path = files.make_folder(settings.prefect_home) / PLACE
    with files.hold_lock(path):
        known = path.read_text("utf-8")
        if not known:
            known = f"{this_machine()}-{secrets.token_hex(2)}"
            path.write_text(known, "utf-8")
    return known


def close_stale_runs(
    settings: Settings, start_most: timedelta = START_MOST, pool_start_most: timedelta = POOL_START_MOST
) -> list[UUID]:
    """Mark as crashed the unfinished runs of our flows whose process was here and is gone; the ids of those runs."""
    locks, now = _locks(settings), datetime.now(UTC)
    with get_client(sync_client=True) as client:
        unfinished = _unfinished(client)
        stale = [run.id for run in unfinished if _lost_its_process(run, locks)]
        stale += [run.id for run in unfinished if _never_began(run, locks, settings, now - start_most)]
        stale += [run.id for run in unfinished if _waits_in_pool(run, locks, settings, now - pool_start_most)]
        for run_id in stale:
            _close(client, run_id)
    for lock in files.leftovers(locks):
        if _is_judged_here(lock):
            files.remove(lock)
    return stale


def _unfinished(client: SyncPrefectClient) -> list[FlowRun]:
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))
    return client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=FLOWS)), flow_run_filter=FlowRunFilter(state=state)
    )


def _lost_its_process(run: FlowRun, locks: Path) -> bool:
    """Whether it was under way here, and nobody holds its lock any more."""
    held = _locks_of(run, locks)
    return bool(held) and all(_is_judged_here(lock) and files.is_abandoned(lock) for lock in held)


def _never_began(run: FlowRun, locks: Path, settings: Settings, before: datetime) -> bool:
    """Whether a process of this place was to run it, and has not come to it since `before`."""
    return not _locks_of(run, locks) and place_tag(settings) in run.tags and _is_since(run, before)


def _waits_in_pool(run: FlowRun, locks: Path, settings: Settings, before: datetime) -> bool:
    """Whether a worker of our pool, on whatever machine, was to start it, and nothing has begun since `before`.

    It would keep one of the pool's places for ever. One that is under way elsewhere is watched by its signs of life.
    """
    is_ours = settings.pool is not None and run.work_pool_name == settings.pool
    return is_ours and run.state_type is StateType.PENDING and not _locks_of(run, locks) and _is_since(run, before)


def _is_since(run: FlowRun, before: datetime) -> bool:
    return run.state is not None and run.state.timestamp < before


def _locks_of(run: FlowRun, locks: Path) -> list[Path]:
    """The lock that its process holds or held here, if it was here."""
    return list(locks.glob(f"*{run.id}"))


def _is_judged_here(lock: Path) -> bool:
    return is_judged_here(lock.name, is_shared=is_on_network(lock.parent))


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
    return files.make_folder(settings.prefect_home / LOCKS)
