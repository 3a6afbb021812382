"""Whether webhooks deliver, for the pages, `refpad health` and `refpad doctor`."""

from contextlib import closing

from refpad.ops.checkup import WarningError
from refpad.settings import Settings
from schemas.text import counted
from store.database import Store
from store.webhooks.webhooks import webhooks

NONE = "none"
REMEDY = "mend it there, then enable it on the page Other programs, or with refpad webhooks enable NUMBER"


def disabled(store: Store) -> list[str]:
    """A sentence about each webhook to which nothing is sent any more; its host, and no more of its address."""
    return [
        f"Webhook {one.id} to {one.host} is disabled, {counted(one.waiting, 'message')} waiting: {one.problem} "
        "Enable it on the page Other programs when that is mended."
        for one in webhooks(store)
        if one.disabled_at is not None
    ]


def summary(store: Store) -> str:
    """How many there are, and how many are tried again later; "" without any."""
    found = webhooks(store)
    failing = sum(one.failing_since is not None for one in found)
    waiting = sum(one.waiting for one in found)
    later = f", {failing} not answering and tried again later" if failing else ""
    return f"{counted(len(found), 'webhook')}, {counted(waiting, 'message')} waiting{later}" if found else ""


def check(settings: Settings) -> str:
    """The check of `refpad doctor`; raises WarningError when one is disabled."""
    from refpad.services.wiring import open_record

    if settings.database_url is None and not settings.store_folder.exists():
        return NONE
    with closing(open_record(settings)) as store:
        found = disabled(store)
        if found:
            raise WarningError("; ".join(found), REMEDY)
        return summary(store) or NONE
