"""What a flow run tells Prefect of itself: its name, so that the list can be read at a glance, and that it gives up."""

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRunPolicy
from prefect.runtime import flow_run


def name_run(name: str) -> None:
    """Rename the flow run that this is part of; outside of one there is nothing to name. Numbers only, never people."""
    if flow_run.id is None or not name:
        return
    with get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, name=name)


def give_up() -> None:
    """Have Prefect not try the flow run again that this is part of: it would fail in the same way."""
    if flow_run.id is None:
        return
    with get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, empirical_policy=FlowRunPolicy(retries=0))
