"""Write the exports anew."""

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.worker import desk
from refpad.services.attempt import attempt
from schemas.errors import RefpadError


@task(name="export", cache_policy=NO_CACHE, persist_result=False)
def export() -> None:
    """Export whatever was recorded since the last time."""
    if problem := attempt(desk().deliver):
        raise RefpadError(f"The export failed: {problem}")


@flow(name="deliver", persist_result=False)
def deliver() -> None:
    """By hand: the exports, whether or not a batch came before."""
    export()
