"""A webhook is entered: its address is judged as at each delivery, while the admin is there to mend it."""

from collections.abc import Collection

from refpad.services.webhooks.address import check_allowed
from schemas.webhook import WebhookContent, WebhookEvent, check_address
from store.database import Store
from store.webhooks.webhooks import add_webhook


def enter_webhook(
    store: Store,
    url: str,
    events: Collection[WebhookEvent],
    who: str,
    content: WebhookContent = WebhookContent.NUMBERS,
    *,
    in_local_network: bool = False,
) -> str:
    """Enter an address that is told of what happens from now on; its secret. Raises UsageError as `add_webhook` does.

    Also for an address that leads where a delivery would be refused.
    """
    check_allowed(check_address(url.strip()), in_local_network=in_local_network)
    return add_webhook(store, url, events, who, content, in_local_network=in_local_network)
