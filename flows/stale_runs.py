"""Close the flow runs that a killed process left behind: Prefect would show them as running for ever."""

from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed


def close_stale_runs() -> list[UUID]:
    """Mark the watcher's own unfinished runs as crashed; call it only while none of them is under way."""
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING]))
    with get_client(sync_client=True) as client:
        stale = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=["intake"])),
            flow_run_filter=FlowRunFilter(state=state, deployment_id=FlowRunFilterDeploymentId(is_null_=True)),
        )
        for run in stale:
            client.set_flow_run_state(run.id, Crashed(message="Its process ended; its scans were worked."), force=True)
    return [run.id for run in stale]
