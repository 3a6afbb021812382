"""Send what webhooks are to be told: in the order in which it happened, one message of a webhook after the other."""

import logging
import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Event

from refpad.services.attempt import attempt
from refpad.services.webhooks.address import NotReachedError
from refpad.services.webhooks.post import POST_MOST_S, GoneError, post
from refpad.settings import Settings
from schemas.base import Value
from store.crashpoints import crashpoint
from store.database import Store
from store.letters.restore_guard import check_restored
from store.webhooks import sending
from store.webhooks.messages import plan_messages
from store.webhooks.sending import LostWebhookError, OutgoingMessage, WebhookLease
from store.webhooks.webhooks import webhooks
from store.workers.workers import register_worker

EVERY_S = 5.0
LEASE_S = 4 * POST_MOST_S

log = logging.getLogger("refpad.webhooks")

Chance = Callable[[], float]
CHANCE: Chance = random.SystemRandom().random


class Deliveries(Value):
    """What one round did; numbers alone."""

    delivered: int = 0
    later: int = 0
    disabled: int = 0


def deliver(
    store: Store,
    settings: Settings,
    worker: str,
    chance: Chance = CHANCE,
    stop: Event | None = None,
) -> Deliveries:
    """Send all that may be sent now; safe to call again after any crash. In practice nothing is sent.

    `chance` gives 0 to 1, for the jitter. A round ends early when `stop` is set.
    """
    if settings.practice or not webhooks(store):
        return Deliveries()
    check_restored(store)
    while plan_messages(store):
        continue
    fates: Counter[str] = Counter()
    while (lease := sending.next_webhook(store, worker, LEASE_S)) is not None:
        try:
            while (fate := _send_next(store, lease, chance)) == "delivered":
                fates[fate] += 1
                if stop is not None and stop.is_set():
                    return Deliveries(**fates)
            fates.update([] if fate is None else [fate])
        except LostWebhookError:
            continue  # removed or disabled by a person, or taken over
        finally:
            sending.end_webhook_lease(store, lease)
    return Deliveries(**fates)


def _send_next(store: Store, lease: WebhookLease, chance: Chance) -> str | None:
    """Send the first message that waits; what came of it, or None when none waits."""
    outgoing = sending.begin_message(store, lease, LEASE_S)
    if outgoing is None:
        return None
    try:
        _post(store, outgoing)
    except NotReachedError as error:
        gone = isinstance(error, GoneError)
        ended = sending.mark_undelivered(store, lease, outgoing.message, str(error), chance(), is_gone=gone)
        return "disabled" if ended else "later"
    crashpoint("webhook.handed_over")
    sending.mark_delivered(store, lease, outgoing.message)
    return "delivered"


def _post(store: Store, outgoing: OutgoingMessage) -> None:
    """Whatever else goes wrong counts as not delivered; its text stays here, since it may quote a record."""
    problem = attempt(partial(post, outgoing, store.clock.now()), letting_through=NotReachedError)
    if problem is not None:
        raise NotReachedError(problem)


def deliver_until(store: Store, settings: Settings, stop: Event) -> None:
    """Deliver every few seconds until `stop`; a problem is logged once."""
    told = ""
    with register_worker(store) as worker:
        while not stop.is_set():
            problem = attempt(partial(deliver, store, settings, worker, stop=stop)) or ""
            if problem and problem != told:
                log.warning("%s", problem)
            told = problem
            stop.wait(EVERY_S)
