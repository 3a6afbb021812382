"""The automation of Prefect's server that notices a reader that is late: one that gave no sign of life.

A reading whose process, worker or machine was killed would stay Running for ever, and hold one of the pool's places.
"""

from datetime import timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

from flows.intake import READING
from flows.prefect_server import SIGN_S

NAME = "refpad: a reader is late"
SILENT_MOST = timedelta(seconds=4 * SIGN_S)  # on a busy machine, one or two come late
MESSAGE = "No sign of life for two minutes: what it had begun is read by another. If it lives after all, it goes on."
SIGN = "prefect.flow-run.heartbeat"
ENDS = {f"prefect.flow-run.{end}" for end in ("Completed", "Failed", "Crashed", "Cancelled", "Cancelling")}


def watch_over_readings(client: SyncPrefectClient) -> None:
    """Make the automation, unless there is one of that name: the owner may have changed it, to be told by mail."""
    if not client.read_automations_by_name(NAME):
        client.create_automation(automation())


def automation(silent_most: timedelta = SILENT_MOST) -> AutomationCore:
    """After a sign of life of a reading, another or its end is expected in time; else the run is marked as crashed."""
    trigger = EventTrigger(
        posture=Posture.Proactive,
        after={SIGN},
        expect={SIGN, *ENDS},
        match_related=ResourceSpecification(
            {"prefect.resource.id": f"prefect.tag.{READING}", "prefect.resource.role": "tag"}
        ),
        for_each={"prefect.resource.id"},
        threshold=1,
        within=silent_most,
    )
    action = ChangeFlowRunState(state=StateType.CRASHED, name="Late", message=MESSAGE)
    return AutomationCore(
        name=NAME,
        description="A reading on the pool that fell silent gives its place to another.",
        trigger=trigger,
        actions=[action],
    )
