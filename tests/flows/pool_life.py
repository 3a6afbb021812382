"""A pool whose readings have a reader without eyes: `python -m tests.flows.pool_life` is what its workers start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from io import BytesIO
from threading import Event, Thread

import pytest
from PIL import Image
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from flows import intake
from flows.late_readings import automation
from flows.pool import ask_until, process_template
from refpad.cli import app
from refpad.settings import Settings
from store.database import Store
from store.intake.taking_in.take_in import take_in
from tests.flows.watch_life import SlowReader

COMMAND = "python -m tests.flows.pool_life"
LOOK_S = 0.5
SILENT_MOST = timedelta(seconds=10)  # the least that Prefect allows
SCAN_S = 0.2


def make_pool(settings: Settings) -> None:
    """As an owner may have made it: with a command, and an automation, of one's own."""
    template = process_template()
    template["variables"]["properties"]["command"]["default"] = COMMAND
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=str(settings.pool), type="process", base_job_template=template))
        client.create_automation(automation(SILENT_MOST))


@contextmanager
def asked(settings: Settings, before: Callable[[Settings], None]) -> Iterator[None]:
    """Within it, the pool is asked for readings, as by `refpad up`; `before` that, something is done at the server."""
    stop, password = Event(), settings.prefect_auth
    server = {PREFECT_API_URL: f"{settings.prefect_url}/api"}
    if password is not None:
        server[PREFECT_API_AUTH_STRING] = password.get_secret_value()

    def ask() -> None:
        with temporary_settings(server):
            before(settings)
            ask_until(settings, stop, LOOK_S)

    thread = Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def take_pictures(store: Store, settings: Settings, count: int) -> None:
    """Take in so many pictures, no two alike."""
    settings.inbox.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        out = BytesIO()
        Image.new("L", (40, 50), 40 + number).save(out, "JPEG")
        scan = settings.inbox / f"{number}.jpg"
        scan.write_bytes(out.getvalue())
        take_in(store, scan, settings.limits)


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "open_child_reader", lambda *_, **__: nullcontext(SlowReader(SCAN_S)))
        app(["reader", "--flow-run"])
