"""The life of a webhook's messages: planned, sent, put off, delivered; to be killed at any step and begun again."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

from refpad.services.webhooks.deliver import deliver
from refpad.settings import Settings
from schemas.webhook import WebhookEvent
from store.clock import SetClock
from store.database import Store
from store.webhooks.webhooks import add_webhook
from store.workers.workers import register_worker
from tests.crash.crash_life import WHO, opened
from tests.letter_life import accepted

HOUR = timedelta(hours=1)

for _slow in ("httpcore", "anyio._backends._asyncio"):  # what httpx loads late: once, before lives are forked
    import_module(_slow)


def settings_of(folder: Path) -> Settings:
    return Settings(folder=folder, state_folder=folder / "store" / "state")


def prepare_webhook(folder: Path, url: str) -> Path:
    """A new folder for a life with one webhook that waits to be told of a referral and of what is due for it."""
    folder.mkdir(parents=True)
    store = opened(folder)
    add_webhook(store, url, list(WebhookEvent), WHO)
    accepted(store, settings_of(folder), serial=7)
    store.close()
    return folder


def tell(folder: Path, store: Store) -> None:
    """Two rounds an hour apart: who did not answer in the first is asked again in the second."""
    clock = store.clock
    assert isinstance(clock, SetClock)
    with register_worker(store) as worker:
        for _ in range(2):
            deliver(store, settings_of(folder), worker)
            clock.move(HOUR)
