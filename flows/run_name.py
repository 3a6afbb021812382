"""Name a flow run by what it did, so that Prefect's list of runs can be read at a glance."""

from prefect.client.orchestration import get_client
from prefect.runtime import flow_run


def name_run(name: str) -> None:
    """Rename the flow run that this is part of; outside of one there is nothing to name. Numbers only, never people."""
    if flow_run.id is None:
        return
    with get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, name=name)
