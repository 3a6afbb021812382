"""Serve the flows that run by the calendar or by hand: chase each hour of the day, intake and deliver on request."""

import os

from prefect import Flow, serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.chase import chase
from flows.export_csv import deliver
from flows.intake import intake
from flows.prefect_server import wait_healthy
from refpad.settings import Settings
from schemas.errors import MachineError

EACH_HOUR = "0 7-18 * * *"  # from before a front desk opens until after it closes: thanks go out the same day


def main() -> None:
    """Serve until SIGTERM. Schedules stay active meanwhile: the next start goes on with them."""
    os.umask(0o077)
    settings = Settings()
    if not wait_healthy(settings):
        raise MachineError("The Prefect server does not answer: look into its log, beside this one.")
    by_day = Cron(EACH_HOUR, timezone=settings.time_zone)
    serve(
        deployment(chase, "each-hour", schedule=by_day),
        deployment(intake, "by-hand"),
        deployment(deliver, "by-hand"),
        pause_on_shutdown=False,
        print_starting_message=False,
    )


def deployment(verb: Flow[[], None], name: str, schedule: Schedule | None = None) -> RunnerDeployment:
    """A flow served by its module path: by its file, `flows/` would stand first on Python's path."""
    return RunnerDeployment.from_flow(verb, name, schedule=schedule, entrypoint_type=EntrypointType.MODULE_PATH)


if __name__ == "__main__":
    main()
