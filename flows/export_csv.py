"""Write the exports anew, on request."""

from contextlib import closing

from prefect import flow

from flows.stale_runs import CLOSED, under_way
from refpad.services.attempt import attempt
from refpad.services.exports import export_referrals
from refpad.services.studios.registry import all_settings
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import RefpadError


@flow(name="export", persist_result=False, on_completion=CLOSED, on_failure=CLOSED)
def export() -> None:
    """Export all that is on record, whether or not a batch came before."""
    if problem := attempt(export_all):
        raise RefpadError(f"The export failed: {problem}")


def export_all() -> None:
    """The flow's body: `attempt` keeps the text of its unforeseen errors from Prefect."""
    settings = Settings()
    with under_way(settings):
        for studio in all_settings(settings):
            with closing(open_record(studio)) as store:
                export_referrals(store, studio.exports)
