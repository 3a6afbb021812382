"""The review queue: what waits for a person, by reason and age."""

from collections import Counter

from starlette.responses import Response

from store.review.queue import next_waiting, waiting_list
from web.context import Visit
from web.slips.labels import is_reason, label

SHOWN_MOST = 100


def show(visit: Visit) -> Response:
    """The list, longest waiting first, with how many wait for each reason."""
    everything = waiting_list(visit.store)
    why = reason_asked(visit)
    found = [each for each in everything if not why or why in each.why]
    counts = Counter(reason for each in everything for reason in each.why)
    return visit.page(
        "queue.html",
        items=found[:SHOWN_MOST],
        count=len(found),
        total=len(everything),
        reasons=[(name, label(name), number) for name, number in counts.most_common()],
        why=why,
        label=label,
        today=visit.store.clock.today(),
    )


def next_item(visit: Visit) -> Response:
    """On to the next item, or to the list when none is left."""
    why = reason_asked(visit)
    item = next_waiting(visit.store, visit.asked.get("after", ""), why)
    return visit.to(address(item, why) if item else "/review")


def reason_asked(visit: Visit) -> str:
    """The reason by which the list is cut down, or nothing."""
    why = visit.asked.get("why", "") or visit.said("why")
    return why if is_reason(why) else ""


def address(item: str, why: str) -> str:
    """Where an item is settled, with the list that one comes from."""
    return f"/review/{item}?why={why}" if why else f"/review/{item}"
