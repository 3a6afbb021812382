"""Write the exports anew."""

from contextlib import closing

from prefect import flow

from flows.stale_runs import CLOSED, under_way
from refpad.services.attempt import attempt
from refpad.services.exports import deliver as write_exports
from refpad.services.wiring import open_record
from refpad.settings import Settings
from schemas.errors import RefpadError


@flow(name="deliver", persist_result=False, on_completion=CLOSED, on_failure=CLOSED)
def deliver() -> None:
    """By hand: the exports, whether or not a batch came before."""
    if problem := attempt(export):
        raise RefpadError(f"The export failed: {problem}")


def export() -> None:
    """Export all that is on record."""
    settings = Settings()
    with under_way(settings), closing(open_record(settings)) as store:
        write_exports(store, settings.exports)
