"""Serve the flows that the watcher does not run: chase each hour of the day, intake and export on request.

Where a pool is set, its workers are asked to read along (`flows.pool`).
"""

import asyncio
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import httpx
from prefect import Flow
from prefect.deployments.runner import DeploymentApplyError, RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.chase import chase
from flows.export_csv import export
from flows.intake import READING, intake
from flows.pool import ask_until
from flows.prefect_server import shorten_tracebacks, wait_healthy
from flows.stale_runs import place_tag
from refpad.settings import Settings

log = logging.getLogger("refpad.schedule")

RETRY_S = 5.0
EACH_HOUR = "0 7-18 * * *"  # from before a front desk opens until after it closes: thanks go out the same day


def main() -> None:
    """Serve until SIGTERM. Schedules stay active meanwhile: the next start goes on with them."""
    os.umask(0o077)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings()
    if not wait_healthy(settings):
        sys.exit("The Prefect server does not answer: look into its log, beside this one.")
    if settings.pool is not None:
        Thread(target=ask_until, args=(settings, Event()), daemon=True, name="pool").start()
    hourly = Cron(EACH_HOUR, timezone=settings.time_zone)
    place = place_tag(settings)
    serve(
        deploy(chase, "each-hour", "letters", place, schedule=hourly),
        deploy(intake, "by-hand", READING, place),
        deploy(export, "by-hand", "exports", place),
    )


def serve(*deployments: RunnerDeployment) -> None:
    """As `prefect.serve`, but stops cleanly and logs lost connections in one line each."""
    shorten_tracebacks()
    runner = StoppableRunner(pause_on_shutdown=False)
    for deployment in deployments:
        register(runner, deployment)
    with suppress(asyncio.CancelledError):  # stopped before it had begun
        asyncio.run(runner.start())
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # Python's end takes its handlers away: one more signal would kill it


def register(runner: Runner, deployment: RunnerDeployment) -> None:
    """Make the deployment known to the server, however busy that is: its client waits seconds for each answer."""
    while True:
        try:
            runner.add_deployment(deployment)
        except (httpx.HTTPError, DeploymentApplyError) as error:  # the second hides the first at the last request
            log.warning(
                "The Prefect server did not register %s (%s): asking it again in %.0f s.",
                deployment.name,
                type(error).__name__,
                RETRY_S,
            )
            time.sleep(RETRY_S)
        else:
            return


class StoppableRunner(Runner):
    """A runner that SIGTERM stops.

    Prefect's handler calls `stop` inside the running loop, where that gives a coroutine which nobody awaits, and
    raises an exception in whatever the loop is doing: no run is canceled, and errors are logged.
    """

    async def start(self, run_once: bool = False, webserver: bool | None = None) -> None:
        """See Runner.start."""
        asyncio.get_running_loop().set_exception_handler(report_error)
        self._serving = asyncio.current_task()
        self._stopping: asyncio.Task[None] | None = None
        await super().start(run_once, webserver)

    def handle_sigterm(self, *_args: object, **_kwargs: object) -> None:
        """Have the loop cancel the runs and end; a second signal changes nothing."""
        if self._serving is not None:
            self._serving.get_loop().call_soon_threadsafe(self._begin_to_stop)

    def _begin_to_stop(self) -> None:
        if not self.started and self._stopping is None and self._serving is not None:
            self._serving.cancel()
        elif self._stopping is None:
            self._stopping = asyncio.create_task(self.astop())


def report_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """asyncio's report, without canceled tasks: after an outage, Prefect's observer asks one for its exception."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def deploy(flow: Flow[[], None], name: str, *tags: str, schedule: Schedule | None = None) -> RunnerDeployment:
    """A flow served by its module path: by its file, `flows/` would stand first on Python's path."""
    by_path = EntrypointType.MODULE_PATH
    return RunnerDeployment.from_flow(flow, name, schedule=schedule, tags=[*tags], entrypoint_type=by_path)


if __name__ == "__main__":
    main()
